import asyncio
import json


class File:
    def __init__(self, text):
        self._lines = text.splitlines()

    async def readline(self):
        await asyncio.sleep(0)
        return self._lines.pop(0) if self._lines else ""

    async def close(self):
        self._lines.clear()


async def records(file):
    while True:
        line = await file.readline()
        if not line:
            break
        yield json.loads(line)
    await file.close()


async def convert(record):
    await asyncio.sleep(0)
    return record["name"].strip().title(), float(record["score"])


async def summary(text):
    scores = {}
    async for record in records(File(text)):
        name, score = await convert(record)
        scores.setdefault(name, []).append(score)
    return scores


LINES = '{"name": " ann", "score": "4.5"}\n{"name": "bob", "score": 3}\n{"name": "ANN", "score": 5}'


async def main():
    scores = await summary(LINES)
    for name in sorted(scores):
        print(name.ljust(5), sum(scores[name]) / len(scores[name]))
    print(await summary(""))


asyncio.run(main())
