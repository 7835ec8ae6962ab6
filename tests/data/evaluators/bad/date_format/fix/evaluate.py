"""Share of the dates that are read right: 21.11.2026, Nov 21, 2026 and 11/21/26."""

import datetime

FORMATS = ["%d.%m.%Y", "%b %d, %Y", "%m/%d/%y"]


def inputs(rng):
    """Dates of this century in one of the notations."""
    days = [datetime.date(2000, 1, 1) + datetime.timedelta(rng.randrange(36524 // 2)) for _ in range(60)]
    return [(day.strftime(rng.choice(FORMATS)),) for day in days]


def truth(text):
    """The date as it should be written."""
    for form in FORMATS:
        try:
            return datetime.datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    raise KeyError(text)


def score(outputs, inputs):
    """Share that is right, to the letter."""
    right = [type(got) is str and got == truth(text) for got, (text,) in zip(outputs, inputs, strict=True)]
    return sum(right) / len(right)
