"""Do other frameworks' own examples run here, unmodified? Read from their source distributions, never kept.

    python benchmarks/frameworks_examples.py --check
    python benchmarks/frameworks_examples.py --source openevolve=~/openevolve --source shinka=~/ShinkaEvolve

Each source distribution is fetched into a temporary folder with pip. *Example*: a folder with an evaluator and an
initial program, the evaluator perhaps in a folder of its own, or a ``main.py`` with a ``seed`` folder of one program.
*Evaluator in a test*: a text inside the distribution's own tests that defines an evaluator, run on a trivial program;
the distributions of OpenEvolve hold no example folders, so these are what they bring. A checkout named by ``--source``
is looked through in the same way, in place of the distribution.

Each runs for a few evaluations. One that cannot run is listed with the reason that Cambrian gives: a library that is
not installed here, another language, a whole repository; or with the model or the network that its text names. Any
other reason counts as a miss.
"""

from __future__ import annotations

import ast
import json
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
EVALUATORS = ("evaluator.py", "evaluate.py", "run.py")
NETWORK = re.compile(
    r"\b(openai|anthropic|litellm|requests\.|urlopen|datasets\.load_dataset|huggingface|OPENAI_API_KEY)\b"
)
INSIDE_TEST = re.compile(r"^(?:def evaluate\(|def main\(program_path)", re.MULTILINE)
PROGRAM = "# EVOLVE-BLOCK-START\nVALUE = 0.5\n\n\ndef run():\n    return VALUE\n# EVOLVE-BLOCK-END\n"
FOLDERS = ("evaluator", "eval")
REASONS = ("cannot be imported", "is no Python", "judges a whole repository")
"""Of Cambrian's, for a task that cannot be run here."""
LONGEST_S = 300.0
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


def examples(root: Path) -> Iterator[list[Path]]:
    """What to name to have an example run: its folder, or its program and its evaluator."""
    for folder in sorted(path for path in [root, *root.rglob("*")] if path.is_dir()):
        judged = any((folder / inner / name).is_file() for inner in ("", *FOLDERS) for name in EVALUATORS)
        if judged and (list(folder.glob("initial*")) or (folder / "shinka.yaml").is_file()):
            yield [folder]
        elif (seeds := sorted(folder.glob("seed/*.py"))) and (folder / "main.py").is_file():
            yield [seeds[0], folder / "main.py"]
        elif (folder / "main.py").is_file():
            yield [folder]


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


def needs(named: list[Path]) -> str:
    """What it needs that is not here, as far as its text tells; empty if nothing is known."""
    folder = named[-1] if named[-1].is_dir() else named[-1].parent
    if (folder / "shinka.yaml").is_file() and not list(folder.glob("initial*")):
        return "it judges a whole repository, not a program"
    if len(named) == 1 and (folder / "main.py").is_file():
        return "what it starts with is a text inside its main.py, not a file"
    judges = [path for inner in ("", *FOLDERS) for path in (folder / inner).glob("eval*.py")]
    if any(NETWORK.search(path.read_text(encoding="utf-8")) for path in judges):
        return "its evaluator asks a model or the network"
    return ""


def tried(named: list[Path], evaluations: int) -> Verdict:
    """What a search over it gives."""
    with tempfile.TemporaryDirectory(prefix="cambrian-examples-") as workspace:
        command = [
            sys.executable, "-m", "cambrian", "evolve", *map(str, named), "--json", "--display", "none", "--seed", "1",
            "--jobs", "1", "--budget", f"{evaluations}ev", "--set", "limits.wall=60s", "--workspace", workspace,
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
        except subprocess.TimeoutExpired:
            return "needs", f"more than {LONGEST_S:.0f} s for {evaluations} evaluations"
    if done.returncode or not done.stdout:
        said = " ".join(done.stderr.split())
        return ("needs" if any(reason in said for reason in REASONS) else "fails"), said[:300]
    answer = json.loads(done.stdout)
    initial, best = answer["initial"]["objectives"], answer["best"]["objectives"]
    (name,) = initial
    assert answer["split"] is False
    return "runs", f"{name} {initial[name]:.6g} → {best[name]:.6g}, {answer['evaluations']} evaluations"


def of_source(source: str, root: Path, scratch: Path, evaluations: int) -> Iterator[Found]:
    """Everything that a distribution or a checkout brings."""
    for named in examples(root):
        missing = needs(named)
        verdict, detail = ("needs", missing) if missing else tried(named, evaluations)
        yield Found(source, " ".join(str(path.relative_to(root)) for path in named), verdict, detail)
    for number, (place, text) in enumerate(texts(root)):
        folder = scratch / f"{source}-{number}"
        folder.mkdir()
        (folder / "evaluator.py").write_text(text, encoding="utf-8")
        (folder / "initial_program.py").write_text(PROGRAM, encoding="utf-8")
        yield Found(source, place, *judged(text, *tried([folder], evaluations)))


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
            found += of_source(source, root, scratch, evaluations)
            if next(examples(root), None) is None:
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
