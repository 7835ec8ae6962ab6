"""What an emitted program is made of. Runs inside jails: standard library, numpy and scipy; nothing of Cambrian.

The files here are shipped as text beside the emitted program (``optimiser_<name>.py``, relative imports rewritten), so
each of them may import only its siblings and those libraries.

Index:
    meter       what has been spent, in nominal seconds that depend on counts and sizes alone; the CPU clock as a brake
    model       the task's problem module as numbers: value, gaps, derivatives, groups
    solvers     scipy, typed: one linear program, SLSQP, L-BFGS-B
    polish      from a start to a local optimum
    strict      from nearly feasible to feasible with room for rounding
    starts      random starts and the perturbations
    searches    multi-start, population basin hopping, differential evolution; resumable
    main        one launch: state in, answer and report out
"""
