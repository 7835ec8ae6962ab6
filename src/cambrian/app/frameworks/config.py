"""The few values of a framework's ``config.yaml`` that count here, each of the kind that is wanted.

A value that is asked for and is of another kind is told with its line and what to write; so is a text that is no YAML.
"""

from __future__ import annotations

from cambrian.core.errors import TaskError

from .plain_yaml import Value, read_values

__all__ = ["Config"]


class Config:
    """Values by dotted name.

    Args:
        path: how messages call the file.
        text: its text; empty for no file.

    Raises:
        TaskError: the text is no YAML; names the line and the fix.
    """

    def __init__(self, path: str = "", text: str = "") -> None:
        self.path = path
        self._values = read_values(path, text)

    def number(self, name: str) -> float | None:
        """A number above zero, if the key is there and not null.

        Raises:
            TaskError: it is something else.
        """
        value = self._get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise self._wrong(name, value, "a number above zero is wanted", "60")
        return float(value)

    def whole(self, name: str) -> int | None:
        """A whole number above zero, if the key is there and not null.

        Raises:
            TaskError: it is something else.
        """
        value = self.number(name)
        if value is not None and not value.is_integer():
            raise self._wrong(name, value, "a whole number above zero is wanted", "200")
        return None if value is None else int(value)

    def flag(self, name: str) -> bool | None:
        """A truth value, if the key is there and not null.

        Raises:
            TaskError: it is something else.
        """
        value = self._get(name)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(name, value, "true or false is wanted", "true")
        return value

    def numbers(self, name: str) -> tuple[float, ...] | None:
        """A list of numbers, if the key is there and not null.

        Raises:
            TaskError: it is something else.
        """
        value = self._get(name)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        found = tuple(float(item) for item in items if isinstance(item, int | float) and not isinstance(item, bool))
        if len(found) != len(items):
            raise self._wrong(name, value, "a list of numbers is wanted", "[0.5, 0.75]")
        return found

    def words(self, name: str) -> tuple[str, ...]:
        """A list of names; empty if there is none.

        Raises:
            TaskError: it is something else.
        """
        value = self._get(name)
        items = value if isinstance(value, list) else [] if value is None else [value]
        found = tuple(item for item in items if isinstance(item, str))
        if len(found) != len(items):
            raise self._wrong(name, value, "a list of names is wanted", "[complexity, diversity]")
        return found

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def _get(self, name: str) -> Value:
        """The value; a section that is asked for and is none is told, instead of passing for an empty one."""
        parts = name.split(".")
        for length in range(1, len(parts)):
            section = ".".join(parts[:length])
            value = self._values[section][0] if section in self._values else None
            if value is not None:
                raise self._error(
                    section, value, "a section is wanted, its keys on lines of their own",
                    f"write {section}: and below it, indented, {parts[length]}: …",
                )  # fmt: skip
        return self._values[name][0] if name in self._values else None

    def _wrong(self, name: str, value: object, wanted: str, example: str) -> TaskError:
        return self._error(name, value, wanted, f"write for example {name.rpartition('.')[2]}: {example}")

    def _error(self, name: str, value: object, wanted: str, fix: str) -> TaskError:
        return TaskError(f"{name} is {value!r}; {wanted}", path=self.path, line=self._values[name][1], fix=fix)
