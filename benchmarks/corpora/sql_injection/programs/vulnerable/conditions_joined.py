# expect: fix
import sqlite3


def count_vehicles(connection: sqlite3.Connection, wanted: dict[str, str]) -> int:
    clauses = []
    if "make" in wanted:
        clauses.append(f"make = '{wanted['make']}'")
    if "fuel" in wanted:
        clauses.append(f"fuel = '{wanted['fuel']}'")
    where = " AND ".join(clauses) or "1"
    return connection.execute("SELECT count(*) FROM vehicles WHERE " + where).fetchone()[0]
