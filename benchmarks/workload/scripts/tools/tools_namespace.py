user = await tools.fetch_user(id=5)
receipt = await tools.send(to=user["email"], text=f"Hello {user['name']}, welcome to {user['tier']}!")
receipt
