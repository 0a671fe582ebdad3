from __future__ import annotations

from datetime import date, timedelta

from bau_tracker.domain.availability import HoursLeft, Stint, hours_left
from bau_tracker.domain.weeks import Week

WEEK = Week.parse("2026-W52")
MON, TUE, WED, THU, FRI = (WEEK.monday + timedelta(days=day) for day in range(5))
FULL = Stint(date(2026, 1, 1), None, 40)


def test_a_usual_week_has_all_its_hours_and_no_reason() -> None:
    assert hours_left([FULL], WEEK, holidays=(), away=()) == HoursLeft(40)
    assert HoursLeft(40).days_missing == 0


def test_every_missing_day_has_one_reason() -> None:
    joined = Stint(TUE, None, 40)
    left = hours_left([joined], WEEK, holidays=[MON, THU], away=[MON, THU, FRI])
    assert left == HoursLeft(16, holidays=(THU,), away=(FRI,), elsewhere=(MON,))
    assert left.days_missing == 3


def test_a_day_at_the_weekend_takes_nothing_away() -> None:
    assert hours_left([FULL], WEEK, holidays=(), away=[WEEK.sunday]) == HoursLeft(40)
