"""Data flow: what is told to come from outside, what is harmless, and by which path, through calls and files."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.source.corpus import stdlib

from cambrian.source.taint.library import Library
from cambrian.source.taint.unit import Unit
from cambrian.source.taint.value import HOSTILE, KNOWN, OPAQUE

FLASK = "import os, re, shlex\nfrom flask import Flask, request\napp = Flask(__name__)\n"


def reached(body: str, head: str = FLASK) -> int:
    """How far what reaches ``os.system`` may be trusted, in a handler with this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    unit = Unit(ast.parse(f'{head}@app.route("/")\ndef view():\n{lines}\n'))
    values = [hit.arguments[0] for hit in unit.of("command")]
    return max((0 if value.harmless("command") else value.trust) for value in values) if values else -1


@pytest.mark.parametrize("body", [
    "os.system(request.args['x'])",
    "x = request.form.get('x')\nos.system('ls ' + x)",
    "x = '%s' % request.args['x']\nos.system(f'ls {x}')",
    "x = 'ls {}'.format(request.json['a']['b'])\nos.system(x.strip())",
    "parts = ['ls']\nparts.append(request.args['x'])\nos.system(' '.join(parts))",
    "d = {}\nd['k'] = request.headers['x']\nos.system(d['k'])",
    "a, b = 'ls', request.args['x']\nos.system(b)",
    "x = 'a'\nif request.args:\n    x = request.args['x']\nos.system(x)",
    "x = ''\nfor part in request.args.getlist('x'):\n    x += part\nos.system(x)",
    "x = [each.lower() for each in request.args.getlist('x')]\nos.system(x[0])",
    "with open('a') as f:\n    x = request.data.decode()\nos.system(x)",
    "try:\n    x = request.args['x']\nexcept KeyError:\n    x = ''\nos.system(x)",
    "while True:\n    x = request.args['x']\n    break\nos.system(x)",
    "os.system((lambda: request.args['x'])() if False else request.args['y'])",
    "if (x := request.args.get('x')):\n    os.system(x)",
    "x = request.get_json()\nos.system(x['a'])",
])  # fmt: skip
def test_a_value_of_a_request_arrives(body: str) -> None:
    assert reached(body) == HOSTILE


@pytest.mark.parametrize("body", [
    "os.system('ls')",
    "x = int(request.args['x'])\nos.system(f'ls {x}')",
    "x = request.args.get('x', type=int)\nos.system(f'ls {x}')",
    "x = shlex.quote(request.args['x'])\nos.system('ls ' + x)",
    "x = request.args['x']\nif x not in {'a', 'b'}:\n    return ''\nos.system(x)",
    "x = request.args['x']\nif x in ('a', 'b'):\n    os.system(x)",
    "x = request.args['x']\nif not re.fullmatch(r'[a-z]+', x):\n    raise ValueError(x)\nos.system(x)",
    "x = request.args['x']\nif not x.isalnum():\n    return ''\nos.system(x)",
    "os.system({'a': 'ls', 'b': 'df'}[request.args['x']])",
    "x = request.args['x']\nx = 'ls'\nos.system(x)",
    "os.system('ls' if request.args['x'] == '1' else 'df')",
    "os.system('%d' % request.args['x'])",
    "match request.args['x']:\n    case 'a':\n        os.system('ls')",
])  # fmt: skip
def test_what_was_checked_or_made_a_number_is_harmless(body: str) -> None:
    assert reached(body) == KNOWN


def test_a_loose_pattern_checks_nothing() -> None:
    guard = "if not re.fullmatch(r'.+', x):\n    raise ValueError(x)"
    assert reached(f"x = request.args['x']\n{guard}\nos.system(x)") == HOSTILE


def test_functions_pass_values_on_and_the_path_tells_it() -> None:
    unit = Unit(ast.parse(FLASK + (
        "def run(command):\n    os.system(command)\n"
        "def listed(name):\n    return 'ls ' + name\n"
        "@app.route('/')\ndef view():\n    run(listed(request.args['x']))\n"
    )), "web.py")  # fmt: skip
    (alarm,) = unit.alarms
    told = [place.what for place in alarm.step.path()]
    assert told[0] == "request.args comes from a client"
    assert "passes through listed()" in told
    assert told[-1] == "handed to os.system"


def test_numbers_that_a_framework_makes_are_harmless() -> None:
    text = (
        "import os\nfrom fastapi import FastAPI\napp = FastAPI()\n"
        "@app.get('/{n}/{name}')\ndef view(n: int, name: str):\n    os.system(f'ls {n}')\n    os.system(name)\n"
    )
    first, second = (hit.arguments[0].trust for hit in Unit(ast.parse(text)).of("command"))
    assert (first, second) == (KNOWN, HOSTILE)


def test_a_parameter_is_of_unknown_origin_and_a_field_remembers() -> None:
    text = (
        "import os, sqlite3\nclass Job:\n    LIMIT = 'ls'\n    def __init__(self, name):\n"
        "        self.name = name\n        self.db = sqlite3.connect('a')\n"
        "    def run(self):\n        os.system(self.name)\n        os.system(self.LIMIT)\n"
        "        self.db.execute('x')\n"
    )
    unit = Unit(ast.parse(text))
    assert [hit.arguments[0].trust for hit in unit.of("command")] == [OPAQUE, KNOWN]
    assert [hit.receiver.tag for hit in unit.of("sql")] == ["sqlite3.connect()"]


def test_values_go_from_file_to_file() -> None:
    files = {
        "shop/db.py": "import os\ndef run(command):\n    os.system('ls ' + command)\n",
        "shop/web.py": FLASK + "from .db import run\n@app.route('/')\ndef view():\n    run(request.args['x'])\n",
    }
    library = Library(lambda name: f"{name.replace('.', '/')}.py" if f"{name.replace('.', '/')}.py" in files else None)
    for path, text in files.items():
        library.add(Unit(ast.parse(text), path, library))
    (alarm,) = library.alarms
    assert (alarm.file, alarm.line) == ("shop/db.py", 3)
    assert next(place.file for place in alarm.step.path()) == "shop/web.py"


def test_circles_end() -> None:
    text = "import os\ndef a(x):\n    return b(x)\ndef b(x):\n    os.system(x)\n    return a(x)\na('1')\n"
    assert len(list(Unit(ast.parse(text)).of("command"))) == 1


@given(st.lists(st.sampled_from([
    "x = y", "y = x", "x = request.args['a']", "x = int(x)", "y += x", "del x", "return x", "pass",
    "if x:\n        y = x", "for x in y:\n        break", "while x:\n        continue", "x = [y for y in x]",
]), max_size=12))  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_any_order_of_statements_can_be_looked_through(lines: list[str]) -> None:
    body = "\n".join(f"    {line}" for line in ["x = y = ''", *lines, "os.system(x)"])
    Unit(ast.parse(f"{FLASK}@app.route('/')\ndef view():\n{body}\n"))


def test_the_standard_library_can_be_looked_through() -> None:
    for name, text in stdlib(40):
        Unit(ast.parse(text), name)
