"""Sandbox, scripts: JavaScript engines that are processes of their own. What Deno, Bun and Node have in common.

Each script has an engine process of its own, started before the script is known. The engine sits in the same jail as
the driver that speaks for it: its own permissions are the first line, the jail is the one that holds. Needs level 3.
"""

from __future__ import annotations

from pathlib import Path

from cambrian.core.script import Language

from .driven import Driver, driver_text
from .javascript import loop, parts

__all__ = ["engine_driver"]

_TASKS = 96  # threads of the engine count; and a script may not have many of its own
_MIB = 2**20


def engine_driver(
    name: str,
    version: str,
    command: tuple[str, ...],
    *,
    heap: str,
    languages: tuple[Language, ...],
    overhead: int,
    readable: tuple[Path, ...] = (),
    here: str = "",
) -> Driver:
    """A driver for an engine.

    Args:
        name: of the runtime.
        version: of the engine.
        command: absolute path of the program, then its options.
        heap: option that limits its heap, with ``{}`` for MiB; "" if it has none.
        languages: what it runs.
        overhead: MiB resident in an engine that does nothing.
        readable: folders that scripts may read; the command must allow it, too.
        here: the folder that scripts are in, where the jail has it; "" for the scratch folder.
    """
    program = Path(command[0])
    settings = f"COMMAND = {command!r}\nHEAP_FLAG = {heap!r}\nOVERHEAD = {overhead * _MIB}\nHERE = {here!r}\n"
    settings += f"LOOP = {loop()!r}\n"
    return Driver(
        name=name,
        languages=languages,
        version=version,
        files={
            "driver.py": "from drivers.engine_driver import step\n",
            "drivers/javascript_bridge.py": parts(),
            "drivers/engine_settings.py": settings,
            **{f"drivers/{file}": driver_text(file) for file in ("javascript_turns.py", "engine_driver.py")},
        },
        preload=("hashlib", "json", "re", "secrets", "selectors", "subprocess"),
        readable=tuple(dict.fromkeys((program, program.resolve(), *readable))),
        processes=_TASKS,
        reuse=1,
        resident=True,
        proc=True,
        overhead=overhead * _MIB,
    )
