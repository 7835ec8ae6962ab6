"""Families of probes, one file each. A family says what it tries, and takes a finding only of what it has shown.

- `meaningless`: empty, not a number, infinite, of a wrong type.
- `reported`: numbers that an answer states of itself; scores without a bound.
- `portions`: parts left out, repeated, appended.
- `types`: arrays whose type or shape pays.
- `tolerance`: what a tolerance buys.
- `execution`: text that the scorer executes.
- `state`: memory between evaluations.
- `isolation`: hostile programs, and answers that lie among the program's files.
- `answers`: wrong answers in callable mode.
- `shared`: attacks on evaluators that share a process with the candidate.
"""
