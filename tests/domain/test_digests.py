from __future__ import annotations

from dataclasses import replace

import pytest

from bau_tracker.domain.digests import change_sentence, kind_sentence, result_sentence, result_title, sentences
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.weeks import Week

WEEK = Week.parse("2026-W47")


def totals(planned: float = 60, *, back: int = 0, hidden: bool = False, **hours: float) -> WeekTotals:
    """Give a week in which 100 hours were placed, the rest of `planned` on defects unless told."""
    placed = {"planned": planned, "defect": 100 - planned} | hours
    return WeekTotals(WEEK.shift(-back), {} if hidden else placed, respondents=5, expected=7, hidden=hidden)


def test_a_result_is_its_figure_and_how_many_answered() -> None:
    assert result_sentence(totals(61)) == "Planned work was 61 %; 5 of 7 answered."
    assert result_title(totals(61)) == "61 % planned work in 2026-W47"


def test_a_rounded_figure_is_told_as_about_so_much() -> None:
    rounded = replace(totals(60), rounded=True)
    assert result_sentence(rounded) == "Planned work was about 60 %; 5 of 7 answered."
    assert result_title(rounded) == "about 60 % planned work in 2026-W47"


def test_a_hidden_result_is_counts_only_and_says_why() -> None:
    said = result_sentence(totals(hidden=True))
    assert (
        said == "5 of 7 answered: too few besides your own to show a figure, since it would give single answers away."
    )
    assert result_title(totals(hidden=True)) == "2026-W47 is published"
    assert sentences([totals(back=1), totals(hidden=True)]) == [said]


def test_a_week_of_meetings_alone_has_no_percentage() -> None:
    meetings = WeekTotals(WEEK, {"overhead": 40}, respondents=3, expected=3)
    assert "nobody placed planned or unplanned hours" in result_sentence(meetings)
    assert sentences([meetings]) == [result_sentence(meetings)]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ([70, 60, 80, 60], "That is 5 points lower than the usual 65 % of the 4 weeks before."),
        ([59], "That is 1 point higher than the usual 59 % of the week before."),
        ([60, 60], "That is the same as in the 2 weeks before."),
        ([], ""),
    ],
)
def test_a_change_is_told_against_the_median_of_the_weeks_before(before: list[float], words: str) -> None:
    weeks = [totals(share, back=number) for number, share in enumerate(before, 1)][::-1]
    assert change_sentence([*weeks, totals(60)]) == words


def test_weeks_that_are_hidden_or_long_ago_are_compared_with_nothing() -> None:
    assert change_sentence([totals(10, back=5), totals(back=1, hidden=True), totals(60)]) == ""
    assert change_sentence([totals(10, back=1), totals(hidden=True)]) == ""
    assert change_sentence([]) == ""


def test_the_kind_that_took_most_is_named() -> None:
    week = totals(50, defect=10, support=30, minor_change=10)
    assert kind_sentence(week) == "Most of the unplanned work was of this kind: support ticket."


def test_without_unplanned_work_no_kind_is_named() -> None:
    assert kind_sentence(totals(100)) == ""
    assert kind_sentence(totals(hidden=True)) == ""
