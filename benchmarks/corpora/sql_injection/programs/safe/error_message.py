# expect: safe
class NotFound(LookupError):
    """Nothing there."""


def price(connection, sku):
    row = connection.execute("SELECT cents FROM prices WHERE sku = ?", (sku,)).fetchone()
    if row is None:
        raise NotFound(f"SELECT cents FROM prices WHERE sku = '{sku}' gave no row; add the price first")
    return row[0]
