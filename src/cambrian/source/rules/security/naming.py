"""What names around an expression speak of: passwords, tokens, keys. Trees only."""

from __future__ import annotations

import ast
import re

from cambrian.source.analysis.module import Module

__all__ = ["SECRET_WORDS", "words_around", "words_of"]

SECRET_WORDS = frozenset({
    "password", "passwd", "pwd", "token", "secret", "otp", "nonce", "salt", "credential", "credentials", "auth",
    "signature", "csrf", "apikey", "session", "passcode", "passphrase", "captcha", "totp", "invite", "reset",
    "activation",
})  # fmt: skip
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def words_of(name: str) -> set[str]:
    """The words of a name, in lower case, plural ones also without their s."""
    words = {part.lower() for part in _PARTS.findall(name)}
    return words | {word[:-1] for word in words if word.endswith("s") and len(word) > 3}


def words_around(module: Module, node: ast.expr) -> set[str]:
    """The words of the names in an expression and around it: of variables, arguments and functions."""
    names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
    names += [each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)]
    for above in module.ancestors(node):
        if isinstance(above, ast.Assign):
            names += [each for target in above.targets for each in _names(target)]
        elif isinstance(above, ast.AnnAssign | ast.AugAssign):
            names += _names(above.target)
        elif isinstance(above, ast.keyword):
            names.append(above.arg or "")
        elif isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
            names.append(above.name)
            break
    return {word for name in names for word in words_of(name)}


def _names(target: ast.expr) -> list[str]:
    found = [each.id for each in ast.walk(target) if isinstance(each, ast.Name)]
    return found + [each.attr for each in ast.walk(target) if isinstance(each, ast.Attribute)]
