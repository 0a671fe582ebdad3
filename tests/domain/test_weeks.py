from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.weeks import DayTime, Phase, Schedule, Week, WeekTimes, time_zone

W47 = Week(date(2026, 11, 16))
BERLIN = Schedule.constant(ZoneInfo("Europe/Berlin"))
SECOND = timedelta(seconds=1)

weeks = st.dates(date(2000, 1, 3), date(2100, 1, 1)).map(Week.containing)
moments = st.datetimes(datetime(2000, 1, 3), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "Australia/Lord_Howe"])


@pytest.mark.parametrize("text", ["2026-W47", "2026W47", " 2026-w47 "])
def test_a_week_is_read_as_people_write_it(text: str) -> None:
    assert Week.parse(text) == W47


@pytest.mark.parametrize(
    "text", ["", "47", "2026-47", "2026-W00", "2026-W54", "2025-W53", "26-W47", "2026-W47-1", "2026-11-16", "0000-W01"]
)
def test_what_is_no_week_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidInput, match="Write it as 2026-W47"):
        Week.parse(text)


@pytest.mark.parametrize("text", ["0001-W01", "9999-W52", "1899-W10", "3000-W01"])
def test_a_week_at_the_end_of_the_calendar_is_refused_as_it_has_no_neighbours(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not a week"):
        Week.parse(text)


def test_only_a_year_with_53_weeks_has_a_week_53() -> None:
    assert Week.parse("2020-W53").monday == date(2020, 12, 28)
    assert Week.parse("2020-W53").shift(1) == Week.parse("2021-W01")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2026-W47", "2026-W47 (16-22 Nov)"),
        ("2026-W49", "2026-W49 (30 Nov-6 Dec)"),
        ("2026-W01", "2026-W01 (29 Dec-4 Jan)"),
        ("2020-W53", "2020-W53 (28 Dec-3 Jan)"),
    ],
)
def test_a_week_is_written_with_its_days(text: str, label: str) -> None:
    assert Week.parse(text).label == label


def test_a_week_is_held_as_its_monday() -> None:
    assert Week.containing(date(2026, 11, 22)) == W47
    assert W47.sunday == date(2026, 11, 22)
    with pytest.raises(InvalidInput, match="not a Monday"):
        Week(date(2026, 11, 17))


@given(weeks)
def test_a_week_written_is_read_back(week: Week) -> None:
    assert Week.parse(str(week)) == week


@given(weeks, st.integers(-500, 500))
def test_shifting_and_counting_weeks_agree(week: Week, steps: int) -> None:
    later = week.shift(steps)
    assert later - week == steps
    assert (later > week) is (steps > 0)


def test_going_through_weeks_includes_both_ends() -> None:
    assert [str(week) for week in Week.parse("2020-W52").until(Week.parse("2021-W01"))] == [
        "2020-W52",
        "2020-W53",
        "2021-W01",
    ]
    assert list(W47.until(W47.shift(-1))) == []


def test_a_week_opens_on_its_friday_and_freezes_on_the_wednesday_after_in_the_teams_own_time() -> None:
    assert BERLIN.opens(W47) == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert BERLIN.freezes(W47) == datetime(2026, 11, 25, 11, tzinfo=UTC)


def test_the_clock_on_the_wall_stays_when_daylight_saving_begins_between_opening_and_freezing() -> None:
    week = Week.parse("2026-W13")  # Berlin's clocks go forward on its Sunday, 29 March
    assert BERLIN.opens(week) == datetime(2026, 3, 27, 8, tzinfo=UTC)
    assert BERLIN.freezes(week) == datetime(2026, 4, 1, 10, tzinfo=UTC)
    assert BERLIN.freezes(week) - BERLIN.opens(week) == timedelta(days=5, hours=2)


def test_the_clock_on_the_wall_stays_when_daylight_saving_ends_between_opening_and_freezing() -> None:
    week = Week.parse("2026-W43")  # and back on Sunday, 25 October
    assert BERLIN.freezes(week) - BERLIN.opens(week) == timedelta(days=5, hours=4)


def test_a_week_is_open_from_the_very_moment_it_opens_to_the_one_it_freezes() -> None:
    opens, freezes = BERLIN.opens(W47), BERLIN.freezes(W47)
    assert BERLIN.phase(W47, opens - SECOND) is Phase.UPCOMING
    assert BERLIN.phase(W47, opens) is Phase.OPEN
    assert BERLIN.phase(W47, freezes - SECOND) is Phase.OPEN
    assert BERLIN.phase(W47, freezes) is Phase.FROZEN


