"""Each half twice."""


def words():
    """Answer words such as "01100110"."""
    return ["00000000", "00001111", "11110000", "11111111"]
