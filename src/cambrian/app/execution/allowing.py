"""App, execution: what scripts may reach besides their tools: folders to read, and hosts. ``--allow`` and ``allow=…``.

``read:DIR``       the folder is in the jail, read-only, at the same path, where runtimes have files. If relative,
                   scripts are in the current folder, so that it is found by the same path.
``net:HOST:PORT``  the jail has no network all the same: scripts get the tools `fetch` and `http_get`, which run outside
                   of it, and reach exactly the hosts and ports that are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.tool import Answer, Call, Tool, ToolInvoker
from cambrian.tools.registry import Toolbox

from .places import Place, read_host, read_port

__all__ = ["Allow", "Allowance", "Reach", "read_allow"]

_NEXT = re.compile(r",(?=\s*[a-z]+:)")  # a folder's name may hold a comma
_EXAMPLE = "write for example net:api.example.com:443,read:./data"
_SYSTEM = ("/proc", "/sys", "/dev", "/scratch")
_MAX_RESULT = 8 << 20


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What scripts may reach.

    Args:
        folders: that they may read, resolved.
        places: that their tool `fetch` may reach.
        here: the current folder, if one of the folders was named by a relative path; else "".
    """

    folders: tuple[Path, ...] = ()
    places: tuple[Place, ...] = ()
    here: str = ""

    def words(self) -> tuple[str, ...]:
        """As it could be given."""
        return (*(f"net:{each}" for each in self.places), *(f"read:{each}" for each in self.folders))


Allow = str | Iterable[str] | Allowance


def read_allow(allow: Allow) -> Allowance:
    """``"net:HOST:PORT,read:DIR"``, or several such words.

    >>> read_allow("net:example.com:443,net:[::1]:8080").words()
    ('net:example.com:443', 'net:[::1]:8080')

    Raises:
        UsageError: a word is wrong; names it and says how to write it.
    """
    if isinstance(allow, Allowance):
        return allow
    texts = [allow] if isinstance(allow, str) else list(allow)
    words = [word.strip() for text in texts for word in _NEXT.split(text) if word.strip()]
    folders, places, here = list[Path](), list[Place](), ""
    for word in words:
        kind, _, rest = word.partition(":")
        if kind == "net":
            places.append(_place(word, rest))
        elif kind == "read":
            folders.append(_folder(word, rest))
            here = here if Path(rest).expanduser().is_absolute() else str(Path.cwd())
        else:
            raise UsageError(f"allow {word!r} is neither net:HOST:PORT nor read:DIR; {_EXAMPLE}")
    return Allowance(folders=tuple(dict.fromkeys(folders)), places=tuple(dict.fromkeys(places)), here=here)


def _place(word: str, rest: str) -> Place:
    if "/" in rest:
        raise UsageError(f"allow {word!r} is a URL; {_EXAMPLE}")
    host, colon, port = rest.rpartition(":")
    if not colon or rest.endswith("]") or (":" in host and not host.startswith("[")):
        raise UsageError(f"allow {word!r} is not net:HOST:PORT; write for example net:api.example.com:443")
    try:
        return Place(read_host(host), read_port(port))
    except UsageError as error:
        raise UsageError(f"allow {word!r}: {error}") from error


def _folder(word: str, rest: str) -> Path:
    if not rest:
        raise UsageError(f"allow {word!r} names no folder; {_EXAMPLE}")
    try:
        path = Path(rest).expanduser().resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise UsageError(f"allow {word!r}: there is no such folder ({error}); make it, or name another one") from error
    if not path.is_dir():
        raise UsageError(f"allow {word!r} is no folder; name the folder that the file is in, read:{path.parent}")
    return path


class Reach:
    """An allowance put to work.

    Args:
        allow: see `read_allow`.
        kept: files and folders that no script may read: the workspace, the signing key.

    Raises:
        UsageError: a word is wrong, or a folder holds what no script may read.
    """

    def __init__(self, allow: Allow, kept: Iterable[Path]) -> None:
        self.allowance = read_allow(allow)
        for folder in self.allowance.folders:
            _refuse(folder, [each.expanduser().resolve() for each in kept])
        self._net: Toolbox | None = None
        if self.allowance.places:
            from .fetching import fetch_tools

            self._net = Toolbox(fetch_tools(self.allowance.places), max_result=_MAX_RESULT)

    @property
    def folders(self) -> tuple[Path, ...]:
        """What scripts may read."""
        return self.allowance.folders

    @property
    def here(self) -> str:
        """The folder that scripts are in; "" for their scratch folder."""
        return self.allowance.here

    def over(self, box: ToolInvoker) -> ToolInvoker:
        """Tools, and those that the allowance adds.

        Raises:
            UsageError: two have one name.
        """
        return box if self._net is None else _Both(box, self._net)


def _refuse(folder: Path, kept: Iterable[Path]) -> None:
    for system in map(Path, _SYSTEM):
        if folder == system or system in folder.parents or folder in system.parents:
            raise UsageError(f"allow 'read:{folder}': {system} is no folder to hand out; name one further down")
    for each in kept:
        if folder == each or each in folder.parents or folder in each.parents:
            raise UsageError(
                f"allow 'read:{folder}': {each} is of Cambrian itself, and no script may read it; name a folder that "
                f"neither holds it nor is in it, or keep the workspace elsewhere (--workspace)"
            )


class _Both:
    """Two sets of tools as one `ToolInvoker`."""

    def __init__(self, first: ToolInvoker, second: ToolInvoker) -> None:
        self._first, self._second = first, second
        self._names = {tool.name for tool in second.tools()}
        twice = sorted(self._names & {tool.name for tool in first.tools()})
        if twice:
            raise UsageError(
                f"a tool is called {twice[0]!r}, as one that allow='net:…' adds; give yours another name, or leave "
                f"net:… out"
            )

    def _of(self, call: Call) -> ToolInvoker:
        return self._second if call.tool in self._names else self._first

    def tools(self) -> tuple[Tool, ...]:
        return (*self._first.tools(), *self._second.tools())

    def refusal(self, call: Call) -> str:
        return self._of(call).refusal(call)

    async def approve(self, call: Call) -> str:
        return await self._of(call).approve(call)

    async def invoke(self, call: Call, *, key: str) -> Answer:
        return await self._of(call).invoke(call, key=key)