def test_between_a_freeze_and_the_next_opening_no_week_is_open() -> None:
    assert BERLIN.open_week(BERLIN.freezes(W47) - SECOND) == W47
    assert BERLIN.open_week(BERLIN.freezes(W47)) is None
    assert BERLIN.open_week(BERLIN.opens(W47.shift(1)) - SECOND) is None
    assert BERLIN.open_week(BERLIN.opens(W47.shift(1))) == W47.shift(1)


def test_a_team_that_changes_its_zone_opens_and_freezes_by_the_new_one() -> None:
    now = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
    assert BERLIN.phase(W47, now) is Phase.FROZEN
    assert Schedule.constant(ZoneInfo("America/New_York")).phase(W47, now) is Phase.OPEN


def test_on_the_other_side_of_the_date_line_it_is_another_day() -> None:
    friday_in_kiritimati = datetime(2026, 11, 19, 19, tzinfo=UTC)  # 09:00 there, Thursday in UTC
    assert Schedule.constant(ZoneInfo("Pacific/Kiritimati")).newest_started(friday_in_kiritimati) == W47
    assert Schedule.constant(ZoneInfo("UTC")).newest_started(friday_in_kiritimati) == W47.shift(-1)


@given(moments, zones)
def test_the_newest_week_that_started_has_started_and_the_next_has_not(now: datetime, zone: str) -> None:
    schedule = Schedule.constant(ZoneInfo(zone))
    newest = schedule.newest_started(now)
    assert schedule.opens(newest) <= now < schedule.opens(newest.shift(1))
    assert schedule.open_week(now) in {None, newest}


@given(weeks, zones)
def test_a_week_freezes_before_the_next_one_opens(week: Week, zone: str) -> None:
    schedule = Schedule.constant(ZoneInfo(zone))
    assert schedule.opens(week) < schedule.freezes(week) < schedule.opens(week.shift(1))


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "europe berlin", "../../etc/passwd", "CEST"])
def test_an_unknown_time_zone_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(InvalidInput, match="Europe/Berlin") as refused:
        time_zone(name)
    assert refused.value.field == "timezone"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"opens": DayTime(2, time(9))}, "opens"),
        ({"opens": DayTime(8, time(9))}, "opens"),
        ({"due": DayTime(4, time(9))}, "due"),
        ({"reminder": DayTime(7, time(8))}, "reminder"),
        ({"freezes": DayTime(8, time(9))}, "freezes"),
        ({"freezes": DayTime(11, time(9, 1))}, "freezes"),
    ],
)
def test_moments_that_cannot_follow_each_other_are_refused_at_the_one_to_change(
    changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        replace(WeekTimes(ZoneInfo("UTC")), **changed)
    assert refused.value.field == field


def test_a_week_is_due_with_its_first_reminder_and_reminds_once_more_before_it_freezes() -> None:
    assert BERLIN.due(W47) == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert BERLIN.second_reminder(W47) == datetime(2026, 11, 24, 8, tzinfo=UTC)
    assert str(BERLIN.times(W47).freezes) == "Wednesday 12:00"


def test_a_moment_that_the_clock_skips_comes_an_hour_later() -> None:
    sunday = replace(WeekTimes(ZoneInfo("Europe/Berlin")), opens=DayTime(6, time(2, 30)))
    assert sunday.moment(Week.parse("2026-W13"), "opens") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_week_may_open_on_the_monday_after() -> None:
    monday = replace(
        WeekTimes(ZoneInfo("UTC")), opens=DayTime(7, time(9)), due=DayTime(8, time(9)), reminder=DayTime(9, time(9))
    )
    schedule = Schedule(((W47.shift(-100), monday),))
    assert schedule.newest_started(datetime(2026, 11, 23, 8, 59, tzinfo=UTC)) == W47.shift(-1)
    assert schedule.newest_started(datetime(2026, 11, 23, 9, tzinfo=UTC)) == W47


def test_week_53_opens_and_freezes_like_any_other() -> None:
    week = Week.parse("2026-W53")
    assert (week.monday, week.shift(1)) == (date(2026, 12, 28), Week.parse("2027-W01"))
    assert BERLIN.opens(week) == datetime(2027, 1, 1, 8, tzinfo=UTC)
    assert BERLIN.open_week(datetime(2027, 1, 4, 12, tzinfo=UTC)) == week
    assert BERLIN.freezes(week) < BERLIN.opens(week.shift(1))
