"""Verify: is it the same, is it better. Above the sandbox and the executors, below the search. Never imports scipy.

The statistics are anytime-valid unless they say otherwise: look after every observation, stop when you like.

Index, the same:
    policy           what counts as the same behaviour
    comparison       whether two values or two behaviours are the same under a policy
    behaviour        has a jail tell arguments after the call and output too
    cases            arguments for one call; their neighbours, and simpler ones
    hints            values by type hints, read from text
    generators       where cases come from: hints, recorded calls, calls in tests
    arena            jails in which programs run and are compared
    differential     original and candidate on the same cases; the first difference is made small
    mutants          a program with one mistake in it
    oracle           does a comparison tell such mistakes apart
    shipping         the parts of Cambrian that a jail gets to see, as text

Index, better:
    confidence       confidence sequences: of a mean, of a quantile
    eprocess         e-processes of counts: sign, rates of two arms, one arm against a limit
    paired           a few pairs, their number fixed beforehand: the exact sign test
    superiority      is the candidate better: a confidence sequence and an exact sign test must both say so
    alpha            one chance of error shared over variants and campaigns
    racing           successive halving and racing by confidence, as ask/tell schedulers
    timing           paired, order-randomised timing of two arms
    averages         means and medians of any finite numbers
    fresh            a measure for it: each run in a fresh process of a jail
    cost             deterministic cost: opcodes (a guide), instructions under callgrind
    incomplete_beta  the special function behind the e-processes
"""
