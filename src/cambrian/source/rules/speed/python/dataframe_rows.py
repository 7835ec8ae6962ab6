"""``df.iterrows()``, ``df.apply(…, axis=1)``: columns are gone through, or reckoned with as a whole."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cambrian.source.analysis import Module
from cambrian.source.edit import Splice
from cambrian.source.rules.loops import constant, reads, stays_inside
from cambrian.source.rules.python import PythonRule
from cambrian.source.rules.rule import Example, Rewrite

_ELEMENTWISE = (ast.Add, ast.Sub, ast.Mult, ast.Div)


class DataframeRows(PythonRule):
    """Columns instead of rows: pandas makes a Series for each row."""

    id = "dataframe-rows"
    title = "Go through the columns of a DataFrame, not through its rows"
    why = (
        "`iterrows()` makes a Series of each row, with an index and a type for all its values; a `zip` of the columns "
        "that are used gives the values alone, some fifty times as fast. `apply(lambda row: row['a'] * row['b'], "
        "axis=1)` is `df['a'] * df['b']`. The guard sees that pandas is imported, that the row is asked for columns by "
        "name alone, and that the frame is not touched in the loop. Values come as Python's own numbers, and whole "
        "numbers stay whole next to fractions: that this makes no difference is assumed."
    )
    words = ("iterrows", "axis=1")
    examples = (
        Example(
            note="rows in a loop",
            before=(
                "import pandas as pd\n\n\n"
                "def total(df: pd.DataFrame):\n"
                "    found = 0\n"
                "    for i, row in df.iterrows():\n"
                "        found += row['price'] * row['number'] + row['price']\n"
                "    return found\n"
            ),
            after=(
                "import pandas as pd\n\n\n"
                "def total(df: pd.DataFrame):\n"
                "    found = 0\n"
                "    for i, row_price, row_number in zip(df.index, df['price'], df['number']):\n"
                "        found += row_price * row_number + row_price\n"
                "    return found\n"
            ),
        ),
        Example(
            note="a function of each row",
            before=(
                "import pandas as pd\n\n\n"
                "def costs(df: pd.DataFrame):\n"
                "    return df.apply(lambda row: row['price'] * (row['number'] + 1), axis=1)\n"
            ),
            after=(
                "import pandas as pd\n\n\n"
                "def costs(df: pd.DataFrame):\n"
                "    return (df['price'] * (df['number'] + 1))\n"
            ),
        ),
        Example(
            note="the row itself is kept; the frame is changed",
            before=(
                "import pandas as pd\n\n\n"
                "def some(df: pd.DataFrame):\n"
                "    rows = []\n"
                "    for _, row in df.iterrows():\n"
                "        rows.append(row)\n"
                "    for i, row in df.iterrows():\n"
                "        df.at[i, 'a'] = row['a'] + 1\n"
                "    return rows\n"
            ),
            after=None,
        ),
        Example(
            note="a decision for each row; columns; no pandas",
            before=(
                "import pandas as pd\n\n\n"
                "def some(df: pd.DataFrame):\n"
                "    one = df.apply(lambda row: 1 if row['a'] else 2, axis=1)\n"
                "    return one, df.apply(lambda column: column['a'] + 1)\n"
            ),
            after=None,
        ),
        Example(
            note="something else that has rows",
            before=(
                "def total(table):\n"
                "    found = 0\n"
                "    for i, row in table.iterrows():\n"
                "        found += row['a']\n"
                "    return found\n"
            ),
            after=None,
        ),
    )  # fmt: skip

    def find(self, parsed: Module) -> Iterator[Rewrite]:
        """See `Rule.find`."""
        if not _imported(parsed):
            return
        for loop in parsed.of(ast.For):
            found = self._rows(parsed, loop)
            if found is not None:
                yield found
        for call in parsed.of(ast.Call):
            found = self._applied(parsed, call)
            if found is not None:
                yield found

    def _rows(self, module: Module, loop: ast.For) -> Rewrite | None:
        frame = _called_on(loop.iter, "iterrows")
        match loop:
            case ast.For(
                target=ast.Tuple(elts=[ast.Name() as index, ast.Name() as row]) as target, iter=ast.Call(args=[])
            ) if frame is not None:
                alone = not reads(module, frame, loop.body) and stays_inside(module, row, loop)
            case _:
                return None
        columns = _columns(module, row) if alone else None
        if not columns or any("\n" in module.segment(one) for one in columns):
            return None
        names = _named(module, row, columns)
        gathered, held = module.builtin("zip"), [f"{frame.id}[{name!r}]" for name in names]
        splices: list[Splice] = [*gathered.splices]
        splices += [module.splice(target, ", ".join([index.id, *names.values()]))]
        splices += [module.splice(loop.iter, f"{gathered.spelling}({', '.join([f'{frame.id}.index', *held])})")]
        splices += [module.splice(one, names[_key(one)]) for one in columns]
        what = f"each row of {frame.id!r} is made into a Series"
        return self.at(module, loop, what, splices, assumes=_assumed(frame.id), gain=30.0)

    def _applied(self, module: Module, call: ast.Call) -> Rewrite | None:
        frame = _called_on(call, "apply")
        match call:
            case ast.Call(
                args=[ast.Lambda(args=ast.arguments(args=[row]), body=made)],
                keywords=[ast.keyword(arg="axis", value=axis)],
            ) if frame is not None and constant(axis) == 1:
                taken = [part for part in ast.walk(made) if isinstance(part, ast.Name)]
            case _:
                return None
        if not taken or any(module.variable(one) is not module.variable(row) for one in taken):
            return None
        if "\n" in module.segment(call) or not _elementwise(made):
            return None
        body, start = module.segment(made), module.locator.range(made)[0]
        for one in sorted(taken, key=lambda name: -module.locator.range(name)[0]):
            first, last = (place - start for place in module.locator.range(one))
            body = body[:first] + frame.id + body[last:]
        assumes = {*_assumed(frame.id), f"{frame.id!r} has rows"}
        what = f"a function is called with each row of {frame.id!r}"
        return self.at(module, call, what, [module.splice(call, f"({body})")], assumes=assumes, gain=100.0)


def _imported(module: Module) -> bool:
    names = [alias.name for one in module.of(ast.Import) for alias in one.names]
    names += [one.module or "" for one in module.of(ast.ImportFrom)]
    return any(name.split(".")[0] == "pandas" for name in names)


def _named(module: Module, row: ast.Name, columns: list[ast.Subscript]) -> dict[str, str]:
    """New names for a row's columns."""
    names: dict[str, str] = {}
    for key in dict.fromkeys(_key(one) for one in columns):
        names[key] = module.fresh(f"{row.id}_{key if key.isidentifier() else 'value'}")
    return names


