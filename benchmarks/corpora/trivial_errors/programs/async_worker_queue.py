import asyncio
from collections import namedtuple

Job = namedtuple("Job", ["number", "size"])


async def worker(name, queue, done):
    while True:
        job = await queue.get()
        if job is None:
            break
        await asyncio.sleep(0)
        done.append((name, job.number, job.size * 2))


async def run(sizes):
    queue = asyncio.Queue()
    done = []
    for number, size in enumerate(sizes):
        await queue.put(Job(number, size))
    await queue.put(None)
    await worker("solo", queue, done)
    return done


async def main():
    done = await run([5, 1, 3])
    for name, number, result in done:
        print(name, "job " + str(number), result)
    print("total", sum(result for _, _, result in done))
    print(await run([]))


asyncio.run(main())
