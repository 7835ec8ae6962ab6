"""Makespan on identical machines, in per cent above the lower bound. Loads are summed here, in integers."""


def inputs(rng):
    """Instances of several sizes."""
    return [([rng.randint(5, 90) for _ in range(jobs)], machines) for jobs, machines in ((30, 4), (50, 7), (80, 9))]


def score(outputs, inputs):
    """Mean excess over the instances."""
    if len(outputs) != len(inputs):
        raise ValueError(f"{len(outputs)} answers to {len(inputs)} instances")
    excess = [one(chosen, *instance) for chosen, instance in zip(outputs, inputs, strict=True)]
    return {"excess": 100 * sum(excess) / len(excess), "worst": 100 * max(excess)}


def one(chosen, durations, machines):
    """Excess of one assignment."""
    if type(chosen) is not list or len(chosen) != len(durations):
        raise ValueError(f"expected a list of {len(durations)} machines, one per job")
    loads = [0] * machines
    for job, (machine, duration) in enumerate(zip(chosen, durations, strict=True)):
        if type(machine) is not int or not 0 <= machine < machines:
            raise ValueError(f"job {job}: there is no machine {machine!r:.30}")
        loads[machine] += duration
    least = max(-(-sum(durations) // machines), *durations)
    return max(loads) / least - 1
