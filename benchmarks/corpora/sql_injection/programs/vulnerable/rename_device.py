# expect: fix
import sqlite3


def rename_device(db: sqlite3.Connection, serial: str, label: str) -> int:
    values = {"serial": serial, "label": label}
    with db:
        changed = db.execute("UPDATE devices SET label = '%(label)s' WHERE serial = '%(serial)s'" % values)
    return changed.rowcount
