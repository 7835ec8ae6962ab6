"""Repairs of names that are not there: variables, modules, members of modules. Pure; nothing is executed."""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.repair.foreign import WORDS
from cambrian.source.repair.operators.statements import indented, outdented
from cambrian.source.repair.report import Failure, Fix, Pattern
from cambrian.source.repair.spelling import similar
from cambrian.source.repair.surface import Function, Surface

from .writing import BUILTINS, importing, made, on_lines, sites

__all__ = ["fixes", "unbound"]

_HOMES = {
    "collections": "Counter defaultdict deque namedtuple OrderedDict ChainMap UserDict UserList",
    "dataclasses": "dataclass field asdict replace astuple fields", "datetime": "timedelta timezone date UTC",
    "functools": "lru_cache partial reduce wraps cache cached_property total_ordering cmp_to_key singledispatch "
    "partialmethod",
    "itertools": "chain combinations permutations product groupby accumulate islice count cycle zip_longest pairwise "
    "takewhile dropwhile starmap tee filterfalse compress batched combinations_with_replacement",
    "math": "sqrt floor ceil pi gcd lcm log log2 log10 sin cos tan atan2 radians degrees inf nan isclose isqrt isnan "
    "factorial prod hypot comb perm dist exp fsum trunc",
    "pathlib": "Path PurePath PurePosixPath",
    "typing": "Any Optional Union Callable Iterable Iterator Sequence NamedTuple TypeVar Protocol List Dict Tuple Set "
    "Generic Literal TypedDict ClassVar Final Self Generator Mapping cast overload TYPE_CHECKING",
    "abc": "ABC ABCMeta abstractmethod", "enum": "Enum IntEnum StrEnum Flag IntFlag auto unique",
    "copy": "deepcopy", "io": "StringIO BytesIO TextIOWrapper",
    "decimal": "Decimal ROUND_HALF_UP ROUND_HALF_EVEN getcontext localcontext InvalidOperation",
    "fractions": "Fraction", "types": "SimpleNamespace MappingProxyType",
    "contextlib": "contextmanager suppress redirect_stdout ExitStack closing nullcontext asynccontextmanager",
    "heapq": "heappush heappop heapify nlargest nsmallest heapreplace heappushpop",
    "bisect": "bisect_left bisect_right insort bisect", "random": "randint shuffle choice choices sample uniform",
    "time": "sleep perf_counter monotonic strftime", "json": "dumps loads JSONDecodeError JSONEncoder",
    "operator": "itemgetter attrgetter methodcaller", "statistics": "mean median stdev pstdev fmean variance mode",
    "string": "ascii_lowercase ascii_uppercase ascii_letters digits punctuation Template Formatter",
    "textwrap": "dedent indent fill shorten", "uuid": "uuid4 UUID", "threading": "Thread Lock RLock Event",
    "urllib.parse": "urlparse urlencode quote unquote urlsplit urlunsplit urlunparse urljoin parse_qs parse_qsl",
    "asyncio": "gather create_task wait_for", "shlex": "shlex", "pprint": "pprint pformat", "hashlib": "sha256 md5",
    "concurrent.futures": "ThreadPoolExecutor ProcessPoolExecutor as_completed", "inspect": "signature",
    "base64": "b64encode b64decode", "html": "escape unescape", "glob": "iglob", "weakref": "WeakKeyDictionary "
    "WeakValueDictionary", "zoneinfo": "ZoneInfo", "difflib": "SequenceMatcher get_close_matches", "array": "array",
    "tempfile": "TemporaryDirectory NamedTemporaryFile", "queue": "Queue PriorityQueue",
    "graphlib": "TopologicalSorter", "argparse": "ArgumentParser", "subprocess": "Popen check_output",
    "csv": "DictReader DictWriter",
}  # fmt: skip
_MEMBER_OF = {name: module for module, names in _HOMES.items() for name in names.split()}
_SHORT = 2
"""Letters of a name that is as near to any other short one."""
_ALIASES = {"np": "import numpy as np", "pd": "import pandas as pd", "plt": "import matplotlib.pyplot as plt"}


