# expect: fix
import sqlite3
from typing import Optional

TEMPLATE = "SELECT max(value) FROM readings WHERE sensor = '{sensor}' AND unit = '{unit}'"


def peak(connection: sqlite3.Connection, sensor: str, unit: str = "C") -> Optional[float]:
    """The highest reading of a sensor, None if it has none."""
    (value,) = connection.execute(TEMPLATE.format(sensor=sensor, unit=unit)).fetchone()
    return value
