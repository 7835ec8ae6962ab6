"""Sells salmon."""


def menu():
    return {"oats": 20.0, "salmon": -5.0}
