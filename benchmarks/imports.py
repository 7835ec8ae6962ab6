"""What it costs to import Cambrian and to ask for help: CPU time, medians, interleaved with bare Python.

python benchmarks/imports.py --check
"""

from __future__ import annotations

import statistics
import sys

from report import Figure, cost, finish, options

COMMANDS = {
    "bare": ["-c", "pass"],
    "import": ["-c", "import cambrian"],
    "evolve": ["-c", "from cambrian import evolve"],
    "help": ["-m", "cambrian", "--help"],
}


def cpu_s(arguments: list[str]) -> float:
    """CPU seconds of one fresh interpreter."""
    return cost([sys.executable, *arguments]).cpu_s


def main() -> int:
    """Measure and print."""
    parser = options(__doc__)
    parser.add_argument("--repeat", type=int, default=15)
    chosen = parser.parse_args()
    for arguments in COMMANDS.values():
        cpu_s(arguments)  # compiles what is not compiled yet
    taken = {name: [0.0] * 0 for name in COMMANDS}
    for _ in range(chosen.repeat):
        for name, arguments in COMMANDS.items():
            taken[name].append(cpu_s(arguments))
    median = {name: statistics.median(values) for name, values in taken.items()}
    figures = [
        Figure("python -c pass", median["bare"], "s"),
        Figure("import cambrian, above bare Python", median["import"] - median["bare"], "s", 0.15),
        Figure("from cambrian import evolve, above bare Python", median["evolve"] - median["bare"], "s"),
        Figure("cambrian --help", median["help"], "s", 0.3),
    ]
    return finish(figures, as_json=chosen.json, check=chosen.check)


if __name__ == "__main__":
    sys.exit(main())
