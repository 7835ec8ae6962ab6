import asyncio


class Client:
    """Stands in for a client of a weather service."""

    async def get(self, city: str) -> dict:
        await asyncio.sleep(0.005)
        return {"city": city, "celsius": sum(map(ord, city)) % 40}


async def weather(cities):
    client = Client()
    reports = []
    for city in cities:
        report = await client.get(city)
        reports.append(f"{report['city']}: {report['celsius']} °C")
    return reports
