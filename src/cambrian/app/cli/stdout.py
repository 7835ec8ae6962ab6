"""Writes to stdout; that it cannot be written, as on a full disk, is no internal error. Imports nothing heavy."""

from __future__ import annotations

import os
import sys

__all__ = ["Undelivered", "discard", "emit"]


class Undelivered(Exception):
    """An answer could not be written to stdout; the run itself is in its workspace."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"the answer cannot be written to stdout: {error.strerror}; free some room, or send it elsewhere"
        )


def emit(text: str) -> None:
    """Write a text to stdout, all of it.

    Raises:
        BrokenPipeError: the reader has left.
        Undelivered: it cannot be written.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        discard()
        raise Undelivered(error) from error


def discard() -> None:
    """Send what is left in the buffer nowhere, so that the interpreter's own flush at exit does not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
