from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.taxonomy import Chip, Kind
from bau_tracker.domain.verdicts import (
    DEFAULTS,
    SIGNALS,
    Complaints,
    Fall,
    Growth,
    Level,
    Signal,
    State,
    Verdict,
    coarse,
    level_of,
    without_figures,
)
from tests.team_weeks import FIRST

FULL = Verdict(
    FIRST,
    State.SLIDING,
    level=Level.LOW,
    corroborated=True,
    low_confidence=True,
    planned_share=0.612345,
    low=0.5678,
    high=0.6789,
    earlier_share=0.71111,
    pressure=1.2345,
    fall=Fall(FIRST, 0.1234, 0.0456, 0.2012),
    clipped=True,
    respondents=17,
    expected=24,
    weeks=20,
    weeks_needed=7,
    complaints=Complaints(0.4444, 0.2222, (Chip.ALERTS,)),
    grown=(Growth(Kind.DEFECT, 0.1111, 0.2222),),
    healthy_line=0.7,
)
FIGURES = {"planned_share", "low", "high", "earlier_share", "pressure", "fall", "complaints", "grown"}


@pytest.mark.parametrize(
    ("share", "level"), [(0.7, Level.HEALTHY), (0.699, Level.LOW), (0.5, Level.LOW), (0.499, Level.EXCESSIVE)]
)
def test_levels_begin_where_the_domain_says(share: float, level: Level) -> None:
    assert level_of(share) is level


def test_levels_can_be_set() -> None:
    assert level_of(0.6, healthy=0.6) is Level.HEALTHY
    assert level_of(0.45, excessive=0.45) is Level.LOW


def test_every_signal_has_a_word_and_a_shape_of_its_own_the_worst_first() -> None:
    assert list(SIGNALS) == list(Signal)
    assert len({words.label for words in SIGNALS.values()}) == len({words.symbol for words in SIGNALS.values()}) == 8
    assert next(iter(Signal)) is Signal.PITFALL


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_shown_as_a_signal(state: State) -> None:
    assert Verdict(FIRST, state).signal in SIGNALS


@pytest.mark.parametrize(
    ("state", "level", "corroborated", "signal"),
    [
        (State.SLIDING, Level.HEALTHY, True, Signal.PITFALL),
        (State.SLIDING, Level.EXCESSIVE, False, Signal.EARLY_WARNING),
        (State.HEALTHY, Level.LOW, False, Signal.LOW),
        (State.HEALTHY, Level.HEALTHY, False, Signal.HEALTHY),
        (State.WATCH, Level.LOW, False, Signal.WATCH),
        (State.RECOVERING, Level.LOW, True, Signal.RECOVERING),
        (State.EXCESSIVE, Level.EXCESSIVE, False, Signal.EXCESSIVE),
        (State.NOT_ENOUGH_DATA, None, False, Signal.NOT_ENOUGH_DATA),
    ],
)
def test_a_slide_is_told_apart_by_complaints_and_a_steady_team_by_its_level(
    state: State, level: Level | None, corroborated: bool, signal: Signal
) -> None:
    assert Verdict(FIRST, state, level=level, corroborated=corroborated).signal is signal


def test_a_change_is_the_newest_share_less_the_earlier_one() -> None:
    assert FULL.change == pytest.approx(0.612345 - 0.71111)
    assert replace(FULL, planned_share=None).change is None
    assert replace(FULL, earlier_share=None).change is None


def test_a_response_rate_is_answers_of_those_expected_and_never_more_than_all() -> None:
    assert FULL.response_rate == pytest.approx(17 / 24)
    assert replace(FULL, expected=12).response_rate == 1
    assert replace(FULL, expected=0).response_rate is None


def test_a_kept_verdict_has_whole_percents() -> None:
    kept = coarse(FULL)
    assert (kept.planned_share, kept.low, kept.high, kept.earlier_share) == (0.61, 0.57, 0.68, 0.71)
    assert kept.pressure == 1.2
    assert kept.fall == Fall(FIRST, 0.12, 0.05, 0.2)
    assert kept.complaints == Complaints(0.44, 0.22, (Chip.ALERTS,))
    assert kept.grown == (Growth(Kind.DEFECT, 0.11, 0.22),)
    rest = {field.name for field in fields(Verdict)} - FIGURES
    assert all(getattr(kept, name) == getattr(FULL, name) for name in rest)


def test_what_is_unknown_stays_unknown_in_a_kept_verdict() -> None:
    unknown = Verdict(FIRST, State.NOT_ENOUGH_DATA)
    assert coarse(unknown) == unknown
    assert coarse(replace(FULL, complaints=Complaints(0.4444))).complaints == Complaints(0.44)


def test_somebody_who_may_not_see_a_week_learns_what_the_verdict_is_and_no_figure_of_it() -> None:
    shown = without_figures(FULL)
    assert (shown.signal, shown.level, shown.week) == (Signal.PITFALL, Level.LOW, FIRST)
    assert {name for name in FIGURES if getattr(shown, name)} == set()


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(-9, 9))
def test_keeping_a_verdict_twice_keeps_the_same(share: float, low: float, high: float, pressure: float) -> None:
    once = coarse(replace(FULL, planned_share=share, low=low, high=high, pressure=pressure))
    assert coarse(once) == once
    assert once.planned_share == pytest.approx(share, abs=0.0051)


def test_the_defaults_are_those_of_the_domain() -> None:
    assert (DEFAULTS.healthy, DEFAULTS.excessive) == (0.7, 0.5)
    assert (DEFAULTS.complaint_share, DEFAULTS.response_floor) == (1 / 3, 0.6)
    assert (DEFAULTS.recent_weeks, DEFAULTS.daily_rota) == (4, False)
