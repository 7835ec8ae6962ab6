"""Do other frameworks' own examples run here, unmodified? Read from their source distributions, never kept.

    python benchmarks/frameworks_examples.py --check
    python benchmarks/frameworks_examples.py --source openevolve=~/openevolve --source shinka=~/ShinkaEvolve

Each source distribution is fetched into a temporary folder with pip. *Example*: a folder with an evaluator and an
initial program. *Evaluator in a test*: a text inside the distribution's own tests that defines an evaluator, run on a
trivial program; the distributions of OpenEvolve hold no example folders, so these are what they bring. A checkout
named by ``--source`` is looked through in the same way, in place of the distribution.

Each runs for a few evaluations. One that cannot run is listed with the reason: a library that is not installed here,
another language, a model or the network that it needs, or what went wrong. Only the last counts as a miss.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from report import Figure, finish, options

DISTRIBUTIONS = {"openevolve": "openevolve", "shinka": "shinka-evolve", "gepa": "gepa", "skydiscover": "skydiscover"}
EVALUATORS = ("evaluator.py", "evaluate.py")
NETWORK = re.compile(
    r"\b(openai|anthropic|litellm|requests\.|urlopen|datasets\.load_dataset|huggingface|OPENAI_API_KEY)\b"
)
INSIDE_TEST = re.compile(r"^(?:def evaluate\(|def main\(program_path)", re.MULTILINE)
PROGRAM = "# EVOLVE-BLOCK-START\nVALUE = 0.5\n\n\ndef run():\n    return VALUE\n# EVOLVE-BLOCK-END\n"
LONGEST_S = 120.0
Verdict = tuple[str, str]


@dataclass(frozen=True)
class Found:
    """An example and what came of it.

    Args:
        source: whose it is.
        name: its folder, or the file and line of the text.
        verdict: ``"runs"``, ``"needs"`` (something that is not here) or ``"fails"``.
        detail: the scores reached, or the reason.
    """

    source: str
    name: str
    verdict: str
    detail: str


def fetched(name: str, folder: Path) -> Path:
    """The unpacked source distribution of a framework.

    Raises:
        OSError: it cannot be had.
    """
    pip = shutil.which("pip")
    if pip is None:
        raise OSError("there is no pip on the PATH; install it, or name a checkout with --source")
    command = [pip, "download", "--quiet", "--no-deps", "--no-binary", name, "-d", str(folder), name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    archives = sorted(folder.glob("*.tar.gz"))
    if done.returncode or not archives:
        raise OSError(f"pip cannot fetch it: {done.stderr.strip()[-200:]}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    return folder


def examples(root: Path) -> Iterator[Path]:
    """Folders with an evaluator and a program."""
    for path in sorted(root.rglob("*.py")):
        if path.name in EVALUATORS and list(path.parent.glob("initial*")):
            yield path.parent


def texts(root: Path) -> Iterator[tuple[str, str]]:
    """Evaluators in the tests' own texts: place and text."""
    for path in sorted(root.rglob("tests/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            text = textwrap.dedent(node.value)
            if INSIDE_TEST.search(text) and parses(text):
                yield f"{path.name}:{node.lineno}", text


def parses(text: str) -> bool:
    """Whether it is whole: some are pieces that are put together."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def absent(folder: Path) -> list[str]:
    """Packages that the evaluator or the program imports without a guard and that are not installed here."""
    own = {path.stem for path in folder.rglob("*.py")} | {path.name for path in folder.iterdir()}
    lent = {"openevolve", "skydiscover", "shinka", "gepa"}
    names: set[str] = set()
    for path in [*folder.glob("eval*.py"), *folder.glob("initial*.py")]:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return sorted(name for name in names - own - lent if importlib.util.find_spec(name) is None)


def needs(folder: Path) -> str:
    """What it needs that is not here; empty if nothing is known."""
    if not list(folder.glob("initial*.py")):
        suffixes = sorted({path.suffix for path in folder.glob("initial*") if path.is_file()})
        return f"its program is no Python ({', '.join(suffixes) or 'a folder'})"
    if missing := absent(folder):
        return f"not installed here: {', '.join(missing)}"
    if any(NETWORK.search(path.read_text(encoding="utf-8")) for path in folder.glob("eval*.py")):
        return "its evaluator asks a model or the network"
    return ""


def tried(folder: Path, evaluations: int) -> Verdict:
    """What a search over it gives."""
    with tempfile.TemporaryDirectory(prefix="cambrian-examples-") as workspace:
        command = [
            sys.executable, "-m", "cambrian", "evolve", str(folder), "--json", "--display", "none", "--seed", "1",
            "--jobs", "1", "--budget", f"{evaluations}ev", "--set", "limits.wall=60s", "--workspace", workspace,
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        except subprocess.TimeoutExpired:
            return "needs", f"more than {LONGEST_S:.0f} s for {evaluations} evaluations"
    if done.returncode or not done.stdout:
        return "fails", " ".join(done.stderr.split())[:300]
    answer = json.loads(done.stdout)
    initial, best = answer["initial"]["objectives"], answer["best"]["objectives"]
    (name,) = initial
    assert answer["split"] is False
    return "runs", f"{name} {initial[name]:.6g} → {best[name]:.6g}, {answer['evaluations']} evaluations"


def of_source(source: str, root: Path, scratch: Path, evaluations: int) -> Iterator[Found]:
    """Everything that a distribution or a checkout brings."""
    for folder in examples(root):
        missing = needs(folder)
        verdict, detail = ("needs", missing) if missing else tried(folder, evaluations)
        yield Found(source, str(folder.relative_to(root)), verdict, detail)
    for number, (place, text) in enumerate(texts(root)):
        folder = scratch / f"{source}-{number}"
        folder.mkdir()
        (folder / "evaluator.py").write_text(text, encoding="utf-8")
        (folder / "initial_program.py").write_text(PROGRAM, encoding="utf-8")
        yield Found(source, place, *judged(text, *tried(folder, evaluations)))


def judged(text: str, verdict: str, detail: str) -> Verdict:
    """A test's text is often made to fail, to time out or to be a stub; then not running is right."""
    if verdict == "fails" and ("sleep(" in text or "raise " in text):
        return "needs", f"it is made to fail or to time out: {detail[:120]}"
    if verdict == "fails" and re.search(r":\n\s+pass\b", text):
        return "needs", "it is a stub that gives nothing"
    return verdict, detail


def look(sources: dict[str, Path], evaluations: int) -> tuple[list[Found], dict[str, str]]:
    """Everything from everywhere, and whose distribution could not be had."""
    found: list[Found] = []
    problems: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="cambrian-examples-") as temporary:
        scratch = Path(temporary)
        for source, package in DISTRIBUTIONS.items():
            try:
                if source not in sources:
                    (scratch / source).mkdir()
                root = sources.get(source) or fetched(package, scratch / source)
            except (OSError, subprocess.TimeoutExpired, tarfile.TarError) as error:
                problems[source] = str(error)
                continue
            before = len(found)
            found += of_source(source, root, scratch, evaluations)
            if not any("/" in item.name or os.sep in item.name for item in found[before:]):
                problems[source] = "it brings no example folder; name a checkout with --source"
    return found, problems


def main() -> int:
    """Run and print."""
    parser = options(__doc__)
    parser.add_argument("--evaluations", type=int, default=4, help="of each")
    parser.add_argument(
        "--source", action="append", default=[], metavar="NAME=FOLDER", help="a checkout to look through"
    )
    parser.add_argument("--only", help="names of frameworks, separated by commas; none: nobody")
    chosen = parser.parse_args()
    named = {
        name: Path(folder).expanduser().resolve() for name, _, folder in (item.partition("=") for item in chosen.source)
    }
    for name in set(DISTRIBUTIONS) - set((chosen.only or ",".join(DISTRIBUTIONS)).split(",")):
        DISTRIBUTIONS.pop(name)
    found, problems = look(named, chosen.evaluations)
    counts = Counter(item.verdict for item in found)
    if chosen.json:
        print(json.dumps({"examples": [asdict(item) for item in found], "sources": problems, **counts}))
    else:
        for item in found:
            print(f"{item.verdict:<6} {item.source:<12} {item.name:<60} {item.detail}")
        for source, problem in problems.items():
            print(f"note   {source:<12} {problem}")
        figures = [Figure("run", counts["runs"], ""), Figure("need what is not here", counts["needs"], "")]
        finish([*figures, Figure("fail", counts["fails"], "", 0)], as_json=False, check=False)
    return 1 if chosen.check and (counts["fails"] or not counts["runs"]) else 0


if __name__ == "__main__":
    sys.exit(main())
