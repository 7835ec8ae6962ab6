"""A file read in chunks is the file read as a whole: same text, same problems, same names, whatever was read before."""

from __future__ import annotations

import ast
import statistics
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cambrian.source import edit, names, normalise, syntax
from cambrian.source.reading import Reading, read

from .corpus import stdlib

CORPUS = [text for _, text in stdlib(60) if len(text) < 30_000][:30]
WHOLE = "\n# barry_as_FLUFL: a file that says this is never cut\n"

PIECES = [
    '"""Module."""\n',
    "from __future__ import annotations\n",
    "from __future__ import division\n",
    "import math, os.path as way\n",
    "def f(a: Lost = 1) -> Gone:\n    return a + own\n",
    "@cache\n",
    "@wrap(\n    1,\n)\n",
    "def own(x):\n    global shared\n    shared = x\n    return lost\n",
    "def top():\n    return elsewhere\n",
    "class C:\n    v: int = 1\n    def m(self):\n        return v + shared\n",
    'def help():\n    return """\ndef not_one():\n    x\nif nothing:\n"""\n',
    "x = 1\nx += y\n",
    "if x:\n    y = 2\n",
    "else:\n    z = 3\n",
    "elif q:\n    z = 4\n",
    "try:\n    z = z\n",
    "except ValueError as e:\n    print(e)\n",
    "finally:\n    pass\n",
    "for i in range(3): pass\n",
    "x = (\n    1,\n",
    ")\n",
    "# a comment (\n\n",
    "x = 1 \\\n",
    "    + 2\n",
    "global x\n",
    "x: int = 1\n",
    "return 1\n",
    "break\n",
    "match x:\n    case 1:\n        w = 1\n",
    "case = 1\n",
    "    case _:\n        w = 2\n",
    "s = 'a\\\r\n(b'\n",
    "print([i for i in x if i], i, (late := 1))\n",
    "print(f.__doc__)\n",
    "'text at the margin'\n",
    "async def g():\n    await x\n",
    "await x\n",
    "from m import *\n",
    "y = own(top).lost\r\n",
    "\ty = 1\n",
    "\x0cz = 1\n",
    "\ufeffx = 1\n",
    "def g():\r    return x\r",
    "lambda: lost2\n",
    "if 0:\n    unused\n",
    '"""open\n',
    "x = '(' ; y = {\n",
    "}\n",
    "x <> 1\n",
]


def agrees(text: str) -> bool:
    """Compare a file with the same file that is never cut; whether it parses."""
    found, whole = read(text), read(text + WHOLE)
    tree = syntax.parse(text)
    assert isinstance(found, Reading) == isinstance(tree, ast.Module)
    if isinstance(found, syntax.Problem):
        assert not syntax.compiles({"p.py": text}, "python")
        assert found == tree
        return False
    if not isinstance(whole, Reading):  # the line that was added ends up in an open end
        return True
    assert "".join(chunk.text for chunk in found.chunks) == text
    assert len(whole.chunks) == 1
    assert found.canonical() == whole.canonical()
    statements = [node for chunk in found.chunks for node in ast.parse(chunk.text).body]
    assert [ast.dump(node) for node in statements] == [ast.dump(node) for node in ast.parse(text).body]
    assert syntax.check({"p.py": text}, "python") == syntax.check({"p.py": text + WHOLE}, "python")
    assert syntax.compiles({"p.py": text}, "python") == (syntax.check({"p.py": text}, "python") is None)
    assert names.undefined({"p.py": text}) == names.undefined({"p.py": text + WHOLE})
    return True


@settings(max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_any_sequence_of_pieces_reads_as_one_file(pieces: list[str]) -> None:
    agrees("".join(pieces))


@pytest.mark.parametrize("first", PIECES)
def test_any_two_pieces_read_as_one_file(first: str) -> None:
    for second in PIECES:
        agrees(first + second)
        agrees("x = 1\n" + first + second + "y = 2\n")


def test_edited_library_modules_read_as_from_scratch() -> None:
    rng, parsed, cut = Random(7), 0, 0
    for text in CORPUS:
        for _ in range(5):
            parsed += agrees(shuffled(text, rng))
        found = read(text)
        cut += isinstance(found, Reading) and len(found.chunks) > 1
    assert parsed >= len(CORPUS)
    assert cut >= 0.8 * len(CORPUS)


def shuffled(text: str, rng: Random) -> str:
    """A few lines of a text taken away, doubled, moved to the margin or put elsewhere."""
    content = edit.lines(text)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(content))
        match rng.randrange(4):
            case 0:
                del content[at]
            case 1:
                content.insert(rng.randrange(len(content)), content[at])
            case 2:
                content[at] = content[at].lstrip(" ")
            case _:
                content[at] = content[at].replace("(", "", 1)
        content = content or ["x = 1\n"]
    return "".join(content)


@pytest.mark.parametrize(
    ("text", "chunks"),
    [
        ("import a\nx = 1\n\ndef f():\n    pass\n\n\ndef g():\n    pass\ny = 2\nz = 3\n", 4),
        ("@a\n@b(\n    1\n)\ndef f():\n    pass\n", 1),
        ("if x:\n    y = 1\nelif z:\n    y = 2\nelse:\n    y = 3\n", 1),
        ('def f():\n    """\ndef g():\n    pass\n"""\ndef h():\n    pass\n', 2),
        ("x = 1\n" * 50, 1),
        ('"""Doc.\n\n  list\ntext\n' + "  more\nfor you\n" * 20 + '"""\ndef f():\n    pass\nx = 1\n', 3),
        ("x = [\n  1,\nf(\n  2),\n" + "  3,\ny,\n" * 20 + "]\ndef f():\n    pass\n", 2),
    ],
)
def test_files_are_cut_where_functions_and_classes_begin(text: str, chunks: int) -> None:
    found = read(text)
    assert isinstance(found, Reading)
    assert len(found.chunks) == chunks


def test_an_integer_too_long_for_decimal_digits_is_no_trouble() -> None:
    text = f"x = 0x{'f' * 20_000}\n"
    assert syntax.check({"p.py": text}, "python") is None
    assert normalise.canonical({"p.py": text}, "python") != normalise.canonical({"p.py": text + "x = 2\n"}, "python")


@pytest.mark.parametrize("files", [1, 25])
def test_a_change_costs_little_however_large_the_program_is(files: int) -> None:
    """One function of a thousand changes: the rest is not read again, in whichever files it stands."""
    body = (
        '(a, b):\n    """Two\n\nlines at the margin."""\n    for k in range(a):\n        b += k * 3\n    return b\n\n\n'
    )
    functions = [f"def f{files}_{number}{body}" for number in range(1000)]
    per = len(functions) // files

    def look() -> float:
        program = {f"p{at}.py": "".join(functions[at * per : (at + 1) * per]) for at in range(files)}
        started = time.process_time()
        normalise.canonical(program, "python")
        assert syntax.compiles(program, "python")
        assert names.undefined(program) == ()
        return time.process_time() - started

    first, spent = look(), list[float]()
    for number in range(15):
        functions[500] = f"def f500(a, b):\n    return a - {number + 0.5}\n\n\n"
        spent.append(look())
    assert statistics.median(spent) < first / 5
