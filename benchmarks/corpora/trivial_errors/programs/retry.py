import functools


class Flaky(Exception):
    pass


def retry(times, errors=(Exception,)):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            last = None
            for attempt in range(1, times + 1):
                try:
                    return function(*args, **kwargs)
                except errors as error:
                    last = error
                    print("attempt", attempt, "failed:", error)
            raise last

        return wrapper

    return decorate


calls = {"fetch": 0}


@retry(times=3, errors=(Flaky,))
def fetch(name):
    calls["fetch"] += 1
    if calls["fetch"] < 3:
        raise Flaky("no answer " + str(calls["fetch"]))
    return name.upper()


print(fetch("ok"), fetch.__name__)
calls["fetch"] = -5
try:
    fetch("never")
except Flaky as error:
    print("gave up:", error)
