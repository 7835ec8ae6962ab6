import json

config = {"name": "demo", "ports": [80, 443], "nested": {"on": True, "off": None, "ratio": 0.1}}
text = json.dumps(config, indent=2, sort_keys=True)
back = json.loads(text)
try:
    json.loads("{bad json}")
    failed = False
except json.JSONDecodeError:
    failed = True
{"lines": text.count("\n") + 1, "same": back == config, "failed": failed}
