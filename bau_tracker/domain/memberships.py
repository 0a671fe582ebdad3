"""Decides from which day on a team's membership may change, so that published weeks stand, and how a day is written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Role
from bau_tracker.domain.weeks import Phase, Schedule, Week

FIRST_DAY: Final = date(2000, 1, 1)
LOOK_AHEAD: Final = timedelta(days=2 * 366)
MOST_HOURS: Final = 100
"""A week of a member has no more."""
ROLE_WORDS: Final = {Role.MEMBER: "member", Role.LEAD: "lead"}


def day_words(day: date) -> str:
    """Write a day for a person: `23 Nov 2026`."""
    return f"{day.day} {day:%b %Y}"


def today_of(schedule: Schedule, now: datetime) -> date:
    """Give the day that it is for a team."""
    return now.astimezone(schedule.zone).date()


def sound_day(day: date, today: date, field: str) -> date:
    """Refuse a day that can only be a slip; raises InvalidInput."""
    if not FIRST_DAY <= day <= today + LOOK_AHEAD:
        raise InvalidInput(
            f"{day.isoformat()} can't be right. Use a day between 2000 and two years from now, as 2026-11-23.", field
        )
    return day


def first_movable_week(schedule: Schedule, now: datetime) -> Week:
    """Give the oldest week that hasn't frozen yet."""
    newest = schedule.newest_started(now)
    return newest.shift(1) if schedule.phase(newest, now) is Phase.FROZEN else newest


def movable_day(day: date, schedule: Schedule, now: datetime, field: str) -> date:
    """Refuse a day from which a change would reach into published weeks; raises InvalidInput with the first one."""
    week = first_movable_week(schedule, now)
    if day < week.monday:
        raise InvalidInput(
            f"Weeks before {week.label} are published and stand, so this can count from {day_words(week.monday)} "
            "at the earliest.",
            field,
        )
    return sound_day(day, today_of(schedule, now), field)


def movable_last_day(day: date, schedule: Schedule, now: datetime, field: str) -> date:
    """Refuse a last day whose morrow would reach into published weeks; raises InvalidInput like `movable_day`."""
    sound_day(day, today_of(schedule, now), field)
    movable_day(day + timedelta(days=1), schedule, now, field)
    return day


def sound_hours(hours: float | None, field: str = "hours") -> float | None:
    """Refuse hours that a week can't have; None are the team's, 0 asks nothing. Raises InvalidInput."""
    if hours is not None and not 0 <= hours <= MOST_HOURS:
        raise InvalidInput("A week has between 0 and 100 hours.", field)
    return hours
