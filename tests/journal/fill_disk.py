"""Child of the disk-full tests: append under a limit on the size of files until it is refused, then without it."""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

from cambrian.core.errors import JournalError
from cambrian.core.event import fact
from cambrian.core.ids import RunId
from cambrian.testing.crash import load_opener

RUN = RunId("r-1")
LIMIT = 300_000


async def main(opener: str, path: str) -> None:
    """Print the last acknowledged sequence number."""
    store = await load_opener(opener)(Path(path))
    facts = [fact("a.b", {"text": "x" * 5000}) for _ in range(7)]
    seq = await store.append(RUN, facts, expected=0, epoch=0, time=0.0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, resource.RLIM_INFINITY))
    try:
        for _ in range(100):
            seq = await store.append(RUN, facts, expected=seq, epoch=0, time=0.0)
    except JournalError as error:
        if "nothing was half-written" not in str(error):
            raise
    else:
        raise AssertionError("the limit was never met")
    assert (await store.heads(RUN))[0].seq == seq
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    seq = await store.append(RUN, facts, expected=seq, epoch=0, time=0.0)
    assert await store.check() == []
    await store.aclose()
    sys.stdout.write(str(seq))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
