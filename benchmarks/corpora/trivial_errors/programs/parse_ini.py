import io


def parse(stream):
    """Sections of an .ini file as nested dictionaries."""
    sections = {}
    current = None
    for number, line in enumerate(stream, start=1):
        line = line.strip()
        if not line or line.startswith(";"):
            continue
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], {})
        elif "=" in line:
            key, value = line.split("=", 1)
            if current is None:
                raise SyntaxError("line " + str(number) + " stands in no section")
            current[key.strip()] = value.strip()
    return sections


TEXT = """; settings
[paths]
home = /srv
cache=/tmp/cache

[limits]
users = 20
"""

config = parse(io.StringIO(TEXT))
for section in sorted(config):
    print(section, config[section])
assert config["limits"]["users"] == "20"
try:
    parse(io.StringIO("a = 1"))
except SyntaxError as error:
    print(error)
