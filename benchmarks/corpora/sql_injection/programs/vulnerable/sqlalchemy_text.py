# expect: fix
from sqlalchemy import create_engine, text

engine = create_engine("postgresql+psycopg:///parcels")


def track(code: str) -> list[str]:
    with engine.connect() as connection:
        events = connection.execute(text(f"SELECT place FROM events WHERE parcel = '{code}' ORDER BY at"))
        return [event.place for event in events]
