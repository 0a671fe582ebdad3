"""Decides how a form says what it was made from, so that a change by somebody else meanwhile isn't undone unseen."""

from __future__ import annotations

import hashlib
from typing import Final

from bau_tracker.domain.errors import ChangedMeanwhile

_LENGTH: Final = 16


def revision_of(*shown: object) -> str:
    """Give a short mark of what a form shows; it is the same for the same values."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:_LENGTH]


def check_revision(based_on: str | None, stands: str, what: str) -> None:
    """Refuse a change to what isn't any more what it was based on; None is based on whatever stands.

    Raises ChangedMeanwhile, which says what was changed.
    """
    if based_on is not None and based_on != stands:
        raise ChangedMeanwhile(f"{what} changed meanwhile.")
