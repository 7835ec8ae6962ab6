"""Sandbox, inside: the first file of a fresh interpreter. Loads the inside and nothing else of Cambrian.

Run as ``python -P -s -S -B boot.py DESCRIPTOR`` with a constant environment. The packages are stand-ins without their
``__init__`` code, so that loading `inside` does not load the engine; they are forgotten before any program runs.
"""

from __future__ import annotations

import os
import sys
import types


def _stand_in(name: str, folder: str) -> None:
    module = types.ModuleType(name)
    module.__path__ = [folder]
    sys.modules[name] = module


def _main() -> None:
    inside = os.path.dirname(os.path.abspath(__file__))
    sandbox = os.path.dirname(inside)
    package = os.path.dirname(sandbox)
    _stand_in("cambrian", package)
    _stand_in("cambrian.core", os.path.join(package, "core"))
    _stand_in("cambrian.sandbox", sandbox)
    _stand_in("cambrian.sandbox.inside", inside)
    from cambrian.sandbox.inside.zygote import main

    for name in [name for name in sys.modules if name.partition(".")[0] == "cambrian"]:
        del sys.modules[name]
    main(int(sys.argv[1]))


_main()
