"""Identifier types and digests. No randomness: whoever makes an id passes it in."""

from __future__ import annotations

import hashlib
from typing import NewType

RunId = NewType("RunId", str)
"""A run's name: ``r-`` and sortable characters, unique in a workspace."""

Digest = NewType("Digest", str)
"""Lower-case hex SHA-256 of a blob."""

VariantId = NewType("VariantId", str)
"""First 16 hex characters of the digest of a variant's content."""


def digest(data: bytes) -> Digest:
    """Digest of a blob (SHA-256, FIPS 180-4)."""
    return Digest(hashlib.sha256(data).hexdigest())
