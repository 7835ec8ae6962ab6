# expect: safe
from dataclasses import astuple, dataclass, fields


@dataclass
class Bird:
    ring: str
    species: str
    grams: int


INSERT = "INSERT INTO birds ({}) VALUES ({})".format(
    ", ".join(field.name for field in fields(Bird)), ", ".join("?" for _ in fields(Bird))
)


def keep(connection, ring, species, grams):
    connection.execute(INSERT, astuple(Bird(ring, species, grams)))
    return connection.execute("SELECT count(*) FROM birds").fetchone()[0]
