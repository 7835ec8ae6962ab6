"""Reads one of the notations."""


def normalise(text):
    """Answer a date as YYYY-MM-DD."""
    parts = text.split(".")
    if len(parts) == 3:
        day, month, year = parts
        return f"{year}-{int(month):02}-{int(day):02}"
    return "unknown"
