results = {}
for user_id in [1, 99, 4]:
    try:
        user = await fetch_user(user_id)
        results[str(user_id)] = user["name"]
    except Exception:
        results[str(user_id)] = None
results
