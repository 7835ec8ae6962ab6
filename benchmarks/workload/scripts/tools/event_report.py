cursor = 0
counts = {}
amounts = {}
while True:
    page = events(cursor=cursor)
    for item in page["items"]:
        kind = item["kind"]
        counts[kind] = counts.get(kind, 0) + 1
        amounts[kind] = amounts.get(kind, 0) + item["amount"]
    if page["next"] is None:
        break
    cursor = page["next"]
{"counts": counts, "amounts": amounts}
