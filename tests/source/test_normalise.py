"""The digest of a program: the same for other spellings, another one for other programs."""

from __future__ import annotations

import ast

import pytest

from cambrian.source.normalise import canonical

from .corpus import stdlib


def same(a: str, b: str, language: str = "python") -> bool:
    name = "p.py" if language == "python" else "p.x"
    return canonical({name: a}, language) == canonical({name: b}, language)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("x = 1\n", "x   =  (1)   # one\n\n\n"),
        ("def f():\n    'doc'\n    return 1\n", "def f():\n  'other'\n  return (1)\n"),
        ("def f():\n    'doc'\n", "def f():\n    pass\n"),
        ("if x:\n    pass\n    y = 1\n", "if x:\n    y = 1\n    ...\n"),
        ("x = 'a'\n", 'x = "a"\n'),
        ("x = 0x10\n", "x = 16\n"),
        ("'module doc'\nx = 1\n", "x = 1\n"),
        ("f(a,\n  b)\n", "f(a, b)\r\n"),
    ],
)
def test_spelling_does_not_matter(a: str, b: str) -> None:
    assert same(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("x = 1\n", "x = 2\n"),
        ("x = 1\n", "x = 1.0\n"),
        ("x = 1\n", "x = True\n"),
        ("x = 0.0\n", "x = -0.0\n"),
        ("x = a + b\n", "x = b + a\n"),
        ("x = 'a'\n", "x = b'a'\n"),
        ("x = a\n", "x = b\n"),
        ("if x:\n    y = 1\nz = 2\n", "if x:\n    y = 1\n    z = 2\n"),
        ("def f():\n    'a'\nprint(f.__doc__)\n", "def f():\n    'b'\nprint(f.__doc__)\n"),
        ("x = [[1], 2]\n", "x = [[1, 2]]\n"),
        ("x = (\n", "x = (  \n"),
    ],
)
def test_meaning_does(a: str, b: str) -> None:
    assert not same(a, b)


def test_file_names_and_language_count() -> None:
    assert canonical({"a.py": "x"}, "python") != canonical({"b.py": "x"}, "python")
    assert canonical({"a": "x"}, "c") != canonical({"a": "x"}, "rust")
    assert canonical({"a.py": "x", "b.py": "y"}, "python") == canonical({"b.py": "y", "a.py": "x"}, "python")


def test_unparsed_library_modules_stay_the_same() -> None:
    for name, text in stdlib(60):
        written = ast.unparse(ast.parse(text))
        assert same(text, written), name


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("int x = 1; // one\n", "int  x=1;\n"),
        ("/* a\n b */\nint x;\n", "int x;\n"),
        ("f( a )\n\n\ng()\n", "f(a)\ng()"),
    ],
)
def test_free_form_languages_ignore_comments_and_blanks(a: str, b: str) -> None:
    assert same(a, b, "c")


@pytest.mark.parametrize(("a", "b"), [("a + +b", "a ++b"), ('"a  b"', '"a b"'), ("int x", "intx"), ("a\nb", "a b")])
def test_free_form_languages_keep_what_may_matter(a: str, b: str) -> None:
    assert not same(a, b, "c")


def test_other_languages_drop_comment_lines_only() -> None:
    assert same("x <- 1\n# note\n", "x <- 1  \n\n", "r")
    assert not same("a\n  b\n", "a\nb\n", "haskell")
