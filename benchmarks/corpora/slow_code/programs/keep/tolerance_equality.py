class Reading:
    def __init__(self, value: float) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reading) and abs(self.value - other.value) < 0.001


def distinct(values):
    seen = []
    for value in values:
        reading = Reading(value)
        if reading not in seen:
            seen.append(reading)
    return [reading.value for reading in seen]
