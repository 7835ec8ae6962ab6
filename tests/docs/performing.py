"""What each code block of the documentation has to do.

==============================  ====================================================================================
block                           what happens
==============================  ====================================================================================
any, with ``title="a/b.py"``    written to that file, for the blocks after it
``console``                     each line after ``$`` is run by bash; what it prints must be what stands below it,
                                where ``…`` stands for anything. A command may fail only if an error is printed there
``bash``                        each line is run by bash and must succeed
``python``                      executed; the blocks of a page share their names
``toml``                        laid over a small task, which must load
``json``                        must parse, unless ``…`` leaves something out
``text``                        shown, not run
==============================  ====================================================================================
"""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, cast

import pytest

from cambrian.app.taskfile import load_task

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
ELSEWHERE = {
    r"pip install uv( && uv run .*)?": "what .ci/run begins with",
    r"uv (sync|run) .*": "a step of .ci/run",
    r"\.ci/run .*": "is what runs this",
    r"python3 -m venv .*|\.venv/bin/.*": "a step of .ci/run",
}
"""Lines of ``bash`` blocks that install or test the whole project → why they are not run here."""

_FENCE = re.compile(r"^( *)```(?P<info>[^\n`]*)\n(?P<text>.*?)^\1```\s*$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="(?P<path>[^"]+)"')


class Block(NamedTuple):
    """A fenced block: its language, the file that it is, its text and where it stands."""

    language: str
    title: str | None
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        language, _, rest = match["info"].strip().partition(" ")
        title = _TITLE.search(rest)
        body = re.sub(f"^{match[1]}", "", match["text"], flags=re.MULTILINE)
        yield Block(language, title["path"] if title else None, body, text.count("\n", 0, match.start()) + 1)


def run(command: str) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        text=True, timeout=80, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def matches(expected: str, printed: str) -> bool:
    """Whether output is as shown: line ends are trimmed, runs of spaces count as one, ``…`` is anything."""

    def normal(text: str) -> str:
        return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())

    pattern = ".*".join(re.escape(piece.strip(" ")) for piece in normal(expected).split("…"))
    return re.fullmatch(pattern.replace(r"\ ", r"\s*"), normal(printed), re.DOTALL) is not None


def run_console(block: Block) -> None:
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        while command.endswith("\\"):
            more, _, expected = expected.partition("\n")
            command = command[:-1] + more
        status, printed = run(command)
        assert status == 0 or "error" in expected, f"`{command}` ended with {status}:\n{printed}"
        assert matches(expected, printed), f"`{command}` printed\n{printed}\nwhere the page shows\n{expected}"


def run_bash(block: Block) -> None:
    for line in block.text.splitlines():
        command = re.sub(r"\s+#.*", "", line).strip()
        if not command or any(re.fullmatch(pattern, command) for pattern in ELSEWHERE):
            continue
        status, printed = run(command)
        assert status == 0, f"`{command}` ended with {status}:\n{printed}"


def load_toml(block: Block, folder: Path) -> None:
    """Lay the block's keys over a small task and load it; the files that it names are made up."""
    whole: dict[str, object] = {"entry": "program.py:solve", **tomllib.loads(block.text)}
    callable_mode = whole.get("mode") == "callable"
    whole.setdefault("objectives", {"speedup" if callable_mode else "score": "maximize"})
    path, function = str(whole["entry"]).split(":")
    program = cast("list[str]", whole.setdefault("program", [path]))
    base = folder / f"fragment_{block.line}"
    texts = dict.fromkeys(program, "") | {path: f"def {function}(*given):\n    return given\n"}
    texts[str(whole.get("evaluator", "evaluate.py"))] = "def inputs(rng): return [()]\ndef score(*given): return 1.0\n"
    texts |= {str(whole["problem"]): "direction = 'maximize'\n"} if "problem" in whole else {}
    for name, text in texts.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(text, encoding="utf-8")
    (base / "task.toml").write_text(to_toml(whole), encoding="utf-8")
    load_task(base)


def to_toml(tables: Mapping[str, object], prefix: str = "") -> str:
    """TOML of tables inside tables; JSON's scalars and lists are TOML's."""
    sections = {key: cast("dict[str, object]", value) for key, value in tables.items() if isinstance(value, dict)}
    lines = [f"{key} = {json.dumps(value)}" for key, value in tables.items() if key not in sections]
    parts = [f"[{prefix}{name}]\n{to_toml(section, f'{prefix}{name}.')}" for name, section in sections.items()]
    return "\n".join([*lines, *parts]) + "\n"


def run_python(block: Block, page: Path, names: dict[str, object]) -> None:
    """Execute a block from a real file, so that the source of its functions can be found."""
    path = Path(f"{page.stem}_line_{block.line}.py").absolute()
    path.write_text(block.text, encoding="utf-8")
    exec(compile(block.text, str(path), "exec"), names)


def perform(block: Block, page: Path, folder: Path, names: dict[str, object]) -> None:
    match block.language:
        case _ if block.title:
            (folder / block.title).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.title).write_text(block.text, encoding="utf-8")
        case "console":
            run_console(block)
        case "bash":
            run_bash(block)
        case "python":
            run_python(block, page, names)
        case "toml":
            load_toml(block, folder)
        case "json":
            _ = json.loads(block.text) if "…" not in block.text else None
        case "text":
            pass
        case other:
            pytest.fail(f"{page.name}:{block.line}: no rule for a block of {other!r}")


WITH_BLOCKS = [page for page in PAGES if any(blocks(page))]


def perform_page(page: Path, folder: Path) -> None:
    """All blocks of a page, in order."""
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        try:
            perform(block, page, folder, names)
        except BaseException as error:
            error.add_note(f"in the {block.language} block at {page.relative_to(ROOT)}:{block.line}")
            raise


def pages(*folders: str, besides: bool = False) -> list[Path]:
    """Pages with blocks below some folders of the documentation; or all others."""
    return [page for page in WITH_BLOCKS if (page.parent.name in folders) is not besides]


def name_of(page: Path) -> str:
    """As tests are named by it."""
    return page.relative_to(ROOT).as_posix()
