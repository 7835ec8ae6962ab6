import asyncio

async def describe(city: str) -> str:
    w = await weather(city)
    feel = "cold" if w["celsius"] < 10 else "mild" if w["celsius"] < 20 else "hot"
    return f"{city} is {feel}"

async def main():
    tasks = [asyncio.create_task(describe(c)) for c in ("Oslo", "Quito", "Cairo")]
    return [await t for t in tasks]

lines = asyncio.run(main())
", ".join(lines)
