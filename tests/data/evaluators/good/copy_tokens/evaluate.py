"""Size of a list of tokens that gives back a text (after Lempel and Ziv 1977). The scorer takes them apart itself.

A letter costs 9 bits, a copy 19: a flag, 12 bits of distance, 6 of length.
"""

REACH, LONGEST = 4095, 63


def inputs(rng):
    """Texts of words that come again, and one of noise."""
    words = ["".join(rng.choices("etaoinshr", k=rng.randint(2, 8))) for _ in range(60)]
    texts = [" ".join(rng.choices(words, k=count)) for count in (150, 400)]
    return [(text.encode(),) for text in texts] + [(rng.randbytes(200),)]


def score(outputs, inputs):
    """Bits of all texts."""
    bits = 0
    for tokens, (data,) in zip(outputs, inputs, strict=True):
        if type(tokens) is not list or len(tokens) > len(data):
            raise ValueError(f"expected a list of at most {len(data)} tokens")
        if expand(tokens, len(data)) != data:
            raise ValueError("the tokens give another text")
        bits += sum(9 if type(token) is int else 19 for token in tokens)
    return {"bits": bits}


def expand(tokens, size):
    """The bytes that tokens stand for."""
    out = bytearray()
    for token in tokens:
        if type(token) is int and 0 <= token < 256:
            out.append(token)
        elif type(token) is tuple and len(token) == 2 and all(type(part) is int for part in token):
            distance, length = token
            if not (1 <= distance <= min(REACH, len(out)) and 1 <= length <= LONGEST):
                raise ValueError(f"no copy of {length} bytes from {distance} bytes back is possible here")
            for _ in range(length):
                out.append(out[-distance])
        else:
            raise ValueError("a token is a byte or a tuple (distance, length)")
        if len(out) > size:
            raise ValueError(f"the tokens give more than {size} bytes")
    return bytes(out)
