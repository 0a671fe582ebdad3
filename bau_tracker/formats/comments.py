"""Decides what is kept of the texts that somebody typed: the comment, and what was named as excessive in own words.

What is typed behind “other” is none of the complaints that are counted. It stands with the comment, is shown and
deleted like it, and is left out only where both have no room.
"""

from __future__ import annotations

from collections.abc import Sequence

from bau_tracker.domain.surveys import LONGEST_COMMENT


def shortened(comment: str) -> str:
    """Cut a comment to the length that is kept."""
    return comment if len(comment) <= LONGEST_COMMENT else f"{comment[: LONGEST_COMMENT - 1]}…"


def in_own_words(unknown: Sequence[str]) -> str:
    """Give as a comment what was named as excessive and is no known complaint; empty when there is none."""
    return shortened(f"Too much time: {'; '.join(unknown)}") if unknown else ""


def has_room(comment: str, more: str) -> bool:
    """Say whether both can be kept."""
    return not comment or len(_joined(comment, more)) <= LONGEST_COMMENT


def with_own_words(comment: str, more: str) -> str:
    """Give the comment that is kept, with what `in_own_words` gave where there is room for it."""
    if more and comment and has_room(comment, more):
        return _joined(comment, more)
    return shortened(comment or more)


def _joined(comment: str, more: str) -> str:
    return f"{comment}{'' if comment[-1] in '.!?…' else '.'} {more}"
