from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.statistics import WeekTotals, add_up, planned_share
from bau_tracker.domain.surveys import Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from tests.factories import answers

WEEK = Week(date(2026, 11, 16))
finite = st.floats(0, 1e6)


def test_answers_add_up_as_worked_out_by_hand() -> None:
    alerts, deployments = frozenset({Chip.ALERTS}), frozenset({Chip.ALERTS, Chip.DEPLOYMENTS})
    given = [
        Answer(TimeSplit(planned=30, defect=5, overhead=5), callouts=2, excessive=alerts, deferred=True),
        Answer(TimeSplit(planned=10, defect=2.5, support=7.5), excessive=deployments, deferred=False),
        Answer(TimeSplit(planned=20, other_bau=5), excessive=None, deferred=None, callouts=1.5),
        Answer(TimeSplit(overhead=8), excessive=frozenset(), deferred=True),
        Answer(away=True, callouts=4, excessive=alerts, deferred=True),
    ]
    totals = add_up(WEEK, given, members=7)
    assert totals.hours["planned"] == 60
    assert totals.hours["defect"] == 7.5
    assert totals.hours["support"] == 7.5
    assert totals.hours["other_bau"] == 5
    assert totals.hours["overhead"] == 13
    assert totals.bau == 20
    assert totals.planned_share == 0.75
    assert totals.callouts == 3.5
    assert (totals.respondents, totals.away, totals.expected) == (4, 1, 6)
    assert totals.response_rate == pytest.approx(4 / 6)
    assert (totals.complaint_answers, totals.complaining) == (3, 2)
    assert (totals.chips[Chip.ALERTS], totals.chips[Chip.DEPLOYMENTS], totals.chips[Chip.INCIDENTS]) == (2, 1, 0)
    assert (totals.deferred, totals.deferred_answers) == (2, 3)


def test_hours_weigh_not_heads() -> None:
    given = [Answer(TimeSplit(planned=40)), Answer(TimeSplit(defect=10))]
    assert add_up(WEEK, given, members=2).planned_share == 0.8


def test_a_week_without_answers_has_no_share_and_is_not_zero() -> None:
    totals = add_up(WEEK, [], members=3)
    assert totals.planned_share is None
    assert totals.response_rate == 0
    assert totals.expected == 3


def test_when_all_are_away_nobody_is_expected_and_no_rate_is_made_up() -> None:
    totals = add_up(WEEK, [Answer(away=True), Answer(away=True)], members=2)
    assert (totals.respondents, totals.expected, totals.response_rate, totals.planned_share) == (0, 0, None, None)


def test_more_answers_than_members_expect_as_many_as_answered() -> None:
    totals = add_up(WEEK, [Answer(TimeSplit(planned=8))] * 3, members=1)
    assert totals.expected == 3
    assert totals.response_rate == 1


def test_a_week_of_overhead_alone_has_no_share() -> None:
    assert add_up(WEEK, [Answer(TimeSplit(overhead=40))], members=1).planned_share is None


def test_a_share_of_nothing_is_unknown() -> None:
    assert planned_share(0, 0) is None
    assert planned_share(0, 8) == 0
    assert planned_share(8, 0) == 1


@given(finite, finite)
def test_a_planned_share_lies_between_none_and_all(planned: float, bau: float) -> None:
    share = planned_share(planned, bau)
    assert share is None or 0 <= share <= 1


@given(st.lists(answers, max_size=8).flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))))
def test_the_order_of_answers_does_not_matter(orders: tuple[list[Answer], list[Answer]]) -> None:
    first, second = orders
    assert add_up(WEEK, first, members=9) == add_up(WEEK, second, members=9)


@given(st.lists(answers, max_size=8), st.integers(0, 12))
def test_sums_keep_their_bounds_whatever_is_answered(given: list[Answer], members: int) -> None:
    totals = add_up(WEEK, given, members)
    assert totals.respondents + totals.away == len(given)
    assert totals.respondents <= totals.expected
    assert totals.complaining <= totals.complaint_answers <= totals.respondents
    assert totals.deferred <= totals.deferred_answers <= totals.respondents
    assert all(count <= totals.complaining for count in totals.chips.values())
    assert totals.response_rate is None or 0 <= totals.response_rate <= 1
    assert totals.planned_share is None or 0 <= totals.planned_share <= 1
    assert math.isfinite(sum(totals.hours.values()) + totals.callouts)


def test_totals_without_hours_are_nothing_and_not_an_error() -> None:
    assert WeekTotals(WEEK).bau == 0
    assert WeekTotals(WEEK).planned_share is None
