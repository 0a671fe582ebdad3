from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.formats.dates import parse_moment
from bau_tracker.formats.worklogs import MOST_LOGGED, log_day, parse_log, parse_seconds, parse_spent, parse_time_spent


def moment(text: str) -> datetime:
    return parse_moment(text, UTC)


@given(st.text())
def test_a_comment_may_hold_anything(comment: str) -> None:
    text = f"{comment};15/Feb/26 4:37 PM;ada;3600"

    assert parse_log(text, moment) == (date(2026, 2, 15), 3600)
    assert log_day(text) == "15/Feb/26 4:37 PM"


def test_a_log_without_comment_is_read_too() -> None:
    assert parse_log("2026-02-15;ada;60", moment) == (date(2026, 2, 15), 60)


@pytest.mark.parametrize("text", ["", "worked", "a;b", "soon;ada;60", "2026-02-15;ada;long"])
def test_what_is_no_log_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_log(text, moment)


@pytest.mark.parametrize(("text", "seconds"), [("0", 0), ("3600", 3600), ("3600.0", 3600)])
def test_seconds_are_whole(text: str, seconds: int) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "-1", "1.5", "nan", "inf", "1h"])
def test_other_seconds_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no number of seconds"):
        parse_seconds(text)


def test_ten_thousand_hours_in_one_log_line_are_a_mistake() -> None:
    with pytest.raises(InvalidInput, match=r"10,000 hours on one item can't be right; 4,000 is the most"):
        parse_log("fixed;2026-02-15;ada;36000000", moment)


@pytest.mark.parametrize(("seconds", "fits"), [(MOST_LOGGED, True), (MOST_LOGGED + 1, False)])
def test_a_log_line_holds_a_week_at_most(seconds: int, fits: bool) -> None:
    line = f"fixed;2026-02-15;ada;{seconds}"
    if fits:
        assert parse_log(line, moment) == (date(2026, 2, 15), seconds)
    else:
        with pytest.raises(InvalidInput, match="hours in one log line can't be right; 100 is the most"):
            parse_log(line, moment)


@pytest.mark.parametrize("text", ["4001h", "999999mo", "99999999999", "9" * 300])
def test_more_time_on_an_item_than_anybody_has_is_a_mistake(text: str) -> None:
    with pytest.raises(InvalidInput, match="hours on one item can't be right; 4,000 is the most"):
        parse_spent(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3600", 3600),
        ("3600.00000", 3600),
        ("0h", 0),
        ("1h 30m", 5400),
        ("1w 2d 3h", 212_400),
        ("1mo", 576_000),
        ("5s", 5),
    ],
)
def test_time_spent_is_seconds_or_what_a_tracker_writes_for_people(text: str, seconds: int) -> None:
    assert parse_spent(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "1x", "-1h", "1h and more"])
def test_other_times_spent_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no number of seconds"):
        parse_spent(text)


@pytest.mark.parametrize(
    ("text", "header", "seconds"),
    [
        ("30", "time_spent_minutes", 1800),
        ("30", "Time spent (min)", 1800),
        ("90", "Time Spent in Seconds", 90),
        ("1,5", "Hours", 5400),
        ("2", "Completed Work", 7200),
        ("0.5", "effort_days", 14400),
        ("45 min", "Hours", 2700),
        ("1d", "Hours", 28800),
        ("1:30", "minutes", 5400),
    ],
)
def test_an_amount_has_its_own_unit_or_that_of_its_header(text: str, header: str, seconds: int) -> None:
    assert parse_time_spent(text, header) == seconds


@pytest.mark.parametrize("text", ["60 %", "long", "-1", "1e9"])
def test_what_is_no_amount_of_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_time_spent(text, "Hours")
