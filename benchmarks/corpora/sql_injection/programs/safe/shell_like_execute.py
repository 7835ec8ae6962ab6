# expect: safe
class Robot:
    """A turtle that executes words, not SQL."""

    def __init__(self):
        self.trace = []

    def execute(self, command):
        self.trace.append(command)
        return self

    def walk(self, direction, steps):
        return self.execute(f"go {direction} for {steps} steps").execute("select tool from belt where it hangs")
