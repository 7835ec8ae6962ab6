"""Verify: is it the same, is it better. Above the sandbox and the executors, below the search. Never imports scipy.

Statistics, all anytime-valid: one may look after every observation, and stop when one likes.

Index:
    confidence       confidence sequences: of a mean, of a quantile
    eprocess         e-processes of counts: sign, rates of two arms, one arm against a limit
    superiority      is the candidate better: a confidence sequence and an exact sign test must both say so
    alpha            one chance of error shared over variants and campaigns
    racing           successive halving and racing by confidence, as ask/tell schedulers
    timing           paired, order-randomised timing of two arms
    cost             deterministic cost: opcodes (a guide), instructions under callgrind
    incomplete_beta  the special function behind the e-processes
"""
