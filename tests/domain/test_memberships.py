from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.memberships import (
    day_words,
    first_movable_week,
    movable_day,
    sound_day,
    sound_hours,
    today_of,
)
from bau_tracker.domain.weeks import Schedule
from tests.factories import AFTER_FREEZE, MONDAY, OPEN_WEEK

UTC_WEEKS = Schedule.constant(ZoneInfo("UTC"))


def test_a_change_may_reach_into_the_open_week_and_no_further_back() -> None:
    assert first_movable_week(UTC_WEEKS, MONDAY) == OPEN_WEEK
    assert movable_day(OPEN_WEEK.monday, UTC_WEEKS, MONDAY, "starts_on") == OPEN_WEEK.monday
    with pytest.raises(InvalidInput, match="from 16 Nov 2026 at the earliest"):
        movable_day(OPEN_WEEK.monday - timedelta(days=1), UTC_WEEKS, MONDAY, "starts_on")


def test_once_a_week_is_published_a_change_counts_from_the_next() -> None:
    assert first_movable_week(UTC_WEEKS, AFTER_FREEZE) == OPEN_WEEK.shift(1)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 31), date(2029, 1, 1), date(9999, 12, 31)])
def test_a_day_that_can_only_be_a_slip_is_refused(day: date) -> None:
    with pytest.raises(InvalidInput, match="can't be right"):
        sound_day(day, MONDAY.date(), "starts_on")


def test_a_day_in_the_past_or_next_year_is_taken() -> None:
    assert sound_day(date(2000, 1, 1), MONDAY.date(), "starts_on")
    assert sound_day(date(2028, 11, 1), MONDAY.date(), "starts_on")


def test_no_hours_are_the_teams_and_zero_asks_nothing() -> None:
    assert (sound_hours(None), sound_hours(0), sound_hours(100)) == (None, 0, 100)


def test_today_is_that_of_the_team() -> None:
    assert today_of(Schedule.constant(ZoneInfo("Pacific/Kiritimati")), MONDAY) == date(2026, 11, 24)
    assert day_words(date(2026, 11, 3)) == "3 Nov 2026"
