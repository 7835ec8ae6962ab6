# expect: fix
import sqlite3


def monthly_report(connection: sqlite3.Connection, region: str, month: str) -> list[list]:
    """Sales of a region in a month, by product."""
    query = f"""
        SELECT product,
               sum(amount) AS amount
        FROM sales
        WHERE region = '{region}'
          AND substr(day, 1, 7) = '{month}'
        GROUP BY product
        ORDER BY amount DESC, product
    """
    cursor = connection.cursor()
    cursor.execute(query)
    table = [list(row) for row in cursor]
    cursor.close()
    return table
