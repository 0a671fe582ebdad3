from __future__ import annotations

import json
from typing import Any

from bau_tracker.charts.drawn import Drawn
from bau_tracker.charts.figures import figure_json
from bau_tracker.charts.strip import BARS, Run, runs, strip_bars, strip_note, turns
from bau_tracker.charts.trend import trend_figure
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import Signal, State, Verdict
from tests.charts.weeks import FIRST, make_series


def verdict(number: int, state: State, *, corroborated: bool = False) -> Verdict:
    return Verdict(FIRST.shift(number), state, corroborated=corroborated)


def marks(series: list[WeekTotals], verdicts: list[Verdict]) -> dict[str, Any]:
    figure = json.loads(figure_json(trend_figure(Drawn(series, verdicts))))
    (found,) = [trace for trace in figure["data"] if trace["name"] == "signal"]
    return dict(found)


def test_weeks_one_after_another_with_the_same_signal_are_one_bar() -> None:
    verdicts = [verdict(0, State.HEALTHY), verdict(1, State.HEALTHY), verdict(2, State.WATCH), verdict(4, State.WATCH)]
    assert runs(verdicts) == [
        Run(Signal.HEALTHY, FIRST, FIRST.shift(1)),
        Run(Signal.WATCH, FIRST.shift(2), FIRST.shift(2)),
        Run(Signal.WATCH, FIRST.shift(4), FIRST.shift(4)),
    ]


def test_turns_are_the_weeks_in_which_a_marked_signal_begins() -> None:
    states = [State.HEALTHY, State.WATCH, State.SLIDING, State.SLIDING, State.RECOVERING, State.HEALTHY]
    verdicts = [verdict(number, state, corroborated=number == 3) for number, state in enumerate(states)]
    assert [(turn.first, turn.signal) for turn in turns(verdicts)] == [
        (FIRST.shift(2), Signal.EARLY_WARNING),
        (FIRST.shift(3), Signal.PITFALL),
        (FIRST.shift(4), Signal.RECOVERING),
    ]


def test_early_warning_and_pitfall_are_told_apart_without_colour() -> None:
    warning, pitfall = strip_bars([verdict(0, State.SLIDING), verdict(1, State.SLIDING, corroborated=True)])
    assert "fillcolor" not in warning
    assert pitfall["fillcolor"] == "var(--signal-bad)"


def test_no_two_signals_in_trouble_have_the_same_bar() -> None:
    loud = [Signal.PITFALL, Signal.EXCESSIVE, Signal.EARLY_WARNING, Signal.WATCH, Signal.RECOVERING]
    assert len({BARS[signal] for signal in loud}) == len(loud)


def test_the_note_says_what_the_bars_that_occur_look_like() -> None:
    verdicts = [verdict(0, State.HEALTHY), verdict(1, State.WATCH), verdict(2, State.SLIDING)]
    assert (
        strip_note(verdicts)
        == "On top each week's verdict: Healthy a thin line, Watch low and filled, Early warning tall and hollow."
    )
    assert strip_note([]) == ""


def test_a_turn_is_marked_with_shape_colour_and_words() -> None:
    found = marks(make_series(*[0.8] * 36), [verdict(0, State.HEALTHY), verdict(5, State.SLIDING)])
    assert found["x"] == ["2026-08-31"]
    assert found["marker"]["symbol"] == ["triangle-down-open"]
    assert found["marker"]["color"] == ["var(--signal-warn)"]
    assert found["text"] == [" Early warning "]
    assert found["textposition"] == ["middle right"]


def test_words_of_a_late_turn_stand_to_its_left() -> None:
    found = marks(make_series(*[0.5] * 52), [verdict(51, State.EXCESSIVE)])
    assert found["textposition"] == ["middle left"]
    assert found["text"] == [" Excessive BAU "]


def test_words_that_would_run_into_a_neighbour_are_left_out() -> None:
    verdicts = [verdict(10, State.SLIDING), verdict(11, State.EXCESSIVE)]
    assert marks(make_series(*[0.5] * 52), verdicts)["text"] == ["  ", " Excessive BAU "]
