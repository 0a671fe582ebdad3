"""Decides how Jira writes time in a CSV cell: seconds, and log lines of `comment;date;author;seconds`.

A comment may hold semicolons itself, so a log line is taken apart from its right end. The author is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from bau_tracker.domain.errors import InvalidInput

MOST_SECONDS: Final = 10 * 365 * 24 * 3600
"""Ten years on one item are taken for a mistake."""
_LEAST_PARTS: Final = 3


def parse_log(text: str, moment: Callable[[str], datetime]) -> tuple[date, int]:
    """Give the day and the seconds of a log line; raise InvalidInput for what is none."""
    parts = text.rsplit(";", 3)
    if len(parts) < _LEAST_PARTS:
        raise InvalidInput(f"“{text[:80]}” is no log of work. It should end in “date;author;seconds”.")
    return moment(parts[-3].strip()).date(), parse_seconds(parts[-1])


def log_day(text: str) -> str:
    """Give the text of a log line's date; empty when it has none."""
    parts = text.rsplit(";", 3)
    return parts[-3].strip() if len(parts) >= _LEAST_PARTS else ""


def parse_seconds(text: str) -> int:
    """Read whole seconds, which a spreadsheet may have given a point; raise InvalidInput for anything else."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MOST_SECONDS or not seconds.is_integer():
        raise InvalidInput(f"“{text}” is no number of seconds spent.")
    return int(seconds)
