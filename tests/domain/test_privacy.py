from __future__ import annotations

from datetime import date

import pytest

from bau_tracker.domain.privacy import Minimums, may_show_comments, others, shown_to
from bau_tracker.domain.statistics import add_up
from bau_tracker.domain.surveys import Answer
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from tests.factories import make_answer

WEEK = Week(date(2026, 11, 16))
DEFAULT = Minimums()


def answered(number: int, away: int = 0) -> list[Answer]:
    return [make_answer(excessive=(Chip.ALERTS,), callouts=1.0)] * number + [Answer(away=True)] * away


def test_the_minimums_are_three_for_hours_and_five_for_comments() -> None:
    assert (DEFAULT.time_split, DEFAULT.comments) == (3, 5)


@pytest.mark.parametrize(
    ("respondents", "viewer_answered", "shown"),
    [(3, False, True), (2, False, False), (4, True, True), (3, True, False), (1, True, False), (1, False, False)],
)
def test_hours_show_when_three_others_than_the_viewer_answered(
    respondents: int, viewer_answered: bool, shown: bool
) -> None:
    totals = add_up(WEEK, answered(respondents, away=2), members=6)
    assert shown_to(totals, DEFAULT, viewer_answered=viewer_answered).hidden is not shown


def test_of_a_hidden_week_only_counts_of_answers_are_left() -> None:
    totals = add_up(WEEK, answered(2, away=1), members=6)
    hidden = shown_to(totals, DEFAULT, viewer_answered=False)
    assert (hidden.week, hidden.respondents, hidden.away, hidden.expected) == (WEEK, 2, 1, 5)
    assert (hidden.hours, hidden.callouts, hidden.chips) == ({}, 0, {})
    assert (hidden.complaint_answers, hidden.complaining, hidden.deferred, hidden.deferred_answers) == (0, 0, 0, 0)
    assert hidden.planned_share is None


def test_a_week_without_answers_is_a_gap_and_not_a_secret() -> None:
    totals = add_up(WEEK, answered(0, away=3), members=6)
    assert shown_to(totals, DEFAULT, viewer_answered=False) == totals


def test_people_who_were_away_protect_nobody() -> None:
    totals = add_up(WEEK, answered(2, away=5), members=7)
    assert shown_to(totals, DEFAULT, viewer_answered=False).hidden


def test_an_own_answer_is_left_out_of_the_count() -> None:
    assert others(4, viewer_answered=True) == 3
    assert others(4, viewer_answered=False) == 4


@pytest.mark.parametrize(
    ("respondents", "viewer_answered", "shown"),
    [(5, False, True), (4, False, False), (5, True, False), (6, True, True)],
)
def test_comments_show_when_five_others_than_the_viewer_answered(
    respondents: int, viewer_answered: bool, shown: bool
) -> None:
    assert may_show_comments(respondents, DEFAULT, viewer_answered=viewer_answered) is shown
