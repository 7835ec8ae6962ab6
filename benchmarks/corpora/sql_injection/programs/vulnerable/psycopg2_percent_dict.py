# expect: fix
import psycopg2.extras


def record_visit(conn, visit):
    """Keep a visit: who, which page, how long in seconds."""
    sql = (
        "INSERT INTO visits (visitor, page, seconds) "
        "VALUES ('%(visitor)s', '%(page)s', %(seconds)s) RETURNING id"
    ) % visit
    with conn, conn.cursor(cursor_factory=psycopg2.extras.DictCursor) as cursor:
        cursor.execute(sql)
        return cursor.fetchone()["id"]
