def shift(text, by):
    out = ""
    for c in text:
        if c.isupper():
            out += chr((ord(c) - 65 + by) % 26 + 65)
        elif c.islower():
            out += chr((ord(c) - 97 + by) % 26 + 97)
        else:
            out += c
    return out

secret = shift("Attack at dawn, not at Dusk!", 13)
[secret, shift(secret, -13)]
