import json

payload = '{"users": [{"id": 1, "name": "Ann", "tags": ["a", "b"]}, {"id": 2, "name": "Bob", "tags": []}, {"id": 3, "name": "Cleo", "tags": ["b"]}], "total": 3}'
data = json.loads(payload)
by_tag = {}
for user in data["users"]:
    for tag in user["tags"] or ["untagged"]:
        by_tag.setdefault(tag, []).append(user["name"])

out = json.dumps(by_tag, sort_keys=True)
print(out)
json.loads(out)
