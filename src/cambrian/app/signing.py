"""Signatures of promotions: HMAC-SHA256 (RFC 2104) with a key that is kept outside the workspace."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

import msgspec

from cambrian.core.errors import UsageError
from cambrian.core.ids import RunId
from cambrian.search.facts import Promoted
from cambrian.search.view import Summary

from .results import Promotion

_KEY_BYTES = 32


class Signer:
    """Signs promotions and checks signatures, with a key that it makes when it first signs.

    Args:
        path: of the key.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def sign(self, run: RunId, promoted: Promoted) -> Promoted:
        """The record with its signature.

        Raises:
            UsageError: the key cannot be read or made, or others can read it.
        """
        key = self._key() or self._make()
        return msgspec.structs.replace(promoted, signature=_signature(key, run, promoted))

    def check(self, run: RunId, promoted: Promoted) -> bool | None:
        """Whether the signature is this key's; ``None`` if there is no key here."""
        key = self._key()
        if key is None:
            return None
        return hmac.compare_digest(_signature(key, run, promoted), promoted.signature)

    def seal(self, *said: object) -> str:
        """A signature of JSON values, which the key's owner alone can make; makes the key if there is none.

        Raises:
            UsageError: see `sign`.
        """
        return _mac(self._key() or self._make(), said)

    def is_sealed(self, seal: str, *said: object) -> bool:
        """Whether a seal is this key's, of these very values."""
        key = self._key()
        return key is not None and hmac.compare_digest(_mac(key, said), seal)

    def _key(self) -> bytes | None:
        try:
            mode = self._path.stat().st_mode
            key = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise UsageError(f"the signing key {str(self._path)!r} cannot be read: {error.strerror}") from error
        if stat.S_IMODE(mode) & 0o077:
            raise UsageError(f"the signing key {str(self._path)!r} can be read by others; chmod 600 it, or remove it")
        if len(key) != _KEY_BYTES:
            raise UsageError(f"the signing key {str(self._path)!r} has {len(key)} bytes instead of 32; remove it")
        return key

    def _make(self) -> bytes:
        key = secrets.token_bytes(_KEY_BYTES)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(key)
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:  # another process was faster
            return self._key() or self._make()
        except OSError as error:
            raise UsageError(f"the signing key {str(self._path)!r} cannot be made: {error.strerror}") from error
        return key


def _mac(key: bytes, said: object) -> str:
    return hmac.new(key, msgspec.json.encode(["cambrian seal 1", said]), hashlib.sha256).hexdigest()


def _signature(key: bytes, run: RunId, promoted: Promoted) -> str:
    said = [
        "cambrian promotion 1", run, promoted.variant, sorted(promoted.files.items()),
        sorted(promoted.replaced.items()), promoted.approver,
        *([sorted(promoted.removed.items())] if promoted.removed else []),
    ]  # fmt: skip
    return hmac.new(key, msgspec.json.encode(said), hashlib.sha256).hexdigest()


def promotion_of(view: Summary, signer: Signer | None) -> Promotion | None:
    """What is told of a run's last promotion."""
    promoted = view.promoted
    if promoted is None:
        return None
    valid = signer.check(view.run, promoted) if signer else None
    return Promotion(
        variant=promoted.variant,
        files=tuple(sorted(promoted.files)),
        approver=promoted.approver,
        signature="unknown" if valid is None else "valid" if valid else "invalid",
    )
