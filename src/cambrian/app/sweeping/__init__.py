"""Sweeps: the same task under every combination of some settings, several seeds each, as ordinary runs.

Index:
    grid        ``'strategy=islands,beam seed=1..5'`` → cells, all checked before anything runs
    view        what a sweep's journal says: cells, their runs, which are done
    conducting  runs the cells, some at a time; stops in good order; goes on later
    telling     progress and the table at the end, for people
    page        the sweep as one HTML file
    picture     its chart
"""
