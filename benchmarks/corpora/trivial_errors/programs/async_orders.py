import asyncio
from dataclasses import dataclass, field


@dataclass
class Store:
    """Stands in for a database."""

    rows: dict = field(default_factory=dict)
    log: list = field(default_factory=list)

    async def load(self, key):
        await asyncio.sleep(0)
        self.log.append(f"load {key}")
        return self.rows.get(key)

    async def save(self, key, value):
        await asyncio.sleep(0)
        self.log.append(f"save {key}")
        self.rows[key] = value


async def place(store, number, items):
    if await store.load(number) is not None:
        raise KeyError(number)
    await store.save(number, {"items": items, "state": "new"})


async def advance(store, number, state):
    order = await store.load(number)
    order["state"] = state
    await store.save(number, order)
    return order


async def main():
    store = Store()
    await place(store, 7, ["tea", "cup"])
    await place(store, 8, ["pot"])
    order = await advance(store, 7, state="sent")
    print(order["state"], len(order["items"]))
    try:
        await place(store, 8, [])
    except KeyError as error:
        print("order", error, "is there already")
    print(len(store.log), store.log[-1])


asyncio.run(main())
