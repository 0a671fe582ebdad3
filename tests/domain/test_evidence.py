from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bau_tracker.domain.evidence import Evidence, Said, fingerprints
from bau_tracker.domain.taxonomy import Chip
from tests.team_weeks import FIRST, team_weeks


def three_weeks() -> list[Evidence]:
    return team_weeks({"ana": [70.0, 60.0, 80.0], "ben": [50.0, None, 55.0]}, complaining=[1, 0, 1], members=["ana"])


def marks(weeks: list[Evidence]) -> list[str]:
    return list(fingerprints(weeks))


def test_every_week_has_a_mark_of_its_own() -> None:
    found = marks(three_weeks())
    assert len(set(found)) == 3
    assert {len(mark) for mark in found} == {32}
    assert all(set(mark) <= set("0123456789abcdef") for mark in found)
    assert marks([]) == []


def test_the_same_answers_have_the_same_marks_whatever_order_they_are_given_in() -> None:
    turned = [replace(one, said=dict(reversed(list(one.said.items())))) for one in three_weeks()]
    assert marks(turned) == marks(three_weeks())


def test_later_weeks_do_not_change_a_mark() -> None:
    assert marks(three_weeks()[:2]) == marks(three_weeks())[:2]


CHANGES: dict[str, Evidence] = {
    "another share": replace(three_weeks()[1], said={"ana": Said(0.61, 36.0)}),
    "other hours": replace(three_weeks()[1], said={"ana": Said(0.6, 35.5)}),
    "another person": replace(three_weeks()[1], said={"cem": Said(0.6, 36.0)}),
    "one more answer": replace(three_weeks()[1], said={"ana": Said(0.6, 36.0), "ben": Said(0.6, 36.0)}),
    "another member": replace(three_weeks()[1], members=frozenset({"ana", "ben"})),
    "no member": replace(three_weeks()[1], members=frozenset()),
    "members not known": replace(three_weeks()[1], members=None),
    "other questions": replace(three_weeks()[1], asked_anew=True),
    "other sums": replace(three_weeks()[1], totals=replace(three_weeks()[1].totals, hours={"planned": 20.0})),
    "more answers": replace(three_weeks()[1], totals=replace(three_weeks()[1].totals, respondents=2)),
    "more expected": replace(three_weeks()[1], totals=replace(three_weeks()[1].totals, expected=3)),
    "more asked": replace(three_weeks()[1], totals=replace(three_weeks()[1].totals, complaint_answers=2)),
    "more complaints": replace(three_weeks()[1], totals=replace(three_weeks()[1].totals, complaining=1)),
    "other complaints": replace(three_weeks()[1], totals=replace(three_weeks()[1].totals, chips={Chip.ALERTS: 1})),
    "another week": replace(three_weeks()[1], totals=replace(three_weeks()[1].totals, week=FIRST.shift(-1))),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_in_a_week_changes_its_mark_and_all_later_ones(what: str) -> None:
    before, after = marks(three_weeks()), marks([three_weeks()[0], CHANGES[what], three_weeks()[2]])
    assert before[0] == after[0]
    assert before[1] != after[1]
    assert before[2] != after[2]


def test_no_two_changes_have_the_same_mark() -> None:
    found = {marks([one])[0] for one in CHANGES.values()}
    assert len(found) == len(CHANGES)


def test_known_to_be_nobody_is_not_the_same_as_not_known() -> None:
    nobody, unknown = replace(three_weeks()[1], members=frozenset()), replace(three_weeks()[1], members=None)
    assert marks([nobody]) != marks([unknown])


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.text(max_size=3), st.tuples(st.floats(0, 1), st.floats(0.5, 90)), max_size=4))
def test_any_answers_have_a_mark_that_rounding_errors_leave_alone(given: dict[str, tuple[float, float]]) -> None:
    week = three_weeks()[0]
    exact = replace(
        week, said={person: Said(round(share, 2), round(hours, 1)) for person, (share, hours) in given.items()}
    )
    blurred = replace(
        week, said={person: Said(one.share + 1e-12, one.hours - 1e-12) for person, one in exact.said.items()}
    )
    assert marks([exact]) == marks([blurred])


def test_a_week_of_evidence_is_that_of_its_sums() -> None:
    assert [one.week for one in three_weeks()] == [FIRST, FIRST.shift(1), FIRST.shift(2)]
