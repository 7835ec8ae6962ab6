"""Share of the lines that are taken apart to the letter. Python's csv module writes them from random fields."""

import csv
import io

PIECES = ["a", "bc", "12", "3.5", " ", ",", '"', "'", ";", "é", "x,y", '""', "end"]


def inputs(rng):
    """Three hundred lines."""
    return [(line([field(rng) for _ in range(rng.randint(1, 6))]),) for _ in range(300)]


def field(rng):
    """A few pieces, or nothing."""
    return "".join(rng.choice(PIECES) for _ in range(rng.randint(0, 4)))


def line(values):
    """As the module writes it."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(values)
    return stream.getvalue()


def score(outputs, inputs):
    """Share of the lines that are right."""
    if len(outputs) != len(inputs):
        raise ValueError(f"{len(outputs)} answers to {len(inputs)} lines")
    return {"accuracy": sum(map(right, outputs, inputs)) / len(inputs)}


def right(got, given):
    """Whether the fields are what was written."""
    if type(got) is not list or not all(type(item) is str for item in got):
        raise ValueError("expected a list of texts")
    [wanted] = csv.reader([given[0]])
    return got == wanted
