"""What a condition says about variables: checks after which a value is harmless. Reads trees, evaluates nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from .calls import Calls
from .value import HARMLESS, KNOWN, Value

__all__ = ["Guards"]

_PLAIN_TEXT = frozenset({"isdigit", "isalnum", "isidentifier", "isdecimal", "isnumeric", "isalpha"})
_WITHIN = frozenset({"is_relative_to", "startswith"})
_LOOSE = re.compile(r"(?<!\\)\.(?:[*+]|\{)|\\[SW]|\[\^|^\.\*")
"""Patterns that let anything pass."""
_NUMBERS = frozenset({"int", "float", "bool", "UUID", "Decimal"})
_URL_CHECKS = frozenset({"url_has_allowed_host_and_scheme", "is_safe_url", "is_safe_redirect_url"})
_EVERYTHING = frozenset({HARMLESS})


class Guards(Calls):
    """Looks at conditions."""

    def narrowed(self, test: ast.expr, *, positive: bool) -> Mapping[str, Value]:
        """What is known of variables after a condition that held, or did not."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self.narrowed(test.operand, positive=not positive)
        if isinstance(test, ast.BoolOp):
            parts = test.values if isinstance(test.op, ast.And) is positive else []
            return {name: value for each in parts for name, value in self.narrowed(each, positive=positive).items()}
        if isinstance(test, ast.NamedExpr):
            return self.narrowed(test.value, positive=positive)
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self._compared(test, test.ops[0], positive)
        return self._checked(test) if isinstance(test, ast.Call) and positive else {}

    def _compared(self, test: ast.Compare, operator: ast.cmpop, positive: bool) -> Mapping[str, Value]:
        left, right = test.left, test.comparators[0]
        none = isinstance(right, ast.Constant) and right.value is None
        if none and isinstance(operator, ast.Is | ast.IsNot):
            return self.narrowed(left, positive=positive is isinstance(operator, ast.IsNot))
        if isinstance(operator, ast.In if positive else ast.NotIn):
            return self._cleaned(left) if self._fixed(right) else {}
        if isinstance(operator, ast.Eq if positive else ast.NotEq) and self.value(right).trust == KNOWN:
            if isinstance(left, ast.Call):  # urlparse(x).netloc == HOST
                return {}
            return self._cleaned(left) | self._hosts(left)
        return {}

    def _fixed(self, container: ast.expr) -> bool:
        """Whether what is in a container was written in the program."""
        if isinstance(container, ast.Call) and isinstance(container.func, ast.Attribute) and not container.args:
            return container.func.attr in {"keys", "values"} and self._fixed(container.func.value)
        value = self.value(container)
        return value.trust == KNOWN and not (isinstance(container, ast.Constant))

    def _cleaned(self, node: ast.expr, sinks: frozenset[str] = _EVERYTHING) -> dict[str, Value]:
        """The variable that an expression is, or is a simple form of (``x.lower()``), made harmless."""
        while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args:
            node = node.func.value
        if not isinstance(node, ast.Name):
            return self._hosts(node)
        value = self.lookup(node.id)
        return {node.id: value.cleaned(*sinks).tagged(value.tag)}

    def _hosts(self, node: ast.expr) -> dict[str, Value]:
        """``urlparse(x).netloc`` was compared: what the URL is made of is no longer anybody's."""
        names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
        if isinstance(node, ast.Attribute) and node.attr in {"netloc", "hostname", "scheme"}:
            sinks = frozenset({"redirect", "ssrf"})
            return {name: self.lookup(name).cleaned(*sinks).tagged(self.lookup(name).tag) for name in names}
        return {}

    def _checked(self, test: ast.Call) -> Mapping[str, Value]:
        function = test.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name in _PLAIN_TEXT and isinstance(function, ast.Attribute):
            return self._cleaned(function.value)
        if name == "isinstance" and len(test.args) == 2:
            kinds = {each.id for each in ast.walk(test.args[1]) if isinstance(each, ast.Name)}
            return self._cleaned(test.args[0]) if kinds and kinds <= _NUMBERS else {}
        if name in {"fullmatch", "match"}:
            return self._matched(test, name)
        if name in _WITHIN and isinstance(function, ast.Attribute):
            names = [each.id for each in ast.walk(function.value) if isinstance(each, ast.Name)]
            return {each: self._path_checked(each) for each in names if self.lookup(each).trust}
        if name in _URL_CHECKS and test.args:
            return self._cleaned(test.args[0], frozenset({"redirect", "ssrf"}))
        return {}

    def _path_checked(self, name: str) -> Value:
        value = self.lookup(name)
        return value.cleaned("path", "redirect").tagged(value.tag)

    def _matched(self, test: ast.Call, name: str) -> Mapping[str, Value]:
        """``re.fullmatch(pattern, x)``, or a compiled pattern."""
        if not test.args:
            return {}
        assert isinstance(test.func, ast.Attribute | ast.Name)
        direct = len(test.args) > 1
        holder = test.args[0] if direct else getattr(test.func, "value", None)
        pattern = self._pattern(holder)
        if pattern is None or _LOOSE.search(pattern):
            return {}
        whole = name == "fullmatch" or pattern.endswith(("$", r"\Z"))
        return self._cleaned(test.args[1 if direct else 0]) if whole else {}

    def _pattern(self, holder: ast.expr | None) -> str | None:
        if holder is None:
            return None
        value = self.value(holder)
        return value.text if value.text is not None else self.patterns.get(getattr(holder, "id", ""))

    @property
    def patterns(self) -> Mapping[str, str]:
        """Names of compiled regular expressions of the file → their patterns."""
        return {}
