# expect: fix
import aiosqlite
from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/notes")
async def notes(owner: str = Query(...), contains: str = ""):
    sql = "SELECT id, text FROM notes WHERE owner = '" + owner + "'"
    if contains:
        sql = sql + " AND text LIKE '%" + contains + "%'"
    async with aiosqlite.connect("notes.db") as db, db.execute(sql) as cursor:
        return [{"id": row[0], "text": row[1]} async for row in cursor]
