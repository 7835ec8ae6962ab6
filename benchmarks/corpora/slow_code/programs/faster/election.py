def winner(votes: list[str]) -> str:
    """Most votes; among equals whoever was named first."""
    return max(votes, key=votes.count)
