"""Attacks on the words between script and host, on tools, and on the next script. Classes 17 to 23, 32 to 34."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

import msgspec

from cambrian.core.script import Done

from .attack import Attack, Seen, by_trace, by_value

__all__ = ["PROTOCOL"]

_FORGED = '{"turn":{"turn":"done","value":"forged","shown":""},"stdout":"","stderr":""}'
_CHANCE_PY = "import os, random, time, uuid\n[random.random(), time.time(), str(uuid.uuid4()), os.urandom(4).hex()]"
_CHANCE_JS = "return [Math.random(), Date.now(), performance.now(), new Date().toISOString()]"
_SPIN_PY = "import time\nbegan = time.time()\nn = 0\nwhile n < 300000:\n    n += 1\ntime.time() - began > 0.002"
_SPIN_JS = (
    "const began = performance.now()\nlet n = 0\nfor (let i = 0; i < 3e6; i++) n += Math.sqrt(i)\n"
    "return performance.now() - began > 1 && n > 0"
)


def _has_value(value: object) -> Callable[[Seen], bool]:
    def landed(seen: Seen) -> bool:
        return isinstance(seen.played.end, Done) and seen.played.end.value == value

    return landed


def _believed_output(seen: Seen) -> bool:
    """What a host does that takes the first line of the output for the answer."""
    return msgspec.json.decode(seen.played.stdout.splitlines()[0])["turn"]["value"] == "forged"


def _flat(value: object) -> list[object]:
    if isinstance(value, dict):
        return [each for item in cast("dict[str, object]", value).values() for each in _flat(item)]
    return (
        [each for item in cast("list[object]", value) for each in _flat(item)] if isinstance(value, list) else [value]
    )


def _strange(seen: Seen) -> bool:
    """A call reached the host with something that is no JSON."""
    values = _flat([[*args, kwargs] for _, args, kwargs in seen.played.calls])
    odd = [each for each in values if isinstance(each, float) and not math.isfinite(each)]
    return bool(odd) or any(
        isinstance(each, str) and any("\ud800" <= sign <= "\udfff" for sign in each) for each in values
    )


def _stolen(seen: Seen) -> bool:
    """A call reached the host as another one than the script made."""
    return any(args != [1, "a"] or kwargs for _, args, kwargs in seen.played.calls)


def _differs(seen: Seen) -> bool:
    """Two runs with one seed gave two things; see `stage`, which puts both into the value."""
    end = seen.played.end
    both = cast("list[object]", end.value) if isinstance(end, Done) else []
    return len(both) == 2 and both[0] != both[1]


PROTOCOL = (
    Attack(
        number=17,
        name="prints what an answer looks like",
        python=f"print('{_FORGED}')\n'honest'",
        javascript=f"console.log('{_FORGED}')\nreturn 'honest'",
        landed=_has_value("forged"),
        control_landed=_believed_output,
    ),
    Attack(
        number=17,
        name="writes what an answer looks like to every descriptor",
        python=(
            f"import os\nfor fd in range(3, 256):\n    try:\n        os.write(fd, b'{_FORGED}\\n' * 3)\n"
            "    except OSError:\n        pass\n'honest'"
        ),
        javascript=(
            "const fs = await import('node:fs')\nfor (let fd = 3; fd < 256; fd++) {\n"
            f"  try {{ if (fs.fstatSync(fd).isFile()) fs.writeSync(fd, `{_FORGED}\\n`) }} catch {{}}\n}}\n"
            "return 'honest'"
        ),
        landed=by_trace,
    ),
    Attack(
        number=18,
        name="gives a tool what is no JSON",
        python="echo(float('nan'), [float('inf')], '\\ud800')",
        javascript="await echo(NaN, [Infinity], '\\ud800')\nreturn true",
        landed=_strange,
        control_python="import json, math\nmath.isnan(json.loads(json.dumps(float('nan'))))",
        control_javascript="return JSON.parse(JSON.stringify('\\ud800')) === '\\ud800'",
        control_landed=by_value,
    ),
    Attack(
        number=19,
        name="changes what the bridge is made of before it calls",
        python=(
            "import builtins, json\njson.dumps = lambda *a, **k: '\"stolen\"'\nbuiltins.len = lambda x: 7\n"
            "builtins.list = builtins.dict = builtins.str = lambda *a: 'stolen'\necho(1, 'a')\n"
            "json.dumps([1]) == '\"stolen\"'"
        ),
        javascript=(
            "Object.prototype.toJSON = Array.prototype.toJSON = String.prototype.toJSON = () => 'stolen'\n"
            "Array.prototype.push = Array.prototype.map = () => 'stolen'\nconst plain = JSON.stringify({a: 1})\n"
            "Promise.prototype.constructor = function () { throw 1 }\nJSON.stringify = () => '\"stolen\"'\n"
            "echo(1, 'a')\nreturn plain === '\"stolen\"'"
        ),
        landed=_stolen,
        control_landed=by_value,
    ),
    Attack(
        number=20,
        name="climbs from a tool to the host",
        python='echo.__globals__["__builtins__"].__import__("os").environ["CAMBRIAN_CANARY"]',
        javascript=(
            "const world = tools.echo.constructor.constructor('return globalThis')()\n"
            "return (world.process ?? (await import('node:process'))).env.CAMBRIAN_CANARY"
        ),
    ),
    Attack(
        number=20,
        name="asks for tools that are none",
        python=(
            "found = []\nfor name in ('constructor', '__class__', '__proto__', 'echo.call', 'é', ''):\n    try:\n"
            "        found.append(tools[name])\n    except (KeyError, AttributeError):\n        pass\nlen(found) > 0"
        ),
        javascript=(
            "return ['constructor', '__proto__', 'echo.call', 'é', '', 'hasOwnProperty', 'then']\n"
            "  .filter((name) => tools[name] !== undefined).length > 0"
        ),
        control_python="class Tools:\n    pass\ngetattr(Tools(), '__class__') is Tools",
        control_javascript="return ({}).constructor !== undefined",
    ),
    Attack(
        number=21,
        name="looks for the host's objects in memory",
        python=(
            "import gc\nmark = 'hid' + 'den-'\nfound = []\nfor each in gc.get_objects():\n"
            "    if type(each) is dict:\n        for value in list(each.values()):\n"
            "            if type(value) is str and value[:7] == mark != value:\n"
            "                found.append(value)\nlen(found) > 0"
        ),
        javascript=(
            "const mark = 'hid' + 'den-'\nconst seen = new Set()\nlet found = 0\nconst look = (it, depth) => {\n"
            "  if (typeof it === 'string' && it.startsWith(mark) && it !== mark) found += 1\n"
            "  if (it === null || !['object', 'function'].includes(typeof it) || seen.has(it) || depth > 3) return\n"
            "  seen.add(it)\n  for (const key of Reflect.ownKeys(it)) {\n"
            "    try { look(it[key], depth + 1) } catch {}\n  }\n}\nlook(globalThis, 0)\nreturn found > 0"
        ),
    ),
    Attack(
        number=22,
        name="has a value that acts when it is unpacked",
        python=("class Bomb:\n    def __reduce__(self):\n        return (open, (host['canary'], 'w'))\nBomb()"),
        javascript="return {toJSON() { return 'went off' }}",
        landed=lambda seen: bool(seen.traces) or _has_value("went off")(seen),
        control_python=(
            "import pickle\nclass Bomb:\n    def __reduce__(self):\n        return (open, (host['canary'], 'w'))\n"
            "pickle.loads(pickle.dumps(Bomb())).close()\nTrue"
        ),
        control_javascript="return JSON.parse(JSON.stringify({toJSON() { return 'went off' }}))",
    ),
    Attack(
        number=23,
        name="is given code by a tool",
        python="page()['text'] != '' and False",
        javascript="return (await page()).text === ''",
        landed=by_trace,
        control_python="eval(page()['python'])",
        control_javascript="return await (new (async () => {}).constructor('host', page().javascript))(host)",
    ),
    Attack(
        number=32,
        name="leaves something for the next script",
        python=(
            "import builtins, json, sys\nbuiltins.stain = json.stain = sys.modules['stain'] = 1\nstain = 1\n"
            "open('stain', 'w').write('1')"
        ),
        javascript="globalThis.stain = 1\nObject.prototype.stain = 1\nMath.stain = 1\n",
        then_python=(
            "import builtins, json, os, sys\nhasattr(builtins, 'stain') or hasattr(json, 'stain') or 'stain' in "
            "sys.modules or os.path.exists('stain')"
        ),
        then_javascript="return typeof stain !== 'undefined' || ({}).stain === 1 || Math.stain === 1",
    ),
    Attack(
        number=32,
        name="leaves globals for the next script",
        python="stain = 1",
        javascript="globalThis.stain = 1",
        then_python="try:\n    found = stain\nexcept NameError:\n    found = 0\nfound",
        then_javascript="return globalThis.stain ?? 0",
    ),
    Attack(number=33, name="measures time finely", python=_SPIN_PY, javascript=_SPIN_JS),
    Attack(
        number=33,
        name="counts time in a thread",
        python=(
            "import threading\nn = [0]\nstop = []\ndef count():\n    while not stop:\n        n[0] += 1\n"
            "thread = threading.Thread(target=count, daemon=True)\nthread.start()\nbefore = n[0]\nx = 0\n"
            "while x < 2000000:\n    x += 1\nstop.append(1)\nn[0] - before > 100 and host['clockless']"
        ),
        javascript=(
            "const code = 'onmessage = (e) => { const n = new Int32Array(e.data); for (;;) Atomics.add(n, 0, 1) }'\n"
            "const n = new Int32Array(new SharedArrayBuffer(4))\n"
            "const worker = new Worker('data:application/javascript,' + encodeURIComponent(code), {type: 'module'})\n"
            "worker.postMessage(n.buffer)\nconst began = Atomics.load(n, 0)\n"
            "for (let i = 0; i < 20 && Atomics.load(n, 0) === began; i++) "
            "await new Promise((go) => setTimeout(go, 100))\n"
            "worker.terminate()\nreturn Atomics.load(n, 0) > began && host.clockless"
        ),
    ),
    Attack(
        number=34,
        name="comes out different with the same seed",
        python=_CHANCE_PY,
        javascript=_CHANCE_JS,
        landed=_differs,
    ),
    Attack(
        number=34,
        name="comes out different by order",
        python="list({'a', 'b', 'c', 'd', 'e', 'f', 'g'}) + [hash('x')]",
        javascript="const seen = []\nawait Promise.all([add(1), add(2)].map((p) => p.then((x) => seen.push(x))))\n"
        "return [seen, Math.random()]",
        landed=_differs,
    ),
)
