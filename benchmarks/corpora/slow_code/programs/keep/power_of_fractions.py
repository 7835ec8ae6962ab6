def remainder(base, exponent, modulus):
    """Takes floats and negative exponents; three-argument pow does not, or means something else."""
    return base**exponent % modulus
