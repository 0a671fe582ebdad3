from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bau_tracker.formats.exports import Line
from bau_tracker.services.detection import COLUMNS, verdict_rows
from tests.bench import detectors
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


def test_the_detector_is_told_when_a_teams_own_first_week_was(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    def spy(*arguments: Any) -> Iterator[Line]:
        told.append(arguments[-1])
        return verdict_rows(*arguments)

    monkeypatch.setattr(detectors, "verdict_rows", spy)
    case = make_case([80.0, 70.0])
    verdicts(replace(case, truth=replace(case.truth, start=date(2023, 7, 17))), 1)
    assert told == [{case.team: date(2023, 7, 17)}]


def test_answers_of_a_team_come_to_the_same_states_in_any_order() -> None:
    case = make_case([80.0] * 20 + [60.0] * 10)
    assert DETECTORS[OURS](replace(case, responses=case.responses[::-1])) == DETECTORS[OURS](case)
