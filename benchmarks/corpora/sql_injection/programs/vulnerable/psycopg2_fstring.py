# expect: fix
import os

import psycopg2


def orders_of(customer_email):
    conn = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        with conn.cursor() as cur:
            cur.execute(f"""
                SELECT o.id, o.placed_at
                FROM orders o JOIN customers c ON c.id = o.customer_id
                WHERE c.email = '{customer_email}' AND o.state <> 'void'
                ORDER BY o.placed_at DESC
            """)
            return cur.fetchall()
    finally:
        conn.close()
