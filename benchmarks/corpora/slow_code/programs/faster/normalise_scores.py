def normalise(scores):
    """Scores between 0 and 1."""
    scaled = []
    for score in scores:
        spread = max(scores) - min(scores)
        if spread == 0:
            scaled.append(0.0)
        else:
            scaled.append((score - min(scores)) / spread)
    return scaled
