"""Help texts in the width of the terminal: paragraphs of docstrings are filled anew, not wrapped a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyclopts.help.formatters.plain import PlainFormatter

from cambrian.app.display.width import fill, help_width

if TYPE_CHECKING:
    from cyclopts.help import HelpPanel
    from rich.console import Console, ConsoleOptions

_ENDLESS = (100_000, 25)
"""Columns and lines of the console that renders: it breaks no line, so that all are broken in one place."""


class Filled(PlainFormatter):
    """Plain help, each paragraph filled to the width of the terminal."""

    def __call__(self, console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
        """A panel of arguments or options."""
        console.size = _ENDLESS
        super().__call__(console, options, panel)

    def render_usage(self, console: Console, options: ConsoleOptions, usage: object) -> None:
        """The usage line."""
        console.size = _ENDLESS
        super().render_usage(console, options, usage)

    def render_description(self, console: Console, options: ConsoleOptions, description: object) -> None:
        """The text."""
        console.size = _ENDLESS
        super().render_description(console, options, description)

    def _print_plain(self, console: Console, text: str) -> None:
        super()._print_plain(console, fill(text, help_width()))
