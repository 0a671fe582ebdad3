"""Small series for the tests of charts."""

from __future__ import annotations

from datetime import date
from typing import Final

from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week

FIRST: Final = Week(date(2026, 7, 27))
"""2026-W31"""


def make_week(
    number: int = 0,
    share: float | None = 0.6,
    *,
    respondents: int = 5,
    expected: int = 7,
    kinds: dict[str, float] | None = None,
    chips: dict[Chip, int] | None = None,
    hidden: bool = False,
) -> WeekTotals:
    """Make the week so many after FIRST: 100 hours at a planned share, its BAU as defects unless kinds are given."""
    if share is None or hidden:
        return WeekTotals(FIRST.shift(number), respondents=respondents, expected=expected, hidden=hidden)
    hours = {"planned": share * 100, **(kinds or {"defect": (1 - share) * 100})}
    return WeekTotals(
        FIRST.shift(number),
        hours=hours,
        respondents=respondents,
        expected=expected,
        complaint_answers=respondents,
        complaining=max((chips or {}).values(), default=0),
        chips=chips or {},
    )


def make_series(*shares: float | None) -> list[WeekTotals]:
    """Make a week for each share; None is a week without answers."""
    return [
        make_week(number, share) if share is not None else make_week(number, None, respondents=0)
        for number, share in enumerate(shares)
    ]
