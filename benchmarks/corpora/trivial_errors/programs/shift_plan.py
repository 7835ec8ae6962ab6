from datetime import date, timedelta
from itertools import cycle

WORKERS = ["Ada", "Ben", "Cleo"]
HOLIDAYS = {date(2024, 5, 1)}


def workdays(first, count):
    day = first
    while count > 0:
        if day.weekday() < 5 and day not in HOLIDAYS:
            yield day
            count -= 1
        day += timedelta(days=1)


def plan(first, days):
    people = cycle(WORKERS)
    return [(day, next(people)) for day in workdays(first, days)]


def hours_of(schedule, name, hours_per_day=8):
    return sum(hours_per_day for _, worker in schedule if worker == name)


schedule = plan(date(2024, 4, 29), 6)
for day, worker in schedule:
    print(day.isoformat(), day.strftime("%a"), worker)
for name in WORKERS:
    print(name + ":", hours_of(schedule, name))
