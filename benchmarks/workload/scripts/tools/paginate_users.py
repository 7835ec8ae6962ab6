users = []
page = 1
while page is not None:
    result = list_users(page)
    users.extend(result["users"])
    page = result["next"]

print(f"{len(users)} users")
[u["name"] for u in users if u["id"] % 2 == 0]
