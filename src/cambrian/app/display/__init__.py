"""Progress on a screen, as a projection of the journal. Reads only; the search does not know that anybody watches.

Index:
    frame       one moment of a search: the folded facts and what is computed from them
    watcher     polls the journal and hands frames to a renderer
    live        renderer for terminals (imports ``rich``)
    lines       renderers that print lines: for people, and JSON for programs
    closing     the closing words: what was found, why it can be trusted, what can be done now
    abridged    long literals of programs made short
    width       how wide a text may be, and texts brought into that width
    terminal    text made safe for terminals, and the few colours used
"""

from __future__ import annotations

from typing import Literal

DisplayName = Literal["rich", "plain", "json", "none"]
