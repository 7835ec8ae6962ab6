"""Some of everything."""


def menu():
    """Answer hundreds of grams of each food."""
    return {"oats": 5.0, "lentils": 2.0, "eggs": 1.0, "salmon": 1.0, "rice": 2.0}
