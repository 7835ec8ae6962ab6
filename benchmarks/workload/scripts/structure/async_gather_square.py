import asyncio

async def square(x):
    await asyncio.sleep(0.01)
    return x * x

results = await asyncio.gather(*(square(i) for i in range(8)))
sum(results)
