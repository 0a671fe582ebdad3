"""Decides how much time a tracker says was spent, in Jira's seconds and log lines or in a unit that a header names.

A log line is `comment;date;author;seconds`. A comment may hold semicolons itself, so a line is taken apart from its
right end. The author is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import Unit
from bau_tracker.formats.headers import plain_words
from bau_tracker.formats.values import parse_amount

MOST_SECONDS: Final = 10 * 365 * 24 * 3600
"""Ten years on one item are taken for a mistake."""
HOURS_A_DAY: Final = 8

_LEAST_PARTS: Final = 3
_PARTS: Final = re.compile(r"(?:\d{1,6}\s?(?:mo|w|d|h|m|s)\s*)+")
_PART: Final = re.compile(r"(\d+)\s?(mo|w|d|h|m|s)")
_SECONDS: Final = {"mo": 4 * 5 * 8 * 3600, "w": 5 * 8 * 3600, "d": 8 * 3600, "h": 3600, "m": 60, "s": 1}
"""What trackers mean by `1w 2d 3h`, unless a site says otherwise: a week has five days, a day eight hours."""
_SECONDS_AN_HOUR: Final = 3600
_UNITS: Final[dict[str, float]] = {
    **dict.fromkeys(("seconds", "second", "secs", "sec", "s", "sekunden"), 1 / _SECONDS_AN_HOUR),
    **dict.fromkeys(("minutes", "minute", "mins", "min", "minuten"), 1 / 60),
    **dict.fromkeys(("days", "day", "tage"), HOURS_A_DAY),
}


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


def parse_spent(text: str) -> int:
    """Read seconds, or what a tracker writes for a person: `1w 2d 3h 30m`. Raises InvalidInput for anything else."""
    if not _PARTS.fullmatch(text.strip()):
        return parse_seconds(text)
    return parse_seconds(str(sum(int(number) * _SECONDS[part] for number, part in _PART.findall(text))))


def parse_time_spent(text: str, header: str) -> int:
    """Read an amount of time as seconds: its own unit counts, else the one its header names, else hours.

    Raises InvalidInput for what is no amount of time.
    """
    amount, unit = parse_amount(text)
    if unit is Unit.PERCENT:
        raise InvalidInput(f"“{text}” is no amount of time. Write hours such as 2 or 2.5.")
    scale: float = HOURS_A_DAY if unit is Unit.DAYS else 1
    if unit is None:
        scale = next((_UNITS[word] for word in plain_words(header).split() if word in _UNITS), 1)
    return parse_seconds(str(round(amount * scale * _SECONDS_AN_HOUR)))
