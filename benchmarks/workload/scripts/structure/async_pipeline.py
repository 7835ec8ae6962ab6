import asyncio


async def produce(queue, n):
    for i in range(n):
        await queue.put(i)
        await asyncio.sleep(0)
    await queue.put(None)


async def consume(queue):
    total = 0
    while True:
        item = await queue.get()
        if item is None:
            return total
        total += item * item


async def main():
    queue = asyncio.Queue(maxsize=3)
    _, total = await asyncio.gather(produce(queue, 20), consume(queue))
    return total


await main()
