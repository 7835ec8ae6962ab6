import re
from collections import defaultdict

LOG = """\
10:00:01 INFO  web  request /home 12ms
10:00:02 ERROR db   timeout after 300ms
10:00:05 INFO  web  request /cart 48ms
10:00:09 WARN  web  slow request /cart 950ms
10:00:11 ERROR web  request /pay 20ms
"""

LINE = re.compile(r"(?P<time>\S+)\s+(?P<level>[A-Z]+)\s+(?P<part>\w+)\s+(?P<text>.*)")


def entries(log):
    for line in log.splitlines():
        match = LINE.match(line)
        if match:
            yield match.groupdict()


def slowest(items):
    times = [(int(re.search(r"(\d+)ms", item["text"]).group(1)), item["part"]) for item in items]
    return max(times)


by_level = defaultdict(list)
for entry in entries(LOG):
    by_level[entry["level"]].append(entry)

for level in ("ERROR", "WARN", "INFO"):
    print(level.ljust(6), len(by_level[level]), [entry["part"] for entry in by_level[level]])
print("slowest:", slowest(list(entries(LOG))))
