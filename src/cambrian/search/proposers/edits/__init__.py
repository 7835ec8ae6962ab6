"""Small typed edits of Python programs. Pure functions of a file, its tree and a random source; nothing is executed.

Index:
    window      the part of a program that one candidate's edits look at
    context     a file under edit: its editable expressions and statements, scopes and visible names
    operator    what an edit operator is; replacing an expression by position
    values      expressions: comparisons, arithmetic, constants, names, calls
    statements  statements: delete, copy, move, guard, leave early
    rewrites    faster expressions of (nearly) the same meaning
    loops       faster loops of (nearly) the same meaning
    proposer    `OperatorEdits`: picks operators, learns which pay

"Nearly": an operator need not preserve meaning. It proposes; the task's scorer decides.
"""

from __future__ import annotations

from .proposer import OPERATORS, OperatorEdits

__all__ = ["OPERATORS", "OperatorEdits"]
