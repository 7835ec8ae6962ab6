"""All words, each followed by one that is far from it."""


def words():
    book = []
    for number in range(128):
        gray = number ^ number >> 1
        book += [f"{gray:08b}", f"{gray ^ 255:08b}"]
    return book
