"""Improvement, healing: a failing program → the smallest change that makes it pass. Candidates run in jails only.

Index:
    lane        the fast lane: a jailed worker that tries many candidates per second; a guide, no evidence
    checking    does a candidate pass, alone in a fresh process; the evidence
    localising  which lines are suspicious
    searching   best-first search over edits of a program
    measuring   how large a repair is
"""
