"""Decides what a week is, and when a team's week opens and freezes. Who may answer in it is left to `surveys`.

A week is an ISO 8601 week, held as its Monday. Times are given in the team's time zone and handled in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bau_tracker.domain.errors import InvalidInput

_PATTERN: Final = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_YEARS: Final = range(1900, 3000)
"""Years that a week can be read of: each has neighbours, which the ends of the calendar have not."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """An ISO week, ordered by time; `monday` is its first day."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday() != 0:
            raise InvalidInput(f"{self.monday} is not a Monday; a week is held as its Monday.")

    @classmethod
    def containing(cls, day: date) -> Week:
        """Give the week that a day lies in."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, text: str) -> Week:
        """Read `2026-W47` (or `2026W47`); raise InvalidInput for anything else, week 53 of a short year too."""
        match = _PATTERN.fullmatch(text.strip())
        if match and int(match[1]) in _YEARS:
            try:
                return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
            except ValueError:
                pass
        raise InvalidInput(f"“{text}” is not a week. Write it as 2026-W47.")

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    def sunday(self) -> date:
        """Give the last day of the week."""
        return self.monday + timedelta(days=6)

    @property
    def label(self) -> str:
        """Write the week for a person: `2026-W47 (16-22 Nov)`, `2026-W49 (30 Nov-6 Dec)`."""
        first, last = self.monday, self.sunday
        start = f"{first.day}" if first.month == last.month else f"{first.day} {_MONTHS[first.month - 1]}"
        return f"{self} ({start}-{last.day} {_MONTHS[last.month - 1]})"

    def shift(self, weeks: int) -> Week:
        """Give the week so many weeks later, or earlier when negative."""
        return Week(self.monday + timedelta(weeks=weeks))

    def __sub__(self, other: Week) -> int:
        """Count the weeks from the other week to this one."""
        return (self.monday - other.monday).days // 7

    def until(self, last: Week) -> Iterator[Week]:
        """Go through the weeks from this one to the last one, both included."""
        return (self.shift(step) for step in range(last - self + 1))


class Phase(StrEnum):
    """Where a team's week stands."""

    UPCOMING = "upcoming"
    OPEN = "open"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a team's week opens and freezes, in the team's own time zone.

    Defaults: opens on its Friday at 09:00, freezes on the Wednesday after at 12:00 (domain default, a judgement).
    """

    zone: ZoneInfo
    opens_day: int = 4
    opens_at: time = time(9)
    freezes_day: int = 9
    freezes_at: time = time(12)

    def opens(self, week: Week) -> datetime:
        """Give the moment in UTC from which a week can be answered."""
        return self._moment(week, self.opens_day, self.opens_at)

    def freezes(self, week: Week) -> datetime:
        """Give the moment in UTC from which a week's figures are published and no longer move."""
        return self._moment(week, self.freezes_day, self.freezes_at)

    def phase(self, week: Week, now: datetime) -> Phase:
        """Say where a week stands at a moment."""
        if now >= self.freezes(week):
            return Phase.FROZEN
        return Phase.OPEN if now >= self.opens(week) else Phase.UPCOMING

    def newest_started(self, now: datetime) -> Week:
        """Give the newest week that has opened, frozen or not."""
        week = Week.containing(now.astimezone(self.zone).date())
        return week if self.opens(week) <= now else week.shift(-1)

    def open_week(self, now: datetime) -> Week | None:
        """Give the week that can be answered now; None between a freeze and the next opening."""
        week = self.newest_started(now)
        return week if self.phase(week, now) is Phase.OPEN else None

    def _moment(self, week: Week, days: int, at: time) -> datetime:
        local = datetime.combine(week.monday + timedelta(days=days), at, tzinfo=self.zone)
        return local.astimezone(UTC)


def time_zone(name: str) -> ZoneInfo:
    """Give the time zone of an IANA name; raise InvalidInput for an unknown one."""
    if name not in available_timezones():
        raise InvalidInput(f"“{name}” is not a known time zone. Use a name such as Europe/Berlin or UTC.", "timezone")
    return ZoneInfo(name)
