"""The in-memory importer, through the import system."""

from __future__ import annotations

import importlib
import inspect
import sys
import traceback
from collections.abc import Iterator

import pytest

from cambrian.sandbox.inside.importer import MemoryImporter, module_name

FILES = {
    "memo_main.py": "from memo_pkg import deep\nfrom memo_pkg.sub.leaf import leaf\ndef f(): return deep() + leaf()\n",
    "memo_pkg/__init__.py": "from .mod import deep\n",
    "memo_pkg/mod.py": "def deep():\n    return 40\ndef fail():\n    raise KeyError('x')  # here\n",
    "memo_pkg/sub/leaf.py": "def leaf():\n    return 2\n",
    "data.txt": "not code",
}


@pytest.fixture
def importer() -> Iterator[MemoryImporter]:
    made = MemoryImporter(FILES, "/program/")
    made.install()
    yield made
    sys.meta_path.remove(made)
    for name in [name for name in sys.modules if name.startswith("memo_")]:
        del sys.modules[name]


def test_packages_and_relative_imports_work(importer: MemoryImporter) -> None:
    assert importlib.import_module("memo_main").f() == 42


def test_source_is_there_without_a_file(importer: MemoryImporter) -> None:
    module = importlib.import_module("memo_pkg.mod")
    assert module.__file__ == "/program/memo_pkg/mod.py"
    assert inspect.getsource(module.deep) == "def deep():\n    return 40\n"
    with pytest.raises(KeyError) as raised:
        module.fail()
    assert "# here" in "".join(traceback.format_tb(raised.tb))


def test_only_python_files_are_modules(importer: MemoryImporter) -> None:
    assert importer.find_spec("data") is None
    with pytest.raises(ImportError, match="'data'"):
        importer.get_source("data")


@pytest.mark.parametrize(("path", "name"), [("a.py", "a"), ("a/b.py", "a.b"), ("a/__init__.py", "a")])
def test_module_names(path: str, name: str) -> None:
    assert module_name(path) == name
