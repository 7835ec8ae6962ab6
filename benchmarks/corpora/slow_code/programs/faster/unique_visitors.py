def unique_visitors(log):
    """Addresses in the order in which they first came."""
    seen = []
    for address, _ in log:
        if address not in seen:
            seen.append(address)
    return seen
