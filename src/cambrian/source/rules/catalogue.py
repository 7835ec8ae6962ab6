"""All rules: those shipped here and those of installed packages. A rule's file is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import PurePath
from typing import NamedTuple, TypeAlias, cast

from cambrian.core.errors import UsageError
from cambrian.source.analysis import Module
from cambrian.source.tree import Problem

from .rule import Kind, Language, Rewrite, Rule
from .standing import standing

__all__ = ["GROUP", "AnyRule", "find", "language_of", "rules"]

AnyRule: TypeAlias = Rule[object]
"""A rule, whatever it reads; `find` gives each the right thing."""
_SHAPED = ("speed", "memory")
GROUP = "cambrian.rules"
"""The entry points by which packages add rules: each names a rule, or a list of rules."""
_SHIPPED: dict[tuple[Kind, Language], tuple[str, ...]] = {
    ("speed", "python"): (
        "simple_pattern",
        "kept_characters",
        "equal_items",
        "lambda_comprehension",
        "enumerated_slice",
        "clamped_slice",
        "merged_lists",
        "display_type",
        "hoisted_item",
        "moved_check",
        "digit_parity",
        "counted_loop",
        "mirrored",
        "appended_item",
        "loop_length",
        "mapped_call",
        "mapped_operator",
        "copied_items",
        "inlined_function",
        "affine_range",
        "counted_bits",
        "last_item",
        "operator_lambda",
        "index_loop",
        "neighbours",
        "compared_pair",
        "counting_while",
        "repeated_item",
        "appended_loop",
        "gathered_generator",
        "folded_loop",
        "membership_set",
        "invariant_call",
        "list_count",
        "membership_growing",
        "queue_front",
        "list_concatenation",
        "index_join",
        "sorted_first",
        "early_exit",
        "insert_front",
        "string_building",
        "dict_lookup",
        "membership_literal",
        "recursion_cache",
        "divisor_search",
        "flag_break",
        "prefix_fold",
        "list_index",
        "gathered_awaits",
        "pair_search",
        "closed_form",
        "modular_power",
        "standard_input",
        "printed_lines",
        "script_in_function",
        "modular_factorial",
        "while_bound",
        "sorted_test",
        "euclid",
        "first_place",
        "slice_membership",
        "pair_order",
        "dataframe_rows",
        "array_loop",
        "deep_copy",
        "common_divisors",
        "sorted_growing",
        "sorted_ends",
        "removed_items",
        "reversed_number",
        "parts_set",
        "substring_places",
        "counted_list",
        "pair_count",
        "digits_joined",
    ),
    ("memory", "python"): (
        "unkept_list",
        "copied_iterable",
        "lines_of_file",
        "own_sort",
        "sliced_iteration",
    ),
    ("speed", "javascript"): (
        "await_in_loop",
        "consecutive_awaits",
        "membership_set",
        "growing_set",
        "find_index",
        "spread_accumulator",
        "shift_queue",
        "unshift_loop",
        "invariant_call_js",
        "keys_membership",
        "sort_first",
        "first_match",
        "nested_join",
        "unique_filter",
        "invariant_scan",
        "recursion_map",
        "async_for_each",
    ),
}
"""Kind and language → modules in the folder of that name. JavaScript's rules are TypeScript's, too. Security rules have
a catalogue of their own."""
_LANGUAGES: dict[str, Language] = {
    ".py": "python", ".pyi": "python", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript",
    ".jsx": "javascript", ".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "typescript",
}  # fmt: skip


def rules(kind: Kind | None = None, language: Language | None = None) -> tuple[AnyRule, ...]:
    """The rules there are, shipped ones first, in the order of the catalogue.

    Args:
        kind: only of this kind.
        language: only those that read it.

    Raises:
        UsageError: a package offers something that is no rule, or fails to load.
    """
    found = [_load(place.module) for place in _places(kind) if _asked(place, kind, language)]
    found += [rule for rule in _installed() if kind in {None, rule.kind}]
    return tuple(rule for rule in found if language is None or language in rule.languages)


class _Place(NamedTuple):
    """Where a shipped rule is: nothing is imported to know its kind and language."""

    kind: Kind
    language: Language
    name: str

    @property
    def module(self) -> str:
        return f"{__package__}.{self.kind}.{self.language}.{self.name}"


def _asked(place: _Place, kind: Kind | None, language: Language | None) -> bool:
    read = "javascript" if language == "typescript" else language
    return kind in {None, place.kind} and read in {None, place.language}


def _places(wanted: Kind | None) -> Iterator[_Place]:
    for (kind, language), names in _SHIPPED.items():
        yield from (_Place(kind, language, name) for name in names)
    if wanted in {None, "security"}:
        from .security.catalogue import PYTHON

        yield from (_Place("security", "python", name) for name in PYTHON)


@cache
def _load(module: str) -> AnyRule:
    return cast("AnyRule", import_module(module).RULE)


@cache
def _installed() -> tuple[AnyRule, ...]:
    """The rules of installed packages, by name of entry point."""
    points = sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value))
    return tuple(rule for point in points for rule in _of_package(point))


def _of_package(point: EntryPoint) -> list[AnyRule]:
    place = f"the rules {point.name!r} ({point.value}) of an installed package"
    fix = "fix or uninstall that package"
    try:
        loaded: object = point.load()
    except Exception as error:
        raise UsageError(f"{place} cannot be loaded: {type(error).__name__}: {error}\n  fix: {fix}") from error
    offered = list(cast("Sequence[object]", loaded)) if isinstance(loaded, list | tuple) else [loaded]
    for rule in offered:
        if not isinstance(rule, Rule):
            raise UsageError(f"{place} hold {rule!r}, which is no `Rule`\n  fix: {fix}")
    return cast("list[AnyRule]", offered)


def language_of(path: str) -> Language | None:
    """The language of a file, by its name's end; ``None`` for what no rule reads."""
    return _LANGUAGES.get(PurePath(path).suffix.lower())


def find(text: str, path: str, chosen: Sequence[AnyRule] | None = None) -> list[Rewrite]:
    """What rules find in a file, in its order. Nothing for a file that does not parse, or in no language they read.

    Args:
        text: the file; untrusted.
        path: its name, which tells the language.
        chosen: the rules; all of them by default.
    """
    language = language_of(path)
    asked = rules() if chosen is None else chosen
    due = [rule for rule in asked if language in rule.languages and _may_find(rule, text)]
    parsed = _parsed(text, path, language) if due and language is not None else None
    if parsed is None:
        return []
    found = [rewrite for rule in due for rewrite in _found(rule, parsed, path)]
    return sorted(found, key=lambda rewrite: (rewrite.line, rewrite.column))


def _may_find(rule: AnyRule, text: str) -> bool:
    return not rule.words or any(word in text for word in rule.words)


def _parsed(text: str, path: str, language: Language) -> object | None:
    if language == "python":
        module = Module.read(text, path)
        return None if isinstance(module, Problem) else module
    script = import_module(f"{__package__}.script").Script
    read = script.read(text, path)
    return None if isinstance(read, Problem) else cast("object", read)


def _found(rule: AnyRule, parsed: object, path: str) -> list[Rewrite]:
    try:
        found = list(rule.find(parsed))
        return standing(parsed, found) if isinstance(parsed, Module) and rule.kind in _SHAPED else found
    except Exception as error:
        error.add_note(f"raised by the rule {rule.id!r} while it looked through {path!r}")
        raise
