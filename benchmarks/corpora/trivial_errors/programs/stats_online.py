import math


class Statistics:
    """Mean and deviation of a stream, after Welford."""

    def __init__(self):
        self.count = 0
        self.mean = 0.0
        self._squares = 0.0
        self.least = math.inf
        self.most = -math.inf

    def add(self, value):
        self.count += 1
        delta = value - self.mean
        self.mean += delta / self.count
        self._squares += delta * (value - self.mean)
        self.least = min(self.least, value)
        self.most = max(self.most, value)

    @property
    def deviation(self):
        if self.count < 2:
            return 0.0
        return math.sqrt(self._squares / (self.count - 1))


def summary(values):
    statistics = Statistics()
    for value in values:
        statistics.add(value)
    return f"n={statistics.count} mean={statistics.mean:.3f} sd={statistics.deviation:.3f}"


print(summary([2, 4, 4, 4, 5, 5, 7, 9]))
print(summary([10]))
print(summary(x * x for x in range(6)))
one = Statistics()
one.add(3)
print(one.least, one.most, one.deviation)
