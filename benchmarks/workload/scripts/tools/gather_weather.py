import asyncio

cities = ["Oslo", "Lima", "Tokyo", "Cairo", "Paris"]
reports = await asyncio.gather(*(weather(city) for city in cities))
warm = [r["city"] for r in reports if r["celsius"] > 12]
average = sum(r["celsius"] for r in reports) / len(reports)
{"warm": warm, "average": round(average, 2)}
