async def chain(user_id):
    names = []
    while user_id is not None:
        user = await fetch_user(user_id)
        names.append(user["name"])
        user_id = user["manager"]
    return names

await chain(11)
