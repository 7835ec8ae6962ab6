# expect: fix
import sqlite3

COLUMNS = ("id", "customer", "total")


def get_invoice(conn, invoice_id):
    row = conn.execute(f"SELECT id, customer, total FROM invoices WHERE id = {invoice_id}").fetchone()
    if row is None:
        return None
    return dict(zip(COLUMNS, row))


if __name__ == "__main__":
    print(get_invoice(sqlite3.connect("billing.db"), input("invoice: ")))
