import base64
import hashlib


def key_stream(password, length):
    stream = b""
    block = password.encode("utf-8")
    while len(stream) < length:
        block = hashlib.sha256(block).digest()
        stream += block
    return stream[:length]


def encrypt(text, password):
    data = text.encode("utf-8")
    mixed = bytes(a ^ b for a, b in zip(data, key_stream(password, len(data))))
    return base64.b64encode(mixed).decode("ascii")


def decrypt(code, password):
    data = base64.b64decode(code)
    mixed = bytes(a ^ b for a, b in zip(data, key_stream(password, len(data))))
    return mixed.decode("utf-8")


code = encrypt("smörgås at noon", "tulip")
print(code)
print(decrypt(code, "tulip"))
print(len(key_stream("x", 100)), key_stream("x", 3).hex())
try:
    print(decrypt(code, "rose").isprintable())
except UnicodeDecodeError:
    print("wrong password")
