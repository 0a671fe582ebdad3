from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.taxonomy import Chip, Kind
from bau_tracker.domain.verdict_data import (
    BECAUSE,
    FLAT_COLUMNS,
    Because,
    flat_cells,
    read_thresholds,
    read_verdict,
    thresholds_data,
    verdict_data,
)
from bau_tracker.domain.verdicts import (
    DEFAULTS,
    Complaints,
    Fall,
    Growth,
    Level,
    Missing,
    State,
    Thresholds,
    Verdict,
)
from bau_tracker.domain.weeks import Week

WEEK = Week.parse("2026-W47")
_shares = st.floats(0, 1).map(lambda share: round(share, 2))
_verdicts = st.builds(
    Verdict,
    week=st.just(WEEK),
    state=st.sampled_from(State),
    level=st.none() | st.sampled_from(Level),
    corroborated=st.booleans(),
    planned_share=st.none() | _shares,
    pressure=st.none() | st.floats(-3, 3),
    missing=st.none() | st.sampled_from(Missing),
    fall=st.none() | st.builds(Fall, onset=st.just(WEEK.shift(-5)), size=_shares, low=_shares, high=_shares),
    complaints=st.none()
    | st.builds(
        Complaints,
        share=_shares,
        norm=st.none() | _shares,
        named=st.lists(st.sampled_from(Chip), max_size=2, unique=True).map(tuple),
    ),
    grown=st.lists(st.builds(Growth, kind=st.sampled_from(Kind), before=_shares, after=_shares), max_size=3).map(tuple),
    respondents=st.integers(0, 50),
)
SLIDE = Verdict(
    WEEK,
    State.SLIDING,
    Level.LOW,
    corroborated=True,
    planned_share=0.61,
    low=0.56,
    high=0.66,
    earlier_share=0.74,
    pressure=1.4,
    fall=Fall(WEEK.shift(-3), 0.13, 0.08, 0.18),
    respondents=18,
    expected=20,
    weeks=30,
    weeks_needed=7,
    complaints=Complaints(0.5, 0.1, (Chip.ALERTS, Chip.DEPLOYMENTS)),
    grown=(Growth(Kind.DEFECT, 0.1, 0.25),),
)


@given(_verdicts)
def test_a_verdict_comes_back_from_json_as_it_was(verdict: Verdict) -> None:
    assert read_verdict(WEEK, json.loads(json.dumps(verdict_data(verdict)))) == verdict


@given(st.builds(Thresholds, healthy=_shares, false_alarms=_shares, daily_rota=st.booleans()))
def test_what_was_set_comes_back_from_json_as_it_was(thresholds: Thresholds) -> None:
    assert read_thresholds(json.loads(json.dumps(thresholds_data(thresholds)))) == thresholds


def test_what_another_version_wrote_is_read_as_far_as_it_is_known() -> None:
    old = {"state": "sliding", "planned_share": 0.6, "median": 0.59, "fall": {"size": 0.1}, "grown": [{"kind": "?"}]}
    found = read_verdict(WEEK, old)
    assert (found.state, found.planned_share, found.fall, found.grown) == (State.SLIDING, 0.6, None, ())
    assert read_verdict(WEEK, {}).state is State.NOT_ENOUGH_DATA
    newer = verdict_data(SLIDE) | {"state": "gliding", "level": "fair", "complaints": {"named": ["?"], "share": 0.5}}
    found = read_verdict(WEEK, newer)
    assert (found.state, found.level, found.complaints) == (State.NOT_ENOUGH_DATA, None, Complaints(0.5))
    assert read_thresholds({"healthy": 0.8, "mood": 3}) == Thresholds(healthy=0.8)
    assert read_thresholds({}) == DEFAULTS


def test_a_table_holds_the_same_content() -> None:
    cells = dict(zip(FLAT_COLUMNS, flat_cells(SLIDE), strict=True))
    assert cells["signal"] == "pitfall"
    assert (cells["corroborated"], cells["low_confidence"]) == ("yes", "no")
    assert (cells["fall_onset"], cells["fall_size"], cells["complaint_share"]) == ("2026-W44", 0.13, 0.5)
    assert (cells["complaints_named"], cells["grown"]) == ("alerts; deployments", "defect 0.1 to 0.25")
    assert cells["missing"] is None
    flat = {name.partition("_")[0] for name in FLAT_COLUMNS}
    assert {name.partition("_")[0].rstrip("s") for name in verdict_data(SLIDE)} - {"week"} <= {
        name.rstrip("s") for name in flat
    }


@pytest.mark.parametrize("because", Because)
def test_every_reason_has_words(because: Because) -> None:
    assert BECAUSE[because]
