def ranks(times):
    """Places in a race; equal times share the better place."""
    ordered = sorted(times)
    return [ordered.index(time) + 1 for time in times]
