"""Sandbox, inside: imports a program's files from memory. No file system.

The loader offers `get_source`, so tracebacks show source lines and `inspect.getsource` works without a file.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

__all__ = ["MemoryImporter", "module_name"]


def module_name(path: str) -> str:
    """``pkg/mod.py`` → ``pkg.mod``; ``pkg/__init__.py`` → ``pkg``."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class MemoryImporter:
    """Finder and loader over the `.py` files of a program.

    Args:
        files: relative path → text.
        folder: what file names in tracebacks start with.
    """

    def __init__(self, files: Mapping[str, str], folder: str = "") -> None:
        self._sources = {module_name(path): (path, text) for path, text in files.items() if path.endswith(".py")}
        self._folders = {name.rpartition(".")[0] for name in self._sources} - {""} - set(self._sources)
        self._prefix = folder

    def install(self) -> None:
        """Put it before every other finder: the program's own files win."""
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Protocol of `sys.meta_path`."""
        del path, target
        if fullname in self._folders:
            return ModuleSpec(fullname, None, is_package=True)
        if fullname not in self._sources:
            return None
        loader = cast("Loader", self)  # by protocol: importlib.abc costs too much to import here
        spec = ModuleSpec(fullname, loader, origin=self.get_filename(fullname), is_package=self.is_package(fullname))
        spec.has_location = True
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Loader protocol: the default module."""
        del spec

    def exec_module(self, module: ModuleType) -> None:
        """Loader protocol."""
        exec(self.get_code(module.__name__), module.__dict__)

    def get_code(self, fullname: str) -> CodeType:
        """Compiled code of a module."""
        return compile(self.get_source(fullname), self.get_filename(fullname), "exec", dont_inherit=True)

    def get_source(self, fullname: str) -> str:
        """Source of a module.

        Raises:
            ImportError: it is not one of the program's.
        """
        if fullname not in self._sources:
            raise ImportError(f"{fullname!r} is not a module of this program", name=fullname)
        return self._sources[fullname][1]

    def get_filename(self, fullname: str) -> str:
        """Name of its file, as tracebacks show it."""
        return self._prefix + self._sources[fullname][0]

    def is_package(self, fullname: str) -> bool:
        """Whether it is an ``__init__.py``."""
        return self._sources[fullname][0].endswith("__init__.py")
