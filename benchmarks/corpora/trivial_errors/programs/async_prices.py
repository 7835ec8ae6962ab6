import asyncio
import json


class Response:
    def __init__(self, body):
        self.body = body

    async def json(self):
        await asyncio.sleep(0)
        return json.loads(self.body)


class Shop:
    """Stands in for a web shop."""

    prices = {"tea": 350, "milk": 120, "bread": 280}

    async def get(self, path):
        await asyncio.sleep(0)
        name = path.rsplit("/", 1)[-1]
        return Response(json.dumps({"name": name, "cents": self.prices[name]}))


async def price(shop, name):
    response = await shop.get("/items/" + name)
    data = await response.json()
    return data["cents"]


async def main():
    shop = Shop()
    total = 0
    for name in ["tea", "bread"]:
        cents = await price(shop, name)
        print(name, cents)
        total += cents
    print("total", total)


asyncio.run(main())
