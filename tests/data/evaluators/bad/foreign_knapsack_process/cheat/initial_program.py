"""Says the result and leaves."""

import json
import os

print("RESULT", json.dumps({"value": 1_000_000, "items": 3}), flush=True)
os._exit(0)
