class Clock:
    """A clock that is set by hand."""

    def __init__(self, start=0.0):
        self.now = start

    def advance(self, seconds):
        self.now += seconds

    def __call__(self):
        return self.now


class Stopwatch:
    def __init__(self, clock):
        self.clock = clock
        self.laps = []
        self.begun = None

    def __enter__(self):
        self.begun = self.clock()
        return self

    def __exit__(self, kind, error, trace):
        self.lap("end")
        return False

    def lap(self, name):
        self.laps.append((name, round(self.clock() - self.begun, 3)))


clock = Clock(start=100.0)
with Stopwatch(clock) as watch:
    clock.advance(1.25)
    watch.lap("first")
    clock.advance(seconds=2.5)
for name, seconds in watch.laps:
    print(f"{name:6} {seconds:.3f}")
print(clock.now)
