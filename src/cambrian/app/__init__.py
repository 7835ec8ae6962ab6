"""What people touch: task folders, workspace, command line, displays. Decides nothing about how a search goes.

Index:
    settings    the one reader of environment variables
    taskfile    folder → task; `document`, `values`, `knobs`, `programs` read its parts
    request     what callers of the Python API may ask for
    inline      a program and a scorer from Python → task
    workspace   where runs are kept: find, list, read
    results     what is told about a run: the records behind every JSON answer
    evolution   begin a search or take one up again; the Python API
    signals     Ctrl-C and its relatives
    promotion   write the winner back, signed
    export      a run as plain files
    scaffold    `cambrian init`
    checking    `cambrian check`
    doctor      `cambrian doctor`
    display     progress and the closing words, as projections of the journal
    cli         the command line
"""
