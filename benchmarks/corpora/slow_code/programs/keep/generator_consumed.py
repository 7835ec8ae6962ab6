def positions(numbers, wanted):
    """Whether each wanted number comes after the one before: `in` eats what it has passed."""
    stream = (number for number in numbers)
    return [each in stream for each in wanted]
