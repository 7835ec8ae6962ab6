# expect: safe
from psycopg2 import sql


def newest_in(conn, table, limit):
    statement = sql.SQL("SELECT * FROM {} ORDER BY created DESC LIMIT %s").format(sql.Identifier(table))
    with conn.cursor() as cursor:
        cursor.execute(statement, (limit,))
        return cursor.fetchall()
