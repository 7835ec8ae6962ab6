from itertools import groupby


def encode(text):
    parts = []
    for letter, run in groupby(text):
        length = len(list(run))
        parts.append((str(length) if length > 1 else "") + letter)
    return "".join(parts)


def decode(code):
    result = ""
    digits = ""
    for sign in code:
        if sign.isdigit():
            digits += sign
        else:
            result += sign * int(digits or "1")
            digits = ""
    return result


SAMPLES = ["WWWWBWW", "abc", "", "zzzzzzzzzzzz"]
for sample in SAMPLES:
    code = encode(sample)
    assert decode(code) == sample
    print(repr(sample), code, len(code) <= len(sample))
print(encode("  leading"), decode("3a2b"))
