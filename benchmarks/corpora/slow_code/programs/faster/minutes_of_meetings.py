def busiest(meetings):
    """The first minute with the most meetings, and how many these are."""
    minutes = {}
    for start, end in meetings:
        for minute in range(start, end):
            minutes[minute] = minutes.get(minute, 0) + 1
    if not minutes:
        return None
    most = max(minutes.values())
    return [min(minute for minute, count in minutes.items() if count == most), most]
