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
        frame, target = _called_on(loop.iter, "iterrows"), loop.target
        if frame is None or not isinstance(target, ast.Tuple) or len(target.elts) != 2:
            return None
        index, row = target.elts
        assert isinstance(loop.iter, ast.Call)
        if loop.iter.args or not isinstance(index, ast.Name) or not isinstance(row, ast.Name):
            return None
        if reads(module, frame, loop.body) or not stays_inside(module, row, loop):
            return None
        columns = _columns(module, row)
        if not columns or any("\n" in module.segment(one) for one in columns):
            return None
        names: dict[str, str] = {}
        for one in columns:
            assert isinstance(one.slice, ast.Constant)
            if one.slice.value not in names:
                wish = str(one.slice.value)
                names[wish] = module.fresh(f"{row.id}_{wish if wish.isidentifier() else 'value'}")
        gathered, held = module.builtin("zip"), [f"{frame.id}[{name!r}]" for name in names]
        splices: list[Splice] = [*gathered.splices]
        splices += [module.splice(target, ", ".join([index.id, *names.values()]))]
        splices += [module.splice(loop.iter, f"{gathered.spelling}({', '.join([f'{frame.id}.index', *held])})")]
        splices += [module.splice(one, names[_key(one)]) for one in columns]
        what = f"each row of {frame.id!r} is made into a Series"
        return self.at(module, loop, what, splices, assumes=_assumed(frame.id), gain=30.0)

    def _applied(self, module: Module, call: ast.Call) -> Rewrite | None:
        frame = _called_on(call, "apply")
        axis = [word.value for word in call.keywords if word.arg == "axis"]
        if frame is None or len(call.args) != 1 or len(call.keywords) != 1 or [constant(one) for one in axis] != [1]:
            return None
        function = call.args[0]
        if not isinstance(function, ast.Lambda) or len(function.args.args) != 1 or "\n" in module.segment(call):
            return None
        row = function.args.args[0]
        taken = [part for part in ast.walk(function.body) if isinstance(part, ast.Name)]
        if not taken or any(module.variable(one) is not module.variable(row) for one in taken):
            return None
        if not _elementwise(function.body):
            return None
        body, start = module.segment(function.body), module.locator.range(function.body)[0]
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


def _called_on(node: ast.expr, method: str) -> ast.Name | None:
    """The variable whose method is called."""
    func = node.func if isinstance(node, ast.Call) else None
    fits = isinstance(func, ast.Attribute) and func.attr == method and isinstance(func.value, ast.Name)
    return func.value if fits and isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) else None


def _columns(module: Module, row: ast.Name) -> list[ast.Subscript] | None:
    """All places where a row is asked for a column by a constant name; ``None`` if anything else is done with it."""
    variable = module.variable(row)
    found: list[ast.Subscript] = []
    for read in variable.reads if variable is not None else ():
        if not any(one.node is row for one in module.reaching(read)):
            continue
        above = module.parent(read)
        named = isinstance(above, ast.Subscript) and above.value is read and isinstance(above.ctx, ast.Load)
        if not named or not isinstance(above, ast.Subscript) or not isinstance(above.slice, ast.Constant):
            return None
        if not isinstance(above.slice.value, str) or len(module.reaching(read)) != 1:
            return None
        found.append(above)
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
