def newest_first(events):
    """One text, the newest event on top."""
    text = ""
    for event in events:
        text = "- " + event + "\n" + text
    return text
