"""Decides what a week is, and when a team's week opens and freezes. Who may answer in it is left to `surveys`.

A week is an ISO 8601 week, held as its Monday. Times are given in the team's time zone and handled in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bau_tracker.domain.errors import InvalidInput

_PATTERN: Final = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_YEARS: Final = range(1900, 3000)
"""Years that a week can be read of: each has neighbours, which the ends of the calendar have not."""
DAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OPENING_DAYS: Final = range(3, 8)
"""Days on which a week may open, counted from its Monday: people can't recall a week much later."""
MOMENTS: Final = {
    "opens": "Opening",
    "due": "The first reminder",
    "reminder": "The second reminder",
    "freezes": "Freezing",
}
"""Name and label of the moments in a week's life, in their order."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """An ISO week, ordered by time; `monday` is its first day."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday() != 0:
            raise InvalidInput(f"{self.monday} is not a Monday; a week is held as its Monday.")

    def __hash__(self) -> int:
        return hash(self.monday)  # weeks are keys nearly everywhere: the generated hash of a tuple costs twice as much

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


@dataclass(frozen=True, order=True, slots=True)
class DayTime:
    """A local time on a day counted from a week's Monday: 4 is its Friday, 9 the Wednesday after."""

    day: int
    at: time

    def __str__(self) -> str:
        return f"{DAY_NAMES[self.day % 7]} {self.at:%H:%M}"


@dataclass(frozen=True, slots=True)
class WeekTimes:
    """When a week opens, is due, reminds once more and freezes, in a time zone.

    Defaults: opens on its Friday at 09:00; due, with the first reminder, on the Monday after at 09:00; the second
    reminder on Tuesday at 09:00; freezes on Wednesday at 12:00 (the domain's defaults). Raises InvalidInput when the
    moments don't follow each other, or when a week would still be open as the next one opens.
    """

    zone: ZoneInfo
    opens: DayTime = DayTime(4, time(9))
    due: DayTime = DayTime(7, time(9))
    reminder: DayTime = DayTime(8, time(9))
    freezes: DayTime = DayTime(9, time(12))

    def __post_init__(self) -> None:
        if not OPENING_DAYS.start <= self.opens.day < OPENING_DAYS.stop:
            raise InvalidInput("A week opens between its own Thursday and the Monday after.", "opens")
        for earlier, later in pairwise(("opens", "due", "reminder", "freezes")):
            if getattr(self, later) <= getattr(self, earlier):
                raise InvalidInput(f"{MOMENTS[later]} must come after {MOMENTS[earlier].lower()}.", later)
        if self.freezes > DayTime(self.opens.day + 7, self.opens.at):
            raise InvalidInput("The week must freeze before the next one opens.", "freezes")

    def moment(self, week: Week, name: str) -> datetime:
        """Give a moment of MOMENTS in UTC; an hour that a clock change skips counts as the hour after."""
        given: DayTime = getattr(self, name)
        local = datetime.combine(week.monday + timedelta(days=given.day), given.at, tzinfo=self.zone)
        return local.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a team's weeks open and freeze: times, each from a week on, so that a change leaves earlier weeks alone.

    `versions` holds (first week, times), oldest first; the oldest count for all weeks before too.
    """

    versions: tuple[tuple[Week, WeekTimes], ...]

    @classmethod
    def constant(cls, zone: ZoneInfo) -> Schedule:
        """Give the default times in a time zone, for all weeks."""
        return cls(((Week(date(1900, 1, 1)), WeekTimes(zone)),))

    @property
    def zone(self) -> ZoneInfo:
        """Give the newest time zone, in which the team's days begin."""
        return self.versions[-1][1].zone

    def times(self, week: Week) -> WeekTimes:
        """Give the times of a week."""
        return next((times for first, times in reversed(self.versions) if first <= week), self.versions[0][1])

    def opens(self, week: Week) -> datetime:
        """Give the moment in UTC from which a week can be answered."""
        return self.times(week).moment(week, "opens")

    def due(self, week: Week) -> datetime:
        """Give the moment in UTC after which an answer is late, and the first reminder goes."""
        return self.times(week).moment(week, "due")

    def second_reminder(self, week: Week) -> datetime:
        """Give the moment in UTC of the second reminder."""
        return self.times(week).moment(week, "reminder")

    def freezes(self, week: Week) -> datetime:
        """Give the moment in UTC from which a week's figures are published and no longer move.

        A week that would still be open when the next one opens, after a change of times, freezes then.
        """
        return min(self.times(week).moment(week, "freezes"), self.opens(week.shift(1)))

    def phase(self, week: Week, now: datetime) -> Phase:
        """Say where a week stands at a moment."""
        if now >= self.freezes(week):
            return Phase.FROZEN
        return Phase.OPEN if now >= self.opens(week) else Phase.UPCOMING

    def newest_started(self, now: datetime) -> Week:
        """Give the newest week that has opened, frozen or not."""
        week = Week.containing(now.astimezone(self.zone).date()).shift(1)  # a day ahead in another zone, at most
        while self.opens(week) > now:
            week = week.shift(-1)
        return week

    def open_week(self, now: datetime) -> Week | None:
        """Give the week that can be answered now; None between a freeze and the next opening."""
        week = self.newest_started(now)
        return week if self.phase(week, now) is Phase.OPEN else None


def time_zone(name: str) -> ZoneInfo:
    """Give the time zone of an IANA name; raise InvalidInput for an unknown one."""
    if name not in available_timezones():
        raise InvalidInput(f"“{name}” is not a known time zone. Use a name such as Europe/Berlin or UTC.", "timezone")
    return ZoneInfo(name)
