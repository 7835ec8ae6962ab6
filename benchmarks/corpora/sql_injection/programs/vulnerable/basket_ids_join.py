# expect: fix
import sqlite3
from collections.abc import Sequence


def basket_total(conn: sqlite3.Connection, ids: Sequence[str]) -> int:
    """Price of everything in a basket, in cents; the ids come from a cookie."""
    chosen = ",".join(ids)
    (total,) = conn.execute(f"SELECT coalesce(sum(cents), 0) FROM articles WHERE id IN ({chosen})").fetchone()
    return total
