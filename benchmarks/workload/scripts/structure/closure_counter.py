def make_counter(start=0, step=1):
    value = start

    def increment():
        nonlocal value
        value += step
        return value

    def reset():
        nonlocal value
        value = start

    return increment, reset

inc, reset = make_counter(10, 5)
seen = [inc() for _ in range(3)]
reset()
seen.append(inc())
seen
