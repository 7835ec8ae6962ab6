import asyncio

touched = []


async def install(host):
    await asyncio.sleep(0.001)
    touched.append(host)
    if host == "bad":
        raise RuntimeError(host)
    return host + " ok"


async def deploy(hosts):
    touched.clear()
    results = []
    try:
        for host in hosts:
            results.append(await install(host))
    except RuntimeError as error:
        results.append(f"stopped at {error}")
    return [results, list(touched)]
