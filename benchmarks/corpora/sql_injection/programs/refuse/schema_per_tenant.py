# expect: refuse
import psycopg2


def invoices(conn: "psycopg2.extensions.connection", tenant: str, year: int):
    with conn.cursor() as cursor:
        cursor.execute(f"SELECT number, total FROM {tenant}.invoices WHERE year = %s", (year,))
        return cursor.fetchall()
