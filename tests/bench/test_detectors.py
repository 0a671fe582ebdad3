from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bau_tracker.services.detection import COLUMNS
from tests.bench.detectors import DETECTORS, OURS, verdicts
from tests.bench.examples import make_case
from tests.bench.scoring import ALERTS, STATES


def test_each_detector_gives_states_that_can_be_scored() -> None:
    case = make_case([80.0] * 20 + [None] + [60.0] * 20)
    for name, detect in DETECTORS.items():
        states = detect(case)
        assert set(states.values()) <= STATES, name
        assert not ALERTS.isdisjoint(states.values()), name


def test_rows_go_from_the_first_answer_to_the_last_week_asked_for() -> None:
    case = make_case([None, 80.0, 80.0, None, None])
    rows = verdicts(case, 4)
    assert list(rows) == [1, 2, 3, 4]
    assert all(tuple(row) == COLUMNS and row["team"] == case.team for row in rows.values())


@pytest.mark.parametrize("weeks", [1, 26, 101])
def test_weeks_are_calendar_weeks_counted_from_the_teams_own_first(weeks: int) -> None:
    case = make_case([80.0, 70.0])
    later = replace(case, truth=replace(case.truth, start=date(2024, 1, 1) + timedelta(weeks=weeks)))
    assert list(verdicts(later, 1)) == [0, 1]
    monday = later.truth.start.isocalendar()
    assert verdicts(later, 1)[0]["week"] == f"{monday.year}-W{monday.week:02d}"


def test_answers_of_a_team_come_to_the_same_states_in_any_order() -> None:
    case = make_case([80.0] * 20 + [60.0] * 10)
    assert DETECTORS[OURS](replace(case, responses=case.responses[::-1])) == DETECTORS[OURS](case)
