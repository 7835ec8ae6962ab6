"""Child of the chaos test: take a run up, or begin it, then do effects until killed. Says what was acknowledged."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from cambrian.core.effect import EffectId, EffectState, Intent
from cambrian.core.event import fact
from cambrian.core.ids import RunId
from cambrian.journal.clock import SystemClock
from cambrian.journal.holder import this_process
from cambrian.journal.kernel import Run
from cambrian.journal.store import Store
from cambrian.testing.crash import load_opener


def say(*words: object) -> None:
    """Unbuffered: what a killed process has said, it has said."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


async def take_up(store: Store, run: RunId) -> Run:
    """The dead writer's lease is good for an hour; only its death lets us in."""
    clock, holder = SystemClock(), this_process()
    if await store.heads(run):
        return await Run.resume(store, run, clock=clock, holder=holder, ttl=3600.0)
    return await Run.create(store, kind="chaos", data={}, clock=clock, holder=holder, run=run, ttl=3600.0)


async def main(opener: str, path: str, name: str) -> None:
    """Work for ever; effect ids tell the runs apart."""
    store = await load_opener(opener)(Path(path))
    run = await take_up(store, RunId(name))
    say("unfinished", len(run.unfinished()))
    for intent in run.unfinished():
        await run.seal(intent.effect, "its process died")
    number = run.seq
    while True:
        number += 1
        effect = EffectId(f"{name}-{number}")
        await run.intend(Intent(effect=effect, kind="work", key=effect))
        say("intended", effect)
        body = b"result of %s" % effect.encode()
        await run.conclude(effect, EffectState.APPLIED, fact("work.done", {"effect": effect}), blobs=[body])
        say("concluded", effect)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
