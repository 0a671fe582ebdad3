from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.availability import HoursLeft, Stint, hours_available, hours_left, working_days
from bau_tracker.domain.weeks import Week

W47: Final = Week.parse("2026-W47")
MONDAY, WEDNESDAY, FRIDAY = (W47.monday + timedelta(days=days) for days in (0, 2, 4))
LONG_AGO: Final = date(2020, 1, 1)


def test_a_working_week_goes_from_monday_to_friday() -> None:
    assert working_days(W47) == [date(2026, 11, day) for day in range(16, 21)]


@pytest.mark.parametrize(
    ("hours", "days_off", "expected"),
    [
        (40.0, [], 40.0),
        (22.5, [], 22.5),
        (40.0, [WEDNESDAY], 32.0),
        (40.0, [date(2026, 11, 21)], 40.0),
        (22.5, [WEDNESDAY], 18.0),
        (32.0, [MONDAY, WEDNESDAY], 19.5),
        (40.0, [MONDAY + timedelta(days=day) for day in range(5)], 0.0),
        (0.0, [], 0.0),
    ],
)
def test_a_day_off_takes_a_fifth_of_the_week_rounded_up_to_half_hours(
    hours: float, days_off: list[date], expected: float
) -> None:
    assert hours_available([Stint(LONG_AGO, None, hours)], W47, days_off) == expected


def test_only_the_days_of_a_stretch_count() -> None:
    assert hours_available([Stint(WEDNESDAY, None, 40)], W47) == 24
    assert hours_available([Stint(LONG_AGO, WEDNESDAY, 40)], W47) == 24
    assert hours_available([Stint(LONG_AGO, MONDAY - timedelta(days=1), 40)], W47) == 0
    assert hours_available([Stint(LONG_AGO, MONDAY, 40), Stint(WEDNESDAY, FRIDAY, 20)], W47) == 8 + 12


@given(st.floats(0, 100), st.sets(st.sampled_from(working_days(W47))))
def test_nobody_has_more_hours_than_a_full_week_nor_less_than_none(hours: float, days_off: set[date]) -> None:
    found = hours_available([Stint(LONG_AGO, None, hours)], W47, days_off)
    assert 0 <= found < hours + 0.5
    assert (found * 2).is_integer()
    assert found >= hours * (5 - len(days_off)) / 5 - 1e-6


@given(st.integers(0, 4), st.integers(1, 200).map(lambda halves: halves / 2))
def test_who_moves_between_two_teams_has_the_week_between_them(day: int, hours: float) -> None:
    last = MONDAY + timedelta(days=day)
    before = hours_available([Stint(LONG_AGO, last, hours)], W47)
    after = hours_available([Stint(last + timedelta(days=1), None, hours)], W47)
    assert hours <= before + after <= hours + 1


def test_a_usual_week_has_all_its_hours_and_no_reason() -> None:
    usual = hours_left([Stint(LONG_AGO, None, 40)], W47, holidays=(), away=[W47.sunday])
    assert usual == HoursLeft(40)
    assert usual.days_missing == 0


def test_every_missing_day_has_one_reason() -> None:
    joined = Stint(MONDAY + timedelta(days=1), None, 40)
    left = hours_left([joined], W47, holidays=[MONDAY, WEDNESDAY], away=[MONDAY, WEDNESDAY, FRIDAY])
    assert left == HoursLeft(16, holidays=(WEDNESDAY,), away=(FRIDAY,), elsewhere=(MONDAY,))
    assert left.days_missing == 3
