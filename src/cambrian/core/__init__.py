"""Nouns and ports. Standard library and msgspec only; no I/O, no clock, no randomness of its own.

Index:
    errors      the exception tree; each type says what recovery means
    ids         digests and identifier types
    checks      what a value object refuses when it is made, in one voice
    quantity    "30s", "64MiB", "60s,500ev,2usd": text to numbers, with errors that name the value
    limits      what a jailed program may use
    budget      what a run may spend, and what it has spent
    variant     an immutable, content-addressed implementation
    evaluation  what running a variant gave; failure is a status, never a number
    evidence    why a claim may be believed: proved, tested, measured, or not shown
    event       an immutable fact in a journal
    effect      the one state table of everything a run does to the world
    message     what people, models and tools say to each other
    model       the port to a language model
    ports       the protocols handed in from above: store, executor, clock
    codec       the closed value codec that crosses the border of a jail
"""
