from __future__ import annotations

from datetime import date

import pytest

from bau_tracker.domain.privacy import Minimums, may_show_comments, shown_to
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
    ("respondents", "known", "shown"),
    [
        (3, 0, True),
        (2, 0, False),
        (4, 1, True),
        (3, 1, False),
        (1, 1, False),
        (1, 0, False),
        (7, 5, False),
        (7, 4, True),
    ],
)
def test_hours_show_when_three_others_than_the_viewer_answered(respondents: int, known: int, shown: bool) -> None:
    totals = add_up(WEEK, answered(respondents, away=2), members=6)
    assert shown_to(totals, DEFAULT, known=known).hidden is not shown


def test_of_a_hidden_week_only_counts_of_answers_are_left() -> None:
    totals = add_up(WEEK, answered(2, away=1), members=6)
    hidden = shown_to(totals, DEFAULT, known=0)
    assert (hidden.week, hidden.respondents, hidden.away, hidden.expected) == (WEEK, 2, 1, 5)
    assert (hidden.hours, hidden.callouts, hidden.chips) == ({}, 0, {})
    assert (hidden.complaint_answers, hidden.complaining, hidden.deferred, hidden.deferred_answers) == (0, 0, 0, 0)
    assert hidden.planned_share is None


def test_a_week_without_answers_is_a_gap_and_not_a_secret() -> None:
    totals = add_up(WEEK, answered(0, away=3), members=6)
    assert shown_to(totals, DEFAULT, known=0) == totals


def test_people_who_were_away_protect_nobody() -> None:
    totals = add_up(WEEK, answered(2, away=5), members=7)
    assert shown_to(totals, DEFAULT, known=0).hidden


def test_who_imported_every_answer_of_a_week_sees_it_as_nobody_is_left_to_protect() -> None:
    assert not shown_to(add_up(WEEK, answered(4), members=4), DEFAULT, known=4).hidden
    assert shown_to(add_up(WEEK, answered(2), members=4), DEFAULT, known=2).hidden


@pytest.mark.parametrize(
    ("respondents", "known", "shown"),
    [(5, 0, True), (4, 0, False), (5, 1, False), (6, 1, True)],
)
def test_comments_show_when_five_others_than_the_viewer_answered(respondents: int, known: int, shown: bool) -> None:
    assert may_show_comments(respondents, DEFAULT, known=known) is shown
