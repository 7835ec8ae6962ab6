"""Improvement, healing: a failing program → the smallest change that makes it pass. Candidates run in jails only.

Index:
    healing     from a failure to a confirmed fix, in whatever language
    python      the `Healer` for Python
    scripts     the `Runner` of single files
    commands    the `Runner` of a project's commands
    tested      which file a failing test is about
    narrowing   of a command of tests, the failing ones alone
    node_failures  how Node and its test runner tell failures
    learned     what earlier fixes taught
    facts       a run of `heal` in the journal
    repairing   programs with tests and, perhaps, programs that are right
    lane        the fast lane: a jailed worker that tries many candidates per second; a guide, no evidence
    checking    does a candidate pass, alone in a fresh process; the evidence
    localising  which lines are suspicious
    searching   best-first search over edits of a program
    peers       parts borrowed from programs that are right
    measuring   how large a repair is
"""
