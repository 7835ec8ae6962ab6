"""Mean of three neighbours."""


def smooth(case):
    """Answer the signal without its noise: as many samples as `case["samples"]` has."""
    samples = case["samples"]
    return [sum(samples[max(0, i - 1) : i + 2]) / len(samples[max(0, i - 1) : i + 2]) for i in range(len(samples))]
