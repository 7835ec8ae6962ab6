import struct

HEADER = struct.Struct(">HBBI")


def pack(kind, version, flags, payload):
    return HEADER.pack(kind, version, flags, len(payload)) + payload


def unpack(data):
    kind, version, flags, length = HEADER.unpack_from(data)
    payload = data[HEADER.size : HEADER.size + length]
    return {"kind": kind, "version": version, "flags": flags, "payload": payload}


def checksum(data):
    total = 0
    for byte in data:
        total = (total * 31 + byte) % 65521
    return total


packet = pack(0x0A0B, version=2, flags=0b101, payload=b"hello")
print(packet.hex())
fields = unpack(packet)
print(fields["kind"], fields["version"], bin(fields["flags"]), fields["payload"].decode())
print([bool(fields["flags"] & (1 << bit)) for bit in range(3)])
print(checksum(packet), checksum(b""))
