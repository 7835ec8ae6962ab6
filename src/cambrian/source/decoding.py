"""Source: from a file's bytes to its text and back, exactly. Pure; opens no file.

Python files name their encoding by a mark or a comment (PEP 263); of others a byte order mark tells, else they are
UTF-8. Line ends stay as they are.
"""

from __future__ import annotations

import codecs
import io
import tokenize

import msgspec

from cambrian.core.errors import UsageError

__all__ = ["Decoded", "decode_source"]

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Decoded(msgspec.Struct, frozen=True):
    """A file's text.

    Args:
        text: without byte order mark, line ends as they are.
        encoding: a codec's name.
        mark: the byte order mark.
    """

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @property
    def windows(self) -> bool:
        """Whether every line ends with CR LF, and there is one."""
        return "\r\n" in self.text and self.text.count("\n") == self.text.count("\r\n")

    def encode(self, text: str) -> bytes:
        """Another text as this file would hold it.

        Raises:
            UsageError: the file's encoding lacks a character of it.
        """
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise UsageError(
                f"{text[error.start : error.end]!r} cannot be written in {self.encoding!r}, the file's encoding; "
                "save the file as UTF-8 first"
            ) from None

    def alike(self, before: str, after: str) -> str | None:
        """`after` with this file's line ends, if `before` is this file's text; None if it is another text.

        A text that was read with its line ends made plain counts as the file's, if all its lines end alike.
        """
        before, after = before.removeprefix("\ufeff"), after.removeprefix("\ufeff")
        if before == self.text:
            return after
        if self.windows and before == self.text.replace("\r\n", "\n"):
            return after.replace("\r\n", "\n").replace("\n", "\r\n")
        return None


def decode_source(raw: bytes, name: str) -> Decoded:
    """A file's text.

    Args:
        raw: its bytes.
        name: its name, for its kind and for messages.

    Raises:
        UsageError: it is no text, or names an encoding that is none or not its own.
    """
    try:
        if name.endswith((".py", ".pyi", ".pyw")):
            return _python(raw)
        mark, encoding = next(((mark, name) for mark, name in _MARKS if raw.startswith(mark)), (b"", "utf-8"))
        return Decoded(raw[len(mark) :].decode(encoding), encoding, mark)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise UsageError(f"{name!r} is no text that can be read: {error}; save it as UTF-8") from None


def _python(raw: bytes) -> Decoded:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    if encoding == "utf-8-sig":
        return Decoded(raw[len(codecs.BOM_UTF8) :].decode("utf-8"), "utf-8", codecs.BOM_UTF8)
    return Decoded(raw.decode(encoding), encoding)
