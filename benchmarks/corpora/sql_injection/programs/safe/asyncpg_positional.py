# expect: safe
import asyncpg


async def departures(pool: asyncpg.Pool, line: str, stops: list[str]) -> list[str]:
    marks = ", ".join(f"${index}" for index in range(2, len(stops) + 2))
    query = f"SELECT departs FROM timetable WHERE line = $1 AND stop IN ({marks}) ORDER BY departs"
    async with pool.acquire() as connection:
        return [row["departs"] for row in await connection.fetch(query, line, *stops)]
