# expect: safe
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from .tables import Parcel


def waiting(session: Session, town: str, kind: str) -> list[Parcel]:
    statement = select(Parcel).where(Parcel.town == town, Parcel.kind == kind)
    return list(session.execute(statement).scalars())


def count(session: Session, town: str) -> int:
    return session.execute(text("SELECT count(*) FROM parcels WHERE town = :town"), {"town": town}).scalar_one()
