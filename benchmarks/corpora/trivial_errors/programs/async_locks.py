import asyncio
from collections import Counter


class Library:
    def __init__(self, copies):
        self.copies = Counter(copies)
        self.lock = asyncio.Lock()

    async def borrow(self, title):
        async with self.lock:
            left = self.copies[title]
            await asyncio.sleep(0)
            if left == 0:
                return False
            self.copies[title] = left - 1
            return True

    async def give_back(self, title):
        async with self.lock:
            self.copies[title] += 1


async def reader(library, name, titles):
    got = []
    for title in titles:
        if await library.borrow(title):
            got.append(title)
    return name, got


async def main():
    library = Library({"Emma": 1, "Ulysses": 2})
    wishes = {"ann": ["Emma", "Ulysses"], "bob": ["Emma"], "cid": ["Ulysses", "Dracula"]}
    for name, titles in wishes.items():
        who, got = await reader(library, name, titles)
        print(who + ":", ", ".join(got) or "nothing")
    await library.give_back("Emma")
    print(sorted(library.copies.items()))
    print(await asyncio.wait_for(library.borrow("Emma"), timeout=5))


asyncio.run(main())
