import asyncio


async def fetch_user(number: int) -> str:
    await asyncio.sleep(0.004)
    return f"user{number}"


async def fetch_posts(number: int) -> list[int]:
    await asyncio.sleep(0.004)
    return [number * 10 + i for i in range(number % 4)]


async def fetch_friends(number: int) -> int:
    await asyncio.sleep(0.004)
    return number % 7


async def page(number: int) -> dict:
    user = await fetch_user(number)
    posts = await fetch_posts(number)
    friends = await fetch_friends(number)
    return {"user": user, "posts": posts, "friends": friends}


async def pages(numbers):
    return [await page(number) for number in numbers]
