"""Improvement, inside: what runs beside a project's own code, in its own processes, in the jail. Standard library only.

These files are laid beside the copy of a project and imported there by its interpreter, which may be another version
than this one: they keep to what Python 3.9 has. What they write down is the word of the project's processes.

- `start`: the first file, found as ``sitecustomize``; begins one of the others.
- `profile`: time by function.
- `lines`: time by line of one function.
- `record`: arguments of the calls of one function.
- `sql_recorder`: alone in a jail: a function's statements, on a database that is made up.
"""
