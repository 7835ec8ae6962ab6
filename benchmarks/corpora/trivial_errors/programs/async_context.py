import asyncio
from contextlib import asynccontextmanager

EVENTS = []


class Connection:
    def __init__(self, name):
        self.name = name
        self.rows = {"1": "ann", "2": "bob"}

    async def fetch(self, key):
        await asyncio.sleep(0)
        EVENTS.append("fetch " + key)
        return self.rows.get(key, "nobody")

    async def close(self):
        EVENTS.append("close " + self.name)


@asynccontextmanager
async def connect(name):
    connection = Connection(name)
    EVENTS.append("open " + name)
    try:
        yield connection
    finally:
        await connection.close()


async def names(keys):
    async with connect("main") as connection:
        return [await connection.fetch(key) for key in keys]


async def main():
    found = await names(["2", "9"])
    print(", ".join(found))
    print(*EVENTS, sep=" / ")
    assert EVENTS[-1].startswith("close")


asyncio.run(main())
