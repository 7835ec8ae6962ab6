"""Optimiser templates: proposers that emit a program which searches a task's ``problem.py``.

One jailed launch of an emitted program is one evaluation. What it found moves to the next launch as the text of its
report, which is embedded unread. No optimiser runs in the engine, and none of them knows any problem.

Index:
    template    `Template`, the proposer, and `templates`, one for each search
    emission    the emitted files' text
    inner       what emitted programs are made of
"""

from __future__ import annotations

from .template import SEARCHES, Template, templates

__all__ = ["SEARCHES", "Template", "templates"]
