import asyncio


class Service:
    def __init__(self, count):
        self.items = list(range(count))

    async def page(self, cursor):
        await asyncio.sleep(0.001)
        following = cursor + 3
        return self.items[cursor:following], following if following < len(self.items) else None


async def everything(count):
    service = Service(count)
    collected, cursor = [], 0
    while cursor is not None:
        items, cursor = await service.page(cursor)
        collected.extend(items)
    return collected
