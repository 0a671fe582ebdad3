"""Decides how many hours a person has for a team in a week: part-time, days off and days outside the team taken out.

Leave is not working time: it reduces the hours available and never counts as BAU. Which days are public holidays and
who was away is left to `storage.availability`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bau_tracker.domain.weeks import Week

WORKING_DAYS: Final = 5
"""Monday to Friday; hours a week spread evenly over them (judgement: nobody is asked which days they work)."""
_STEP: Final = 0.5


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch of days, both included, in which somebody works so many hours a week; `ends_on` None is open."""

    starts_on: date
    ends_on: date | None
    hours_per_week: float

    def holds(self, day: date) -> bool:
        """Say whether a day lies in the stretch."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class HoursLeft:
    """The hours that a person has for a team in a week, and the working days that are missing from it, by reason."""

    hours: float
    holidays: tuple[date, ...] = ()
    away: tuple[date, ...] = ()
    elsewhere: tuple[date, ...] = ()

    @property
    def days_missing(self) -> int:
        """Count the working days that are missing, each once."""
        return len({*self.holidays, *self.away, *self.elsewhere})


def working_days(week: Week) -> list[date]:
    """Give the days of a week on which people work."""
    return [week.monday + timedelta(days=day) for day in range(WORKING_DAYS)]


def hours_available(stints: Iterable[Stint], week: Week, days_off: Collection[date] = ()) -> float:
    """Give the hours that stints leave in a week: a fifth of the weekly hours for each working day that isn't off.

    Half hours, rounded up, so that nobody has to place more than they have. 0 means that the person isn't asked.
    """
    days = [day for day in working_days(week) if day not in days_off]
    hours = math.fsum(stint.hours_per_week / WORKING_DAYS for stint in stints for day in days if stint.holds(day))
    return math.ceil(round(hours / _STEP, 6)) * _STEP


def hours_left(stints: Iterable[Stint], week: Week, *, holidays: Collection[date], away: Collection[date]) -> HoursLeft:
    """Give the hours that stints leave in a week, with the reason of each working day that is missing.

    A day outside the team comes before a public holiday, and that before a day away.
    """
    mine = list(stints)
    elsewhere = [day for day in working_days(week) if not any(stint.holds(day) for stint in mine)]
    closed = [day for day in working_days(week) if day in holidays and day not in elsewhere]
    off = [day for day in working_days(week) if day in away and day not in (*elsewhere, *closed)]
    hours = hours_available(mine, week, {*holidays, *away})
    return HoursLeft(hours, tuple(closed), tuple(off), tuple(elsewhere))
