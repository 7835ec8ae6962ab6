import string

ALPHABET = string.ascii_lowercase


def shift(text, key):
    result = []
    for letter in text:
        lower = letter.lower()
        if lower in ALPHABET:
            moved = ALPHABET[(ALPHABET.index(lower) + key) % len(ALPHABET)]
            result.append(moved.upper() if letter.isupper() else moved)
        else:
            result.append(letter)
    return "".join(result)


def crack(text, word):
    """The key under which a known word shows up."""
    for key in range(len(ALPHABET)):
        if word in shift(text, -key):
            return key
    return None


secret = shift("Meet me at the Old Mill!", 7)
print(secret)
print(shift(secret, key=-7))
print(crack(secret, "Mill"), crack(secret, "Windmill"))
