"""Hook of mkdocs: the page of rules is made from the rules, so that neither can differ from the other."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from cambrian.app.ruling import pages


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the page."""
    files.append(File.generated(config, "reference/rules.md", content=pages()))
    return files
