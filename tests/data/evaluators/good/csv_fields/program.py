"""Splits at commas."""


def fields(line):
    """Answer the fields of a line as a list of texts."""
    return line.split(",")
