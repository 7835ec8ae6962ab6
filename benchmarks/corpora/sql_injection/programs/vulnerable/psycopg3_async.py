# expect: fix
import psycopg
from psycopg.rows import dict_row


class Directory:
    def __init__(self, dsn: str):
        self._dsn = dsn

    async def colleagues(self, department: str, floor: int | str) -> list[dict]:
        async with await psycopg.AsyncConnection.connect(self._dsn, row_factory=dict_row) as connection:
            async with connection.cursor() as cursor:
                await cursor.execute(
                    "SELECT name, phone FROM people WHERE department = '" + department + f"' AND floor = {floor}"
                )
                return await cursor.fetchall()
