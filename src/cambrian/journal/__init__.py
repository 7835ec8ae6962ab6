"""Durable runs: the store port and its backends, the kernel, views. Imports `core` only; never a clock of its own.

Index:
    store       the `Store` port; its docstrings are the contract
    memory      a store in memory: for tests, and the contract's simplest reading
    sqlite      the default store: one file, one writer thread with group commit (imports ``sqlite3``)
    sqlite_handles  which SQLite files this process has open (closing one of our own would drop its locks)
    file        a store in plain files: append-only lines with length and checksum
    opening     which backend a path wants; imports it lazily
    kernel      `Run`: appends, the only effect ledger, resume, fork, lease and heartbeat
    ledger      the effects that are not finished, folded from events
    retention   deleting runs
    holder      who holds a lease, and whether that process is gone
    views       read-only access: catch up, then follow
    portable    a run as one file of JSON Lines, for any workspace
    replacing   files replaced as a whole
    clock       the machine's clock
    ids         sortable run ids
    records     what every backend checks before it writes
    committer   one thread that commits together what waits together
    crashpoints labelled places where a test may let the process die
"""
