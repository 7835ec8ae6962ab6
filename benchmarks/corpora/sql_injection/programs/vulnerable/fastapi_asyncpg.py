# expect: fix
import asyncpg
from fastapi import APIRouter, Depends, HTTPException

router = APIRouter(prefix="/trains")


async def database():
    connection = await asyncpg.connect("postgresql://localhost/trains")
    try:
        yield connection
    finally:
        await connection.close()


@router.get("/{line}")
async def next_train(line: str, stop: str, db: asyncpg.Connection = Depends(database)):
    row = await db.fetchrow(
        f"SELECT departs FROM timetable WHERE line = '{line}' AND stop = '{stop}' ORDER BY departs LIMIT 1"
    )
    if row is None:
        raise HTTPException(404, "no train")
    return {"departs": row["departs"]}
