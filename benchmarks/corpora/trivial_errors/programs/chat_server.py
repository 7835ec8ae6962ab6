import asyncio


class Room:
    def __init__(self, name):
        self.name = name
        self.members = {}

    async def join(self, nick):
        queue = asyncio.Queue()
        self.members[nick] = queue
        await self.say("server", nick + " joined")
        return queue

    async def say(self, sender, text):
        for nick in sorted(self.members):
            if nick != sender:
                await self.members[nick].put(f"{sender}: {text}")

    def leave(self, nick):
        del self.members[nick]


async def drain(queue):
    messages = []
    while not queue.empty():
        messages.append(await queue.get())
    return messages


async def main():
    room = Room("harbour")
    ann = await room.join("ann")
    bob = await room.join("bob")
    await room.say("bob", "ahoy")
    room.leave("bob")
    await room.say("ann", "anyone?")
    print(room.name, await drain(ann))
    print(await drain(bob))


asyncio.run(main())
