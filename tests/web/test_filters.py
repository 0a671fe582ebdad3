from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from bau_tracker.domain.importing import RunState
from bau_tracker.domain.verdicts import Level, State, Verdict
from bau_tracker.domain.weeks import Week
from bau_tracker.web import filters
from tests.factories import MONDAY


@pytest.mark.parametrize(
    ("write", "value", "written"),
    [
        (filters.percent, 0.614, "61\N{NO-BREAK SPACE}%"),
        (filters.percent, 0.0, "0\N{NO-BREAK SPACE}%"),
        (filters.percent, None, "-"),
        (filters.percent1, 0.6137, "61.4\N{NO-BREAK SPACE}%"),
        (filters.percent1, None, "-"),
        (filters.hours, 12.0, "12"),
        (filters.hours, 12.54, "12.5"),
        (filters.hours, 0.0, "0"),
        (filters.hours, None, "-"),
        (filters.amount, 5.625, "5.62"),
        (filters.amount, 100.0, "100"),
        (filters.day, date(2026, 12, 24), "24 Dec 2026"),
        (filters.day, None, "-"),
        (filters.weekday, date(2026, 12, 24), "Thu 24 Dec"),
        (filters.week_label, date(2026, 11, 16), "2026-W47 (16-22 Nov)"),
        (filters.tool_name, "google_forms", "Google Forms"),
        (filters.tool_name, "something_new", "something new"),
    ],
)
def test_a_value_is_written_for_people(write: Callable[[object], str], value: object, written: str) -> None:
    assert write(value) == written


@pytest.mark.parametrize(
    ("moment", "zone", "written"),
    [
        (MONDAY, "UTC", "Mon 23 Nov 2026, 10:00"),
        (MONDAY, "Pacific/Auckland", "Mon 23 Nov 2026, 23:00"),
        (datetime(2026, 7, 5, 23, 30, tzinfo=UTC), "Europe/Berlin", "Mon 6 Jul 2026, 01:30"),
        (None, "UTC", "-"),
    ],
)
def test_a_moment_is_written_in_the_zone_of_the_team(moment: datetime | None, zone: str, written: str) -> None:
    assert filters.moment(moment, zone) == written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("two\r\nlines\tand  spaces", "two lines and spaces"),
        ("bell\x07 and \u202ereversed", "bell� and �reversed"),
        ("\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}", "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}"),
        ("x" * 50, "x" * 9 + "…"),
        ("", ""),
    ],
)
def test_what_stands_in_a_file_is_shown_in_one_short_line_that_does_nothing(text: str, expected: str) -> None:
    assert filters.shown(text, 10 if len(text) > 40 else 300) == expected


def test_every_state_of_an_import_has_words() -> None:
    assert all(filters.run_state(state) for state in RunState)


def test_a_figure_in_a_sentence_about_a_verdict_stays_with_its_percent_sign() -> None:
    low = Verdict(Week(MONDAY.date()), State.HEALTHY, Level.LOW, planned_share=0.6, low=0.5, high=0.7)
    assert filters.reason_words(low)[0].startswith("Planned work is 60\N{NO-BREAK SPACE}% (50 to 70) now")
    assert "From 70\N{NO-BREAK SPACE}% on" in filters.change_words(low)
