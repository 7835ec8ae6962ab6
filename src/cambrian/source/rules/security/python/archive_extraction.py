"""The rule archive-extraction: an archive may write outside of its folder. Trees only."""

from __future__ import annotations

from collections.abc import Iterator

from cambrian.source.edit import Splice
from cambrian.source.rules.rule import Example
from cambrian.source.rules.security.finding import Finding, SecurityRule, Seen

__all__ = ["RULE", "ArchiveExtraction"]


class ArchiveExtraction(SecurityRule):
    """An archive may write outside of its folder."""

    id = "archive-extraction"
    title = "An archive may write outside of its folder"
    why = (
        "A tar archive can name paths such as ../../etc/cron.d/x and links that lead out of the folder; "
        "extractall writes there. With filter=data (Python 3.12, and the security releases of 3.8 to 3.11) "
        "such members are refused."
    )
    cwe = "cwe-22"
    tags = ("cwe-22", "owasp-a01")
    severity = "medium"
    examples = (
        Example(
            before="""\
import tarfile


def unpack(path, folder):
    with tarfile.open(path) as archive:
        archive.extractall(folder)
""",
            after="""\
import tarfile


def unpack(path, folder):
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
""",
            note="any member",
        ),
        Example(
            before="""\
import tarfile


def unpack(path, folder):
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
""",
            after=None,
            note="members that stay inside",
        ),
        Example(
            before="""\
import zipfile


def unpack(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
""",
            after=None,
            note="zipfile keeps them inside by itself",
        ),
    )

    def findings(self, seen: Seen) -> Iterator[Finding]:
        """Calls of `extractall` of tar archives."""
        for hit, call in seen.calls("path"):
            if not (hit.tag.endswith(".extractall") and "tar" in hit.tag.lower()):
                continue
            if any(each.arg in {"filter", "members"} for each in call.keywords):
                continue
            _, stop = seen.module.locator.range(call)
            inside = seen.module.text[: stop - 1].rstrip()
            comma = "" if inside.endswith(("(", ",")) else ", "
            fix = [Splice(len(inside), len(inside), f'{comma}filter="data"')]
            yield self.found(seen, call, "members of the archive may be written outside of the folder", splices=fix)


RULE = ArchiveExtraction()
