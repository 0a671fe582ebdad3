"""Decides how much time a tracker says was spent, in Jira's seconds and log lines or in a unit that a header names.

A log line is `comment;date;author;seconds`. A comment may hold semicolons itself, so a line is taken apart from its
right end. The author is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import Unit
from bau_tracker.domain.surveys import MOST_HOURS
from bau_tracker.formats.headers import plain_words
from bau_tracker.formats.values import parse_amount

MOST_LOGGED: Final = round(MOST_HOURS * 3600)
"""Seconds in one log line; one is of one person, and even a whole week written down at once has no more hours."""
MOST_SECONDS: Final = 4000 * 3600
"""Seconds on one item: two working years of one person. An item is a piece of work; more is taken for a mistake."""
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
    return moment(parts[-3].strip()).date(), parse_logged(parts[-1])


def log_day(text: str) -> str:
    """Give the text of a log line's date; empty when it has none."""
    parts = text.rsplit(";", 3)
    return parts[-3].strip() if len(parts) >= _LEAST_PARTS else ""


def parse_seconds(text: str) -> int:
    """Read whole seconds, which a spreadsheet may have given a point.

    Raises InvalidInput for anything else, and for more than MOST_SECONDS.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < math.inf or not seconds.is_integer():
        raise InvalidInput(f"“{text}” is no number of seconds spent.")
    if seconds > MOST_SECONDS:
        raise InvalidInput(_too_much(seconds, "on one item", MOST_SECONDS))
    return int(seconds)


def parse_logged(text: str) -> int:
    """Read the seconds of one log line; raise InvalidInput for anything else, and for more than MOST_LOGGED."""
    seconds = parse_seconds(text)
    if seconds > MOST_LOGGED:
        raise InvalidInput(_too_much(seconds, "in one log line", MOST_LOGGED))
    return seconds


def _too_much(seconds: float, where: str, most: int) -> str:
    return (
        f"{seconds / _SECONDS_AN_HOUR:,.10g} hours {where} can't be right; {most / _SECONDS_AN_HOUR:,g} is the most. "
        "Mend the time, or see whether it is counted in seconds."
    )


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
