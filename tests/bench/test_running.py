from __future__ import annotations

import pickle

import pytest

from tests.bench import running
from tests.bench.cases import Case
from tests.bench.detectors import DETECTORS, Row, verdicts
from tests.bench.examples import make_case
from tests.bench.mechanisms.plans import SCENARIOS
from tests.bench.running import Outcome, generated, given, hindsight, judge


def test_every_team_is_scored_by_every_detector_in_the_same_order() -> None:
    cases = [make_case([80.0] * 12 + [50.0] * 8, team=name, onset=12) for name in ("red", "blue", "green")]
    outcome = judge(cases)
    assert outcome.scores.keys() == DETECTORS.keys() == outcome.seconds.keys()
    for scores in outcome.scores.values():
        assert [score.team for score in scores] == ["red", "blue", "green"]
    assert outcome.scores["spreadsheet"][0].delay == 1
    assert (outcome.team_weeks, outcome.changed) == (60, 0)
    assert outcome.compared == 6 + 13


def test_a_detector_that_uses_later_weeks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def best_week_of_all(case: Case, last: int) -> dict[int, Row]:
        best = max(response.planned_share for response in case.responses)
        return {week: {"state": "healthy", "best": best} for week in range(last + 1)}

    case = make_case([80.0] * 10 + [90.0] * 4)
    assert hindsight(case) == (6 + 13, 0)
    monkeypatch.setattr(running, "verdicts", best_week_of_all)
    assert hindsight(case) == (6 + 13, 6)


def test_a_row_that_is_gone_by_all_weeks_counts_as_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(case: Case, last: int) -> dict[int, Row]:
        return {week: row for week, row in verdicts(case, last).items() if week > last - 6}

    monkeypatch.setattr(running, "verdicts", forgetful)
    assert hindsight(make_case([80.0] * 40)) == (6 * 4, 6 * 4)


def test_outcomes_add_up_and_can_be_sent_between_processes() -> None:
    cases = [make_case([80.0] * 20, team=name) for name in ("red", "blue")]
    total = Outcome()
    for case in cases:
        total.add(pickle.loads(pickle.dumps(judge([case]))))  # noqa: S301  (it is our own)
    assert [score.team for score in total.scores["spreadsheet"]] == ["red", "blue"]
    assert (total.team_weeks, total.compared) == (40, 2 * (6 + 13))


def test_the_chunks_hold_every_team_once() -> None:
    made = [case.team for chunk in generated(1, 1) for case in chunk()]
    assert made == [f"{scenario}-000" for scenario in SCENARIOS]
    assert len(generated(1, 30)) == 3 * len(SCENARIOS)
    cases = [make_case([80.0], team=str(number)) for number in range(30)]
    assert [case for chunk in given(cases) for case in chunk()] == cases
