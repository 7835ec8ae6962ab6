"""Proposers that need no model. Pure: no I/O but that of a worker handed in; randomness is handed in, too.

Index:
    edits      small typed edits of syntax trees, for value and for speed
    crossover  functions and statements exchanged between two parents
    tuning     the numbers in a program: CMA-ES for floats, own steps for integers
    templates  whole optimisation programs around a task's ``problem.py``
"""
