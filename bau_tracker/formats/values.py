"""Decides what a cell says: an amount of time, yes or no. Dates are left to `dates`.

Decimal points and commas both count; a thousands separator doesn't, since no week has a thousand hours. Where the other
numbers of a column say that it is one is left to `decimals`.
"""

from __future__ import annotations

import math
import re
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import Unit

WORK_DAYS: Final = 5
"""Days that a week's hours are spread over where a file counts in days."""

_NUMBER: Final = r"[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?"
_AMOUNT: Final = re.compile(rf"({_NUMBER})\s*([^\W\d_]+\.?|%)?")
_CLOCK: Final = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?(?:\s*(?:h|hrs|hours|std))?", re.IGNORECASE)
_HOURS_AND_MINUTES: Final = re.compile(
    r"(\d{1,3})\s*(?:h|hrs?|hours?|std)\.?\s*(\d{1,2})\s*m(?:in)?\w*\.?", re.IGNORECASE
)
_HOUR_WORDS: Final = frozenset(("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"))
_DAY_WORDS: Final = frozenset(("d", "day", "days", "tag", "tage"))
_MINUTE_WORDS: Final = frozenset(("m", "min", "mins", "minute", "minutes", "minuten"))
_PERCENT_WORDS: Final = frozenset(("%", "percent", "pct", "prozent"))
_YES: Final = frozenset(("yes", "y", "true", "1", "x", "✓", "ja", "j", "wahr", "oui", "sí", "si"))
_NO: Final = frozenset(("no", "n", "false", "0", "nein", "falsch", "non", "-"))


def parse_amount(text: str) -> tuple[float, Unit | None]:
    """Read `60`, `22,5`, `22.5h`, `1:30`, `2h 30m`, `45 min`, `3 days` or `60 %`; the unit is None for a bare number.

    Minutes come out as hours. Raises InvalidInput for anything else.
    """
    cell = text.strip()
    clock = _CLOCK.fullmatch(cell)
    if clock:
        return int(clock[1]) + int(clock[2]) / 60 + int(clock[3] or 0) / 3600, Unit.HOURS
    both = _HOURS_AND_MINUTES.fullmatch(cell)
    if both:
        return int(both[1]) + int(both[2]) / 60, Unit.HOURS
    match = _AMOUNT.fullmatch(cell)
    amount = float(match[1].replace(",", ".")) if match else math.inf
    if not match or math.isinf(amount):
        raise InvalidInput(f"“{text}” is no amount of time. Write hours such as 2 or 2.5.")
    word = (match[2] or "").casefold().rstrip(".")
    if not word:
        return amount, None
    if word in _MINUTE_WORDS:
        return amount / 60, Unit.HOURS
    return amount, _unit(word, text)


def unit_in(words: str) -> Unit | None:
    """Name the unit that a header speaks of, such as “Planned work (%)” or “Planned hours”; None for none."""
    found = set(re.findall(r"[^\W\d_]+|%", words.casefold()))
    if found & (_PERCENT_WORDS | {"percentage", "share", "anteil"}):
        return Unit.PERCENT
    if found & _HOUR_WORDS:
        return Unit.HOURS
    return Unit.DAYS if found & {"days", "tage", "tagen"} else None


def to_hours(amount: float, unit: Unit, *, available: float) -> float:
    """Turn an amount into hours; percent are parts of the hours available, days a fifth of them."""
    if unit is Unit.PERCENT:
        return amount * available / 100
    return amount * available / WORK_DAYS if unit is Unit.DAYS else amount


def parse_yes_no(text: str) -> bool:
    """Read yes or no in a few languages; raise InvalidInput for anything else."""
    word = text.strip().casefold().rstrip(".!")
    first = re.split(r"[\s,;:(]", word, maxsplit=1)[0]
    for said in (word, first):
        if said in _YES:
            return True
        if said in _NO:
            return False
    raise InvalidInput(f"“{text}” is neither yes nor no.")


def without_blank_lines(text: str) -> str:
    """Take blank lines out of a text, and spaces at the ends of the others."""
    return "\n".join(line for piece in text.split("\n") if (line := piece.strip()))


def _unit(word: str, text: str) -> Unit:
    if word in _HOUR_WORDS:
        return Unit.HOURS
    if word in _DAY_WORDS:
        return Unit.DAYS
    if word in _PERCENT_WORDS:
        return Unit.PERCENT
    raise InvalidInput(f"“{text}” is no amount of time. Write hours such as 2 or 2.5.")
