from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tests.bench.examples import make_outcome, make_score
from tests.bench.findings import Findings, Kept, is_of, keep, read_kept
from tests.bench.running import Outcome

OURS = "BAU Tracker"


def test_what_never_comes_and_what_is_not_there_can_be_kept_in_a_file(tmp_path: Path) -> None:
    keep([Findings("Made", {"seed 1": make_outcome()})], tmp_path / "kept.json")
    (kept,) = json.loads((tmp_path / "kept.json").read_text())
    spreadsheet = kept["detectors"]["spreadsheet"]
    assert spreadsheet["summary"]["changes"]["median"] == 1
    assert spreadsheet["summary"]["clearing"]["median"] is None
    assert spreadsheet["by_part"]["seed 1"] == spreadsheet["summary"]
    assert kept["differences"].keys() == {"spreadsheet", "regression", "XmR chart"}
    assert (kept["teams"], kept["team_weeks"], kept["rows_changed_by_later_weeks"]) == (4, 190, 0)
    assert math.isfinite(kept["detectors"][OURS]["ms_a_team_week"])


def test_an_earlier_run_is_read_as_it_was(tmp_path: Path) -> None:
    outcome = make_outcome()
    outcome.scores[OURS].append(make_score("hhhh", "step-1", onset=2))
    assert outcome.scores[OURS][-1].delay == math.inf
    for scores in list(outcome.scores.values())[1:]:
        scores.append(make_score("hhss", "step-1", onset=2))
    keep([Findings("Made", {"seed 1": outcome})], tmp_path / "kept.json")
    assert read_kept(tmp_path / "kept.json") == {"Made": Kept(("seed 1",), tuple(outcome.scores[OURS]))}


def test_parts_are_put_together_in_their_order() -> None:
    found = Findings("Made", {"seed 1": make_outcome(), "seed 2": make_outcome()})
    assert [score.team for score in found.outcome.scores[OURS]] == ["calm-0", "calm-1", "calm-2", "step-0"] * 2
    assert found.summaries[OURS].years == pytest.approx(2 * (3 + 20 / 52))


def test_a_run_is_compared_only_with_one_of_the_same_teams() -> None:
    outcome = make_outcome()
    kept = Kept(("seed 1",), tuple(outcome.scores[OURS]))
    assert is_of(kept, {"seed 1": outcome})
    assert not is_of(kept, {"seed 2": outcome})
    assert not is_of(kept, {"seed 1": outcome, "seed 2": outcome})
    assert not is_of(kept, {"seed 1": Outcome(scores={OURS: outcome.scores[OURS][:3]})})
