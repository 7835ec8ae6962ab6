"""The whole file. One script, one style, allowed by their hashes; the data as JSON that no parser of HTML can leave.

A page that needs no script (`still_page`) has a policy that lets none run.
"""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from pathlib import Path
from string import Template

import msgspec

from cambrian.core.errors import UsageError
from cambrian.journal.replacing import clear_leftovers, replace_file

from . import sections
from .content import Content
from .markup import Markup, text

__all__ = ["check_place", "page_of", "still_page", "write_page"]

_SCRIPTS = ("base.js", "difference.js", "fitness.js", "tree.js", "compare.js", "archive.js", "start.js")
_MARK = '<meta name="cambrian-run" content="{run}">'
"""By this a report is known again; it stands in the first `_HEAD` bytes."""
_HEAD = 4096
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page_of(content: Content) -> str:
    """The report as HTML: one file that needs no other and no network."""
    style = _part("report.css")
    script = '"use strict";\n(() => {\n' + "\n".join(map(_part, _SCRIPTS)) + "\n})();\n"
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    )
    return Template(_part("report.html")).substitute(
        policy=policy,
        run=text(content.outcome.run),
        title=text(f"{content.outcome.task} – {content.outcome.run}"),
        style=style,
        headline=sections.headline(content),
        descent=sections.descent(content),
        archive=sections.archive(content),
        proposers=sections.proposers(content),
        failures=sections.failures(content),
        timeline=sections.timeline(content),
        about=sections.about(content),
        data=embedded(content),
        script=script,
    )


def still_page(part: str, *, run: str, title: str, **parts: Markup) -> str:
    """A page without a script.

    Args:
        part: name of the HTML in ``page/``.
        run: what the page is of.
        title: of the window.
        parts: what stands where in it.
    """
    style = _part("report.css")
    policy = f"default-src 'none'; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    return Template(_part(part)).substitute(policy=policy, run=text(run), title=text(title), style=style, **parts)


def embedded(value: object) -> str:
    r"""JSON that can stand in a ``script`` element: no character in it can end the element or begin another.

    >>> embedded({"a": "</script><!--"})
    '{"a":"\\u003c/script\\u003e\\u003c!--"}'
    """
    data = msgspec.json.encode(value).decode()
    for character, escape in _ESCAPES.items():
        data = data.replace(character, escape)
    return data


def check_place(path: Path, *, run: str = "", option: str = "--out") -> None:
    """Refuse a place where no report could be written, before the work that it would tell of.

    Args:
        path: the file.
        run: what the report is of; empty for what has no name yet, and so has no older report.
        option: by which the place was named.

    Raises:
        UsageError: see `write_page`.
    """
    try:
        if path.is_dir():
            raise UsageError(f"{str(path)!r} is a folder; name a file, such as {str(path / 'report.html')!r}")
        if not path.parent.is_dir():
            raise UsageError(f"{str(path)!r} cannot be written: there is no folder {str(path.parent)!r}; make it first")
        _replaceable(path, run, option)
    except OSError as error:
        raise UsageError(f"the report cannot be written to {str(path)!r}: {error.strerror}") from error


def write_page(path: Path, page: str, *, run: str, option: str = "--out") -> int:
    """Write the file, whole or not at all. Only an older report of the same run is replaced.

    Returns:
        Its size in bytes.

    Raises:
        UsageError: it cannot be written there, or something else stands there.
    """
    data = page.encode()
    check_place(path, run=run, option=option)
    try:
        clear_leftovers(path)
        replace_file(path, data, durable=False, label="app.report", mode=0o644)
    except OSError as error:
        raise UsageError(f"the report cannot be written to {str(path)!r}: {error.strerror}") from error
    return len(data)


def _replaceable(path: Path, run: str, option: str) -> None:
    """Refuse to replace what is no report of this run: nobody could get that back."""
    if not path.exists() and not path.is_symlink():
        return
    with path.open("rb") as file:
        start = file.read(_HEAD)
    if not run or _MARK.format(run=text(run)).encode() not in start:
        which = f"is no Cambrian report of run {run!r}" if run else "holds something else"
        raise UsageError(
            f"{str(path)!r} exists already and {which}; name another file with {option}, or delete that one"
        )


def _part(name: str) -> str:
    return resources.files("cambrian.app.report").joinpath("page", name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """Content Security Policy level 3: the hash of an inline element's text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
