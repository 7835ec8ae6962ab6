import hashlib
import base64

message = "the quick brown fox".encode()
digest = hashlib.sha256(message).hexdigest()
encoded = base64.b64encode(message).decode()
{"sha": digest[:16], "b64": encoded, "back": base64.b64decode(encoded).decode()}
