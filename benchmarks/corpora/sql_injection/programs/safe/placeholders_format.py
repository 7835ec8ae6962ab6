# expect: safe
def tagged(conn, tags):
    sql = "SELECT DISTINCT post FROM tags WHERE tag IN ({}) ORDER BY post".format(",".join(["?"] * len(tags)))
    cursor = conn.cursor()
    cursor.execute(sql, tuple(tags))
    return [post for post, in cursor.fetchall()]
