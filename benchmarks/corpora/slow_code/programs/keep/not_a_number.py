def known(texts):
    """Distinct values; two not-a-numbers are never the same."""
    seen = []
    for text in texts:
        value = float(text)
        if not any(value == other for other in seen):
            seen.append(value)
    return [str(value) for value in seen]
