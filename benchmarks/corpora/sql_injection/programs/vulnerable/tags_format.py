# expect: fix
from contextlib import closing


def posts_tagged(connection, tag, limit=10):
    sql = "SELECT title FROM posts WHERE tag = '{}' ORDER BY title LIMIT {}".format(tag, limit)
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        return [record[0] for record in cursor.fetchall()]
