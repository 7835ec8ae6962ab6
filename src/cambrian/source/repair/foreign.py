"""Words of other languages, and of other types, for what Python calls otherwise. Tables only."""

from __future__ import annotations

__all__ = ["CALLS", "KEYWORDS", "MEMBERS", "METHODS", "WORDS"]

WORDS = {
    "true": "True", "false": "False", "null": "None", "nil": "None", "undefined": "None", "none": "None",
    "TRUE": "True",
    "FALSE": "False", "NULL": "None", "this": "self", "raw_input": "input", "xrange": "range", "unicode": "str",
    "string": "str", "boolean": "bool", "integer": "int", "array": "list", "length": "len", "size": "len",
    "unichr": "chr", "long": "int", "reduce": "reduce", "println": "print", "printf": "print", "puts": "print",
    "echo": "print", "NaN": "float('nan')", "Infinity": "float('inf')", "parseInt": "int", "parseFloat": "float",
    "toString": "str", "Exeption": "Exception", "Error": "Exception",
}  # fmt: skip
"""Names."""

METHODS: dict[str, tuple[str, ...]] = {
    "push": ("append",), "push_back": ("append",), "add": ("append", "update"), "append": ("add", "extend"),
    "concat": ("extend",), "addAll": ("extend", "update"), "insert": ("append", "add"), "put": ("update", "append"),
    "remove": ("pop", "discard", "replace"), "delete": ("remove", "pop"), "shift": ("pop",), "popleft": ("pop",),
    "trim": ("strip",), "trimStart": ("lstrip",), "trimEnd": ("rstrip",), "toUpperCase": ("upper",),
    "toLowerCase": ("lower",), "upcase": ("upper",), "downcase": ("lower",), "indexOf": ("index", "find"),
    "search": ("find",), "replaceAll": ("replace",), "startsWith": ("startswith",), "endsWith": ("endswith",),
    "find": ("index",), "has": ("__contains__",), "extend": ("update", "append"), "update": ("extend", "append"),
    "iteritems": ("items",), "itervalues": ("values",), "iterkeys": ("keys",), "entries": ("items",),
    "get": ("pop", "__getitem__"), "set": ("update",), "getKeys": ("keys",), "charAt": ("__getitem__",),
    "capitalise": ("capitalize",), "toJson": ("json",), "length": ("__len__",), "pop": ("popleft", "remove"),
}  # fmt: skip
"""Methods for methods, tried if the object has them."""

CALLS: dict[str, tuple[str, ...]] = {
    "length": ("len({value})",), "len": ("len({value})",), "size": ("len({value})",), "count": ("len({value})",),
    "toString": ("str({value})",), "str": ("str({value})",), "reverse": ("{value}[::-1]", "list(reversed({value}))"),
    "sort": ("sorted({value})",), "sorted": ("sorted({value})",), "isEmpty": ("(not {value})",),
    "empty": ("(not {value})",),
    "sum": ("sum({value})",), "max": ("max({value})",), "min": ("min({value})",), "first": ("{value}[0]",),
    "last": ("{value}[-1]",), "abs": ("abs({value})",), "round": ("round({value})",), "toFixed": ("round({value})",),
    "copy": ("list({value})",), "next": ("next({value})",), "keys": ("list({value})",), "values": ("list({value})",),
}  # fmt: skip
"""Methods and properties without arguments, for what is written around the value."""

MEMBERS: dict[str, tuple[str, ...]] = {
    "contains": ("({argument} in {value})",), "includes": ("({argument} in {value})",),
    "has_key": ("({argument} in {value})",), "has": ("({argument} in {value})",),
    "hasOwnProperty": ("({argument} in {value})",), "containsKey": ("({argument} in {value})",),
    "join": ("{argument}.join({value})",), "get": ("{value}[{argument}]",), "at": ("{value}[{argument}]",),
    "charAt": ("{value}[{argument}]",), "equals": ("({value} == {argument})",), "map": ("map({argument}, {value})",),
    "filter": ("filter({argument}, {value})",), "substring": ("{value}[{argument}:]",),
    "substr": ("{value}[{argument}:]",), "slice": ("{value}[{argument}:]",), "concat": ("({value} + {argument})",),
    "push": ("{value}.append({argument})",), "sort": ("sorted({value}, {argument})",),
    "append": ("({value} + {argument})",),
}  # fmt: skip
"""Methods with one argument, for what is written otherwise."""

KEYWORDS: tuple[tuple[str, str], ...] = (
    (r"\belse\s+if\b", "elif"), (r"\belse?if\b", "elif"), (r"\belsif\b", "elif"), (r"\bfunction\b", "def"),
    (r"\bfunc\b", "def"), (r"\bfn\b", "def"), (r"^(\s*)(?:var|let|const)\s+", r"\1"), (r"===", "=="), (r"!==", "!="),
    (r"<>", "!="), (r"&&", "and"), (r"\|\|", "or"), (r"!(?!=)", "not "), (r"(\w+)\+\+", r"\1 += 1"),
    (r"(\w+)--", r"\1 -= 1"), (r"\bnull\b", "None"), (r"\bcatch\b", "except"), (r"\bswitch\b", "match"),
    (r"=>", "="), (r"=<", "<="), (r"\bthen\s*:?\s*$", ":"), (r"\s*\{\s*$", ":"), (r"//(.*)$", r"#\1"),
    (r";\s*$", ""), (r"\bnew\s+", ""), (r"\bthrow\b", "raise"), (r"\bdo\s*:?\s*$", ":"), (r"=\s*=", "=="),
    (r"!\s+=", "!="), (r"<\s+=", "<="), (r">\s+=", ">="), (r"\+\s+=", "+="), (r"-\s+=", "-="),
    (r"\band\s+and\b", "and"), (r"\bor\s+or\b", "or"), (r"\bexcept\s+(\w+)\s*,\s*(\w+)", r"except \1 as \2"),
    (r"\bprint\s+([^(\s].*)$", r"print(\1)"), (r"\bprint\s*$", "print()"),
    (r"\braise\s+(\w+)\s*,\s*(.+)$", r"raise \1(\2)"),
    (r":\s*:", ":"), (r",\s*,", ","), (r"=!", "!="), (r"\.\.+", "."), (r"\bfrom\s+(\w+)\s+improt\b", r"from \1 import"),
)  # fmt: skip
"""Pattern and replacement, for lines that do not parse."""
