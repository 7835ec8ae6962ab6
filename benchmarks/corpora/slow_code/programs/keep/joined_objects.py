class Clock:
    """Adding rounds up to the next quarter of an hour."""

    def __init__(self, minutes):
        self.minutes = minutes

    def __add__(self, other):
        return Clock(-(-(self.minutes + other) // 15) * 15)


def schedule(lengths):
    end = Clock(0)
    for length in lengths:
        end = end + length + 5
    return end.minutes
