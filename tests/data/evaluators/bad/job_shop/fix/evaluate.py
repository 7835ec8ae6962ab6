"""Job shop: operations of a job in their order, one operation at a time on each machine; the makespan counts."""

# (machine, duration) of each operation, job by job
JOBS = [[(0, 3), (1, 2), (2, 2)], [(0, 2), (2, 1), (1, 4)], [(1, 4), (2, 3)]]


def score(answer):
    """When the last job is done."""
    starts = answer["starts"]
    if len(starts) != len(JOBS):
        raise ValueError(f"expected {len(JOBS)} jobs, got {len(starts)}")
    busy, done = {}, 0
    for number, (job, begun) in enumerate(zip(JOBS, starts, strict=True)):
        free = 0
        for (machine, duration), start in zip(job, begun, strict=True):
            if type(start) is not int or start < free:
                raise ValueError(f"job {number} begins an operation at {start!r} before {free}")
            free = start + duration
            busy.setdefault(machine, []).append((start, free))
        done = max(done, free)
    for machine, spans in busy.items():
        spans.sort()
        for (_, end), (start, _) in zip(spans, spans[1:]):
            if start < end:
                raise ValueError(f"machine {machine} is taken twice at {start}")
    return {"makespan": done}