def _called_on(node: ast.expr, method: str) -> ast.Name | None:
    """The variable whose method is called."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name() as owner, attr=name)) if name == method:
            return owner
        case _:
            return None


def _columns(module: Module, row: ast.Name) -> list[ast.Subscript] | None:
    """All places where a row is asked for a column by a constant name; ``None`` if anything else is done with it."""
    variable = module.variable(row)
    found: list[ast.Subscript] = []
    for read in variable.reads if variable is not None else ():
        if not any(one.node is row for one in module.reaching(read)):
            continue
        match module.parent(read):
            case ast.Subscript(value=owner, slice=ast.Constant(value=str()), ctx=ast.Load()) as above if owner is read:
                if len(module.reaching(read)) != 1:
                    return None
                found.append(above)
            case _:
                return None
    return found


def _key(column: ast.Subscript) -> str:
    return str(column.slice.value) if isinstance(column.slice, ast.Constant) else ""


def _elementwise(node: ast.expr) -> bool:
    """Whether an expression reckons with columns and numbers alone, as whole columns do."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, _ELEMENTWISE) and _elementwise(node.left) and _elementwise(node.right)
    if isinstance(node, ast.Subscript):
        named = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
        return named and isinstance(node.value, ast.Name)
    return isinstance(node, ast.Constant) and type(node.value) in {int, float}


def _assumed(frame: str) -> set[str]:
    return {
        f"{frame!r} is a DataFrame, with columns of one type each",
        "whole numbers that stay whole, and Python's numbers instead of NumPy's, make no difference",
    }


RULE = DataframeRows()
