"""Data flow: where values of a program come from, what is done to them, where they go. Text in; nothing is executed.

Index:
    value        what is known of a value: its origin, the path it took, what it is harmless for
    knowledge    tables: sources, what cleans, what passes values on, sinks
    frame        a function while it is looked through: its variables
    expressions  the value of an expression
    calls        the value of a call; sinks that are reached
    guards       what a condition says about variables
    statements   the values of variables, statement by statement
    unit         a file: its imports, functions, classes, and what reaches a sink
    library      the other files of a project, by what their functions pass on

An abstract interpretation, forward and by flow of control; functions are looked through once, with parameters as
unknowns that are filled in at each call. It promises nothing: a path that it finds can be wrong (a check that it does
not know), and a path that it misses can be there (reflection, databases, other processes).
"""
