# expect: fix
import sqlite3


def plants_in_bed(db: sqlite3.Connection, bed: str) -> list[str]:
    rows = db.execute("SELECT latin FROM plants WHERE bed = '%s' ORDER BY latin" % bed)
    return [latin for (latin,) in rows]