def fixes(surface: Surface, failure: Failure) -> Iterator[Fix]:
    """For NameError, UnboundLocalError and ImportError."""
    if failure.type in ("NameError", "UnboundLocalError"):
        name = failure.name or _quoted(failure.message)
        if name:
            yield from _printed(surface, name)
            yield from _unknown(surface, failure, name)
            yield from _imported(surface, name)
            yield from _scoped(surface, failure, name)
            yield from _self(surface, failure, name)
            yield from _moved(surface, failure, name)
    elif failure.type in ("ModuleNotFoundError", "ImportError"):
        yield from _module(surface, failure)


def _quoted(message: str) -> str:
    match = re.search(r"'(\w+)'", message)
    return match[1] if match else ""


def _unknown(surface: Surface, failure: Failure, name: str) -> Iterator[Fix]:
    """A word that is like it, at this place and everywhere."""
    known = dict.fromkeys((*failure.visible, *_bound(surface), *BUILTINS))
    likely = [(word, cost if word not in BUILTINS else cost + 0.3) for word, cost in similar(name, known)]
    if name in WORDS:
        likely.insert(0, (WORDS[name], 0.2))
    for word, cost in likely:
        sure = len(name) > _SHORT or word.lower() == name.lower()
        pattern = Pattern(failure.type, "", name, word)
        splices = tuple(surface.locator.splice(site.node, word) for site in sites(surface, name))
        here = tuple(
            surface.locator.splice(site.node, word) for distance, site in on_lines(surface, failure)
            if distance == 0 and isinstance(site.node, ast.Name) and site.node.id == name
        )  # fmt: skip
        if here:
            yield made(surface, here, f"{name!r} → {word!r}", cost, failure.line, pattern=pattern, named=sure)
        if splices and splices != here and name not in _bound(surface):
            what = f"{name!r} → {word!r} everywhere"
            yield made(surface, splices, what, cost + 0.01, failure.line, pattern=pattern, named=sure)
    for word, cost in similar(name, _bound(surface)):  # the one that is bound may be the misspelled one
        yield from _rebound(surface, word, name, cost)


def _rebound(surface: Surface, bound: str, name: str, cost: float) -> Iterator[Fix]:
    """The name is right, and what binds it is misspelled."""
    if sites(surface, bound):
        return
    for node in ast.walk(surface.tree):
        if isinstance(node, ast.Name) and node.id == bound and isinstance(node.ctx, ast.Store):
            yield made(surface, surface.locator.splice(node, name), f"{bound!r} → {name!r}", cost + 0.6, node.lineno)
        elif isinstance(node, Function | ast.ClassDef) and node.name == bound:
            start = surface.text.index(bound, surface.locator.range(node)[0])
            yield made(
                surface, Splice(start, start + len(bound), name), f"{bound!r} → {name!r}", cost + 0.6, node.lineno
            )
        elif isinstance(node, ast.arg) and node.arg == bound:
            start = surface.locator.offset(node.lineno, node.col_offset)
            splice = Splice(start, start + len(bound), name)
            yield made(surface, splice, f"{bound!r} → {name!r}", cost + 0.6, node.lineno)


