"""``cambrian rules``: what can be written better, rule by rule."""

from __future__ import annotations

from cambrian.app.display.width import columns
from cambrian.source.rules.rule import Kind, Language

from .options import Flag
from .output import answer, answer_json, fitted


def rules(
    name: str | None = None, /, *, kind: Kind | None = None, language: Language | None = None, json: Flag = False
) -> int:
    """List the rules by which code is made faster, safer or right again; or show one, with its examples.

    For example:
      cambrian rules

      cambrian rules membership-set

      cambrian rules --kind speed --language python --json

    Parameters
    ----------
    name
        The id of a rule to show.
    kind
        List only rules of this kind.
    language
        List only rules that read this language.
    json
        Write an array; of one rule, an object.
    """
    from cambrian.app.ruling import listed, page, told

    if name is not None:
        shown = page(name)
        if json:
            answer_json(shown)
        else:
            answer(told(shown))
        return 0
    found = listed(kind, language)
    if json:
        answer_json(found)
        return 0
    rows = [("RULE", "KIND", "LANGUAGES", "DOES")]
    rows += [(rule.id, rule.kind, ", ".join(rule.languages), rule.title) for rule in found]
    answer(columns(fitted(rows, 3)))
    return 0
