"""Attacks on the jail. Each has a positive control: the same program does its harm at level 0."""