def _bound(surface: Surface) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for node in ast.walk(surface.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.setdefault(node.id)
        elif isinstance(node, Function | ast.ClassDef):
            found.setdefault(node.name)
        elif isinstance(node, ast.arg):
            found.setdefault(node.arg)
        elif isinstance(node, ast.alias):
            found.setdefault((node.asname or node.name).partition(".")[0])
    return tuple(found)


_PRINTERS = {
    "console": ("console.log", "console.info", "console.error"), "System": ("System.out.println", "System.out.print"),
    "Console": ("Console.WriteLine", "Console.Write"), "fmt": ("fmt.Println", "fmt.Print"),
}  # fmt: skip
"""What prints in other languages, by its first word."""


def _printed(surface: Surface, name: str) -> Iterator[Fix]:
    """``console.log`` and the like, everywhere."""
    heads = [
        site.node.func
        for site in surface.sites
        if isinstance(site.node, ast.Call) and surface.segment(site.node.func) in _PRINTERS.get(name, ())
    ]
    if heads:
        splices = tuple(surface.locator.splice(head, "print") for head in heads)
        yield made(surface, splices, f"{surface.segment(heads[0])} → print", 0.2, heads[0].lineno)


def unbound(surface: Surface) -> tuple[str, ...]:
    """Names that are read and that nothing in the text binds; none where another module's names are all taken in."""
    known = {*_bound(surface), *dir(builtins), "__file__", "__class__", "__path__"}
    for node in ast.walk(surface.tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return ()
        if isinstance(node, ast.Global | ast.Nonlocal):
            known.update(node.names)
        for field in ("name", "rest"):  # of handlers, patterns and parameters of types
            if isinstance(word := getattr(node, field, None), str):
                known.add(word)
    read = [node.id for node in ast.walk(surface.tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    return tuple(name for name in dict.fromkeys(read) if name not in known)


def _imported(surface: Surface, name: str) -> Iterator[Fix]:
    """A module, or a member of one, of the standard library that nobody imported."""
    lines: list[tuple[str, float]] = []
    if name in _MEMBER_OF:
        home = _MEMBER_OF[name]
        besides = [other for other in unbound(surface) if other != name and _MEMBER_OF.get(other) == home]
        if besides:
            lines.append((f"from {home} import {', '.join([name, *besides])}", 0.1))
    if name in sys.stdlib_module_names:
        lines.append((f"import {name}", 0.1))
        if name == "datetime":
            lines.append(("from datetime import datetime", 0.15))
    if name in _MEMBER_OF:
        lines.append((f"from {_MEMBER_OF[name]} import {name}", 0.2))
    if name in _ALIASES:
        lines.append((_ALIASES[name], 0.2))
    for line, cost in lines:
        yield made(surface, importing(surface, line), line, cost, 1, named=_fits(surface, name, line))


def _fits(surface: Surface, name: str, line: str) -> bool:
    """Whether a name is used as what is imported: a module for its members; what may be a variable, too, called."""
    uses = sites(surface, name)
    if line.startswith("import "):
        return all(isinstance(use.parent, ast.Attribute) for use in uses)
    if name != name.lower() or "_" in name:
        return True
    listed = (node for node in ast.walk(surface.tree) if isinstance(node, Function | ast.ClassDef))
    marks = {id(each) for node in listed for each in node.decorator_list}
    return all((isinstance(use.parent, ast.Call) and use.field == "func") or id(use.node) in marks for use in uses)


def _scoped(surface: Surface, failure: Failure, name: str) -> Iterator[Fix]:
    """A variable of another scope, or one that is set too late."""
    for node in surface.functions:
        if not node.lineno <= failure.line <= (node.end_lineno or 0):
            continue
        first = surface.place(node.body[0]) or (surface.place(node.body[1]) if len(node.body) > 1 else None)
        if first is None:
            continue
        for word in ("global", "nonlocal"):
            if failure.type == "UnboundLocalError":
                splice = surface.before(first, f"{word} {name}")
                yield made(surface, splice, f"{word} {name}", 0.4, node.lineno)
        for value in ("0", "[]", "{}", "''", "None", "1", "False"):
            splice = surface.before(first, f"{name} = {value}")
            yield made(surface, splice, f"{name} = {value} to begin with", 2.5, node.lineno, named=False)


def _self(surface: Surface, failure: Failure, name: str) -> Iterator[Fix]:
    """``self`` that is no parameter, and attributes or methods that are read without it."""
    for node in ast.walk(surface.tree):
        for inner in node.body if isinstance(node, ast.ClassDef) and _holds(node, failure.line) else ():
            if isinstance(inner, Function) and _holds(inner, failure.line):
                yield from _of_method(surface, failure, name, inner)


def _holds(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or 0)


def _of_method(
    surface: Surface, failure: Failure, name: str, method: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Fix]:
    if name in ("self", "cls"):
        start = surface.text.index("(", surface.locator.range(method)[0]) + 1
        text = f"{name}, " if method.args.args else name
        yield made(surface, Splice(start, start, text), f"{name!r} as the first parameter", 0.1, method.lineno)
    here = [site for _, site in on_lines(surface, failure) if site.text == name and isinstance(site.node, ast.Name)]
    for site in here[:1]:
        splice = surface.locator.splice(site.node, f"self.{name}")
        yield made(surface, splice, f"{name} → self.{name}", 0.3, failure.line)


def _moved(surface: Surface, failure: Failure, name: str) -> Iterator[Fix]:
    """A statement in the wrong block: the one that failed, or one that binds the name."""
    lines = {failure.line, *failure.lines}
    lines |= {node.lineno for node in ast.walk(surface.tree) if isinstance(node, ast.Name) and node.id == name}
    for operator in (indented, outdented):
        for patch in operator(surface):
            if patch.line in lines:
                cost = 0.9 if patch.line == failure.line else 1.1
                text = patch.on(surface.text)
                yield Fix(text=text, what="indentation", cost=cost, line=patch.line, named=False)


def _module(surface: Surface, failure: Failure) -> Iterator[Fix]:
    """A module's name, or that of something in it."""
    for node in ast.walk(surface.tree):
        if not isinstance(node, ast.Import | ast.ImportFrom) or not _is_there(node, failure):
            continue
        start, stop = surface.locator.range(node)
        text = surface.text[start:stop]
        for old, new, cost in _import_words(node, failure):
            head, _, tail = text.partition("import") if failure.type == "ImportError" else ("", "", text)
            made_ = head + ("import" if head else "") + re.sub(rf"\b{re.escape(old)}\b", new, tail, count=1)
            splice = Splice(start, stop, made_)
            pattern = Pattern(failure.type, "", old, new)
            yield made(surface, splice, f"{old!r} → {new!r}", cost, node.lineno, pattern=pattern)
            if isinstance(node, ast.Import) and not any(alias.asname for alias in node.names):
                uses = tuple(surface.locator.splice(site.node, new) for site in sites(surface, old))
                yield made(surface, (splice, *uses), f"{old!r} → {new!r} everywhere", cost + 0.1, node.lineno)
            if isinstance(node, ast.ImportFrom):
                uses = tuple(surface.locator.splice(site.node, new) for site in sites(surface, old))
                if uses:
                    yield made(surface, (splice, *uses), f"{old!r} → {new!r} everywhere", cost + 0.1, node.lineno)
        yield from _other_home(surface, node, start, stop)
        place = surface.place(node)
        if place is not None:
            yield made(surface, surface.removal(place), f"without {text!r}", 2.0, node.lineno, named=False)


def _other_home(surface: Surface, node: ast.Import | ast.ImportFrom, start: int, stop: int) -> Iterator[Fix]:
    if isinstance(node, ast.ImportFrom) and len(node.names) == 1 and node.names[0].name in _MEMBER_OF:
        alias = node.names[0]
        suffix = f" as {alias.asname}" if alias.asname else ""
        line = f"from {_MEMBER_OF[alias.name]} import {alias.name}{suffix}"
        yield made(surface, Splice(start, stop, line), line, 0.3, node.lineno)


def _is_there(node: ast.Import | ast.ImportFrom, failure: Failure) -> bool:
    return node.lineno <= failure.line <= (node.end_lineno or 0)


def _import_words(node: ast.Import | ast.ImportFrom, failure: Failure) -> Iterator[tuple[str, str, float]]:
    modules = [name for name in sys.stdlib_module_names if not name.startswith("_")]
    if failure.type == "ModuleNotFoundError":
        given = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        for name in given:
            for part in name.split("."):
                known = modules if part == name.partition(".")[0] else failure.members
                for word, cost in similar(part, known):
                    yield part, word, cost
        return
    for alias in node.names:
        if not failure.name or alias.name == failure.name:
            for word, cost in similar(alias.name, failure.members):
                yield alias.name, word, cost
