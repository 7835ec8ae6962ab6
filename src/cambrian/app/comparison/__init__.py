"""Runs side by side: what each reached for the same effort, and whether a difference is more than chance.

Index:
    ranks       exact rank tests and intervals for a handful of runs. Pure
    records     the answer of ``runs compare``
    scores      a run's curve → the figures that are compared
    comparing   sides, tests, settings that differ
    telling     the same in words and a table
"""
