"""TypeScript becomes JavaScript: types are overwritten with blanks, so that every line and column stays. Nothing runs.

What has a meaning at run time (``enum``, namespaces with values, parameter properties, ``import =``, ``export =``,
decorators) cannot be erased; it is named, for a runtime that knows TypeScript. This is the border that the compiler's
``erasableSyntaxOnly`` draws (TypeScript 5.8), except that prefix assertions ``<T>x`` are erased where that is safe.

Blanks alone could join what a type had kept apart; `typescript_erasers` tells where a ``;`` or a moved bracket takes
their place.
"""

from __future__ import annotations

import msgspec

from .javascript_tree import parse
from .tree import Problem
from .typescript_erasers import Eraser, Kept

__all__ = ["Erased", "Kept", "erase"]


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """A script without its types.

    Args:
        code: as long as the text it comes from, with the same ends of lines.
        kept: what could not be erased, in the order of the text. If there is any, `code` is no JavaScript.
    """

    code: str
    kept: tuple[Kept, ...] = ()


def erase(code: str, name: str = "script") -> Erased | Problem:
    """Take the types out of a script, or say why it cannot be read.

    Never raises for any text. What comes out parses as JavaScript, or something is in `Erased.kept`.

    Example:
        >>> erase("const a: number = 1").code
        'const a         = 1'
    """
    root = parse(code, "typescript", name)
    if isinstance(root, Problem):
        return root
    eraser = Eraser(code)
    eraser.visit(root)
    if eraser.kept:
        return Erased(code=eraser.text(), kept=tuple(eraser.kept))
    left = parse(eraser.text(), "javascript", name)
    if isinstance(left, Problem):
        message = f"what is left without the types is no JavaScript: {left.message}"
        return Problem(file=name, line=left.line, message=message)
    return Erased(code=eraser.text())
