# expect: safe
import psycopg2


def orders_of(conn: "psycopg2.extensions.connection", email: str, state: str = "paid"):
    with conn.cursor() as cur:
        cur.execute(
            """
            SELECT o.id, o.placed_at
            FROM orders o JOIN customers c ON c.id = o.customer_id
            WHERE c.email = %s AND o.state = %s
            """,
            (email, state),
        )
        return cur.fetchall()
