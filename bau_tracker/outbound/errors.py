"""Decides how sending can fail: one message that isn't taken; `Unavailable` is for a server that takes none at all."""

from __future__ import annotations

from bau_tracker.domain.errors import BauTrackerError


class NotTaken(BauTrackerError):  # noqa: N818  (names what happened, not a mechanism)
    """One message was not taken; `for_good` says that trying again would change nothing."""

    def __init__(self, message: str, *, for_good: bool) -> None:
        super().__init__(message)
        self.for_good = for_good
