from datetime import date, timedelta


def days_between(first, last):
    """Days and Mondays from a day up to, not including, another."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    days = mondays = 0
    while day < end:
        days += 1
        if day.weekday() == 0:
            mondays += 1
        day = day + timedelta(days=1)
    return {"days": days, "mondays": mondays}
