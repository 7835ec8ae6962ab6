config = """
; database settings
[database]
host = localhost
port = 5432
debug = true

[cache]
ttl = 3.5
hosts = a.example, b.example
"""

def convert(v):
    if v.lower() in ("true", "false"):
        return v.lower() == "true"
    if "," in v:
        return [x.strip() for x in v.split(",")]
    try:
        return int(v)
    except ValueError:
        try:
            return float(v)
        except ValueError:
            return v

sections = {}
current = None
for line in config.splitlines():
    line = line.strip()
    if not line or line.startswith(";"):
        continue
    if line.startswith("[") and line.endswith("]"):
        current = line[1:-1]
        sections[current] = {}
    else:
        key, value = line.split("=", 1)
        sections[current][key.strip()] = convert(value.strip())
sections
