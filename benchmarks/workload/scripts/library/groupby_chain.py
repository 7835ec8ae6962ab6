from itertools import groupby, chain, accumulate

log = [("mon", 3), ("mon", 5), ("tue", 1), ("wed", 4), ("wed", 4), ("wed", 1)]
per_day = {day: [n for _, n in group] for day, group in groupby(log, key=lambda e: e[0])}
flat = list(chain.from_iterable(per_day.values()))
{"per_day": per_day, "running": list(accumulate(flat)), "max": list(accumulate(flat, max))}
