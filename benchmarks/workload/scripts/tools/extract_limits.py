import re

text = await read_doc("limits")
limits = {tier.lower(): int(n) for tier, n in re.findall(r"(\w+): (\d+) requests", text)}

report = {}
for user_id in range(1, 5):
    user = await fetch_user(user_id)
    report[user["name"]] = limits[user["tier"]]
report
