"""Sandbox, inside, drivers: the run's randomness in the place of the machine's, for scripts on CPython.

As with the clock, for repeating runs: ``/dev/urandom`` is still the machine's.
"""

from __future__ import annotations

import os
import random
import sys
import uuid
from typing import Any, cast

from .terms import RandomBytes

__all__ = ["install"]


def install(seed: int) -> None:
    """Put it where the standard library has the machine's."""
    source, others = RandomBytes(seed), RandomBytes(seed, purpose="/module")

    def urandom(size: int, /) -> bytes:
        return source.read(size)

    def getrandom(size: int, flags: int = 0) -> bytes:
        del flags
        return source.read(size)

    system: Any = os
    system.urandom, system.getrandom = urandom, getrandom
    _install_generators(cast("Any", random), source, others, seed)
    _install_identities(cast("Any", uuid), others)


def _install_generators(module: Any, source: RandomBytes, others: RandomBytes, seed: int) -> None:
    """The global generator, those made without a seed, and what `SystemRandom`, `secrets` and numpy draw on.

    What modules draw when they are imported must not move what the script draws.
    """

    class Random(random.Random):
        def seed(self, a: Any = None, version: int = 2) -> None:
            super().seed(int.from_bytes(others.read(16), "big") if a is None else a, version)

    Random.__qualname__, Random.__module__ = "Random", "random"
    module.Random = Random
    module._urandom = source.read
    module.seed(seed)
    numpy_random: Any = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed(seed % 2**32)


def _install_identities(module: Any, source: RandomBytes) -> None:
    """No identity from the machine's address and clock."""
    module._generate_time_safe = None
    module._node = int.from_bytes(source.read(6), "big") | 1 << 40  # the bit of an address that is made up
