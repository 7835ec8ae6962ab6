"""How a program behaves, beyond what it answers: `around` has a jail tell arguments after the call and output too."""

from __future__ import annotations

from cambrian.core.errors import UsageError
from cambrian.core.ports import Program

from .policy import Policy
from .shipping import CAPTURE, shipped

__all__ = ["around"]

_TARGET = "cambrian/verify/inside/target.py"
_ENTRY = "cambrian/verify/inside/capture.py"


def around(program: Program, policy: Policy, *, cases: bool = False) -> Program:
    """A program whose answers are behaviours, as far as a policy looks at them.

    Args:
        program: the program.
        policy: what will be looked at. If that is the answer alone, the program is given back as it is.
        cases: whether calls are those of `cases.Case`, with objects to be made and shared; it is then stood around
            whatever the policy looks at.

    Raises:
        UsageError: the program has a file that would hide what stands around it.
    """
    if not policy.captures and not cases:
        return program
    taken = [path for path in program.files if path.split("/")[0] in ("cambrian", "cambrian.py")]
    if taken:
        raise UsageError(f"program file {taken[0]!r} hides the package of that name; name it otherwise")
    wanted = {
        "arguments": policy.mutation == "same",
        "output": policy.output,
        "objects": policy.objects == "state",
        "sharing": policy.identity,
        "args": policy.exceptions == "type+args",
    }
    flags = sorted(name for name, on in wanted.items() if on)
    files = {**program.files, **shipped(CAPTURE), _TARGET: f"ENTRY = {program.entry!r}\nFLAGS = frozenset({flags!r})\n"}
    return Program(files=files, entry=f"{_ENTRY}:{'call_case' if cases else 'call'}")
