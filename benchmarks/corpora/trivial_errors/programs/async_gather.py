import asyncio


class Sensor:
    def __init__(self, name, values):
        self.name = name
        self._values = iter(values)

    async def read(self):
        await asyncio.sleep(0)
        try:
            return next(self._values)
        except StopIteration:
            return None


async def drain(sensor):
    values = []
    value = await sensor.read()
    while value is not None:
        values.append(value)
        value = await sensor.read()
    return sensor.name, values


async def main():
    sensors = [Sensor("north", [1, 4, 9]), Sensor("south", []), Sensor("west", [7])]
    results = await asyncio.gather(*(drain(sensor) for sensor in sensors))
    for name, values in results:
        peak = max(values, default=0)
        print(f"{name:<6} {len(values)} values, peak {peak}")
    return dict(results)


table = asyncio.run(main())
print(sorted(table), sum(table["north"]))
