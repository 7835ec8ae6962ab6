# expect: fix
def search_recipes(conn, words):
    """Names of recipes that hold the words."""
    needle = words.strip().lower()
    statement = f"SELECT name FROM recipes WHERE lower(name) LIKE '%{needle}%' ORDER BY name"
    return [name for name, in conn.execute(statement)]
