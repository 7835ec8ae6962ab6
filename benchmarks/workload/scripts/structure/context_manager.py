class Timer:
    def __init__(self, log, name):
        self.log = log
        self.name = name

    def __enter__(self):
        self.log.append(f"start {self.name}")
        return self

    def __exit__(self, exc_type, exc, tb):
        self.log.append(f"end {self.name} ({exc_type.__name__ if exc_type else 'ok'})")
        return exc_type is ZeroDivisionError


log = []
with Timer(log, "a"):
    with Timer(log, "b"):
        1 / 0
    log.append("after b")
log
