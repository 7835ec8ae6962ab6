def waits(services, tills):
    """When each customer is served: always at the till that is free first."""
    free_at = [0] * tills
    started = []
    for minutes in services:
        till = free_at.index(min(free_at))
        started.append(free_at[till])
        free_at[till] += minutes
    return started
