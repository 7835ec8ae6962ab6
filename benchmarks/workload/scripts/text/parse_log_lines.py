import re

LOG = """2026-03-01 12:00:01 INFO  server started on port 8080
2026-03-01 12:00:05 WARN  slow query (1532 ms) table=orders
2026-03-01 12:01:17 ERROR timeout after 30 s table=users
2026-03-01 12:02:00 INFO  request id=42 took 12 ms
2026-03-01 12:02:03 ERROR disk full on /dev/sda1
"""

pattern = re.compile(r"^(\S+ \S+) (\w+)\s+(.*)$")
entries = []
for line in LOG.splitlines():
    m = pattern.match(line)
    if m:
        when, level, message = m.groups()
        entries.append({"when": when, "level": level, "message": message})

by_level = {}
for e in entries:
    by_level.setdefault(e["level"], []).append(e["message"])

tables = re.findall(r"table=(\w+)", LOG)
{"levels": {k: len(v) for k, v in by_level.items()}, "errors": by_level["ERROR"], "tables": tables}
