def per_head(bills, heads):
    """With no bills nobody divides, so zero heads are fine then."""
    return [bill + 100 // heads for bill in bills]
