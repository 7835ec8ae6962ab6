# expect: fix
"""Rosters: who works when."""


def shifts_between(connection, worker, first_day, last_day):
    query = "SELECT day, hours FROM shifts WHERE worker = '%s' AND day >= '%s' AND day <= '%s' ORDER BY day" % (
        worker,
        first_day,
        last_day,
    )
    total = 0
    days = []
    for day, hours in connection.execute(query):
        total += hours
        days.append(day)
    return [total, days]
