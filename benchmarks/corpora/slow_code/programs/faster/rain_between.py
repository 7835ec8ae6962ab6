def rain_between(millimetres, periods):
    """Rain of each period, both its days counted."""
    answers = []
    for first, last in periods:
        answers.append(sum(millimetres[first : last + 1]))
    return answers
