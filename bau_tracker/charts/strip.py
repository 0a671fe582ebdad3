"""Decides how the verdicts of a team's weeks are drawn above its trend: a strip of bars, and marks where one turned.

Bars differ in height and filling and marks in shape, so that verdicts are told apart in grey too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

import plotly.graph_objects as go  # type: ignore[import-untyped]  # plotly ships no types

from bau_tracker.charts import theme
from bau_tracker.charts.figures import monday
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import SIGNALS, Signal, Verdict
from bau_tracker.domain.weeks import Week

MARKED: Final = frozenset({Signal.EARLY_WARNING, Signal.PITFALL, Signal.EXCESSIVE, Signal.RECOVERING})
"""The signals whose beginning is marked; the others are calm."""

DOMAIN: Final = (0.87, 1.0)
"""The part of the figure's height that the strip takes."""
_MARKS_AT: Final = 0.8
_LETTERS_A_WIDTH: Final = 135
"""So many letters fit across the strip on a wide screen; on a narrow one app.css leaves the words out."""


class Bar(NamedTuple):
    """What the weeks of a signal look like: the height of their bar, of 1, and whether it is filled."""

    height: float
    filled: bool


BARS: Final[dict[Signal, Bar]] = {
    Signal.PITFALL: Bar(0.5, filled=True),
    Signal.EXCESSIVE: Bar(0.3, filled=True),
    Signal.EARLY_WARNING: Bar(0.5, filled=False),
    Signal.WATCH: Bar(0.15, filled=True),
    Signal.RECOVERING: Bar(0.15, filled=False),
    Signal.LOW: Bar(0.03, filled=True),
    Signal.HEALTHY: Bar(0.03, filled=True),
    Signal.NOT_ENOUGH_DATA: Bar(0.0, filled=False),
}
_HEIGHTS: Final = {0.5: "tall", 0.3: "of middle height", 0.15: "low"}
_MARGIN: Final = 0.075
"""The part of the width beside the newest week that words may run into."""


@dataclass(frozen=True, slots=True)
class Run:
    """Weeks one after another with the same signal."""

    signal: Signal
    first: Week
    last: Week


def runs(verdicts: Sequence[Verdict]) -> list[Run]:
    """Put weeks one after another with the same signal together; a week without a verdict ends a run."""
    found: list[Run] = []
    for verdict in verdicts:
        before = found[-1] if found else None
        if before and verdict.signal is before.signal and verdict.week - before.last == 1:
            found[-1] = Run(before.signal, before.first, verdict.week)
        else:
            found.append(Run(verdict.signal, verdict.week, verdict.week))
    return found


def turns(verdicts: Sequence[Verdict]) -> list[Run]:
    """Give the runs of marked signals into which the signal turned, the first verdict's included."""
    found = runs(verdicts)
    before = [None, *(run.signal for run in found)]
    return [run for run, earlier in zip(found, before, strict=False) if run.signal in MARKED and run.signal != earlier]


def strip_note(verdicts: Sequence[Verdict]) -> str:
    """Say what the bars of the signals that occur look like, the calm ones first."""
    occurring = {verdict.signal for verdict in verdicts}
    words = [f"{SIGNALS[signal].label} {_looks(signal)}" for signal in reversed(Signal) if signal in occurring]
    return f"On top each week's verdict: {', '.join(words)}." if words else ""


def _looks(signal: Signal) -> str:
    height, filled = BARS[signal]
    return f"{_HEIGHTS[height]} and {'filled' if filled else 'hollow'}" if height in _HEIGHTS else "a thin line"


def strip_bars(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Give the strip's bars as shapes of the layout."""
    return [_bar(run) for run in runs(verdicts)]


def _bar(run: Run) -> dict[str, Any]:
    colour = theme.SIGNAL_COLOURS[run.signal]
    height, filled = BARS[run.signal]
    return {
        "type": "rect",
        "yref": "y2",
        "x0": str(run.first.monday - timedelta(days=3)),
        "x1": str(run.last.monday + timedelta(days=3)),
        "y0": 0,
        "y1": height,
        "line": {"color": colour, "width": 1.5},
    } | ({"fillcolor": colour} if filled else {})


def strip_marks(weeks: Sequence[WeekTotals], verdicts: Sequence[Verdict]) -> go.Scatter:
    """Mark where the signal turned by its shape, and by its word where there is room."""
    found = turns(verdicts)
    colours = [theme.SIGNAL_COLOURS[turn.signal] for turn in found]
    return go.Scatter(
        name="signal",
        yaxis="y2",
        x=[monday(turn.first) for turn in found],
        y=[_MARKS_AT for _ in found],
        mode="markers+text",
        cliponaxis=False,
        marker={
            "size": 11,
            "symbol": [theme.SIGNAL_SYMBOLS[turn.signal] for turn in found],
            "color": colours,
            "line": {"width": 1.5, "color": colours},
        },
        text=[f" {words} " for words in _words_that_fit(weeks, found)],
        textposition=["middle left" if _is_late(weeks, turn) else "middle right" for turn in found],
        textfont={"size": 12, "color": colours},
        hoverinfo="skip",
    )


def _is_late(weeks: Sequence[WeekTotals], turn: Run) -> bool:
    """Say whether a turn lies so far right that its words go to its left."""
    return weeks[-1].week - turn.first + _MARGIN * len(weeks) < _length(weeks, turn)


def _length(weeks: Sequence[WeekTotals], turn: Run) -> float:
    """Estimate how many weeks wide a turn's words are, with some space at both ends."""
    return (len(SIGNALS[turn.signal].label) + 4) * len(weeks) / _LETTERS_A_WIDTH


def _words_that_fit(weeks: Sequence[WeekTotals], found: Sequence[Run]) -> list[str]:
    """Give each turn's words, the newest first to get room, or none where they would run into a neighbour."""
    places = [turn.first - weeks[0].week for turn in found]
    words = ["" for _ in found]
    taken: list[tuple[float, float]] = []
    for number in reversed(range(len(found))):
        start, end = _span(weeks, found[number], places[number])
        free = all(end <= begin or start >= finish for begin, finish in taken)
        if free and not any(start <= place <= end for other, place in enumerate(places) if other != number):
            words[number] = SIGNALS[found[number].signal].label
            taken.append((start, end))
    return words


def _span(weeks: Sequence[WeekTotals], turn: Run, place: int) -> tuple[float, float]:
    length = _length(weeks, turn)
    return (place - length, place) if _is_late(weeks, turn) else (place, place + length)


def signal_texts(verdicts: Sequence[Verdict]) -> Iterator[tuple[Week, str]]:
    """Give for each week its verdict as shape and word."""
    for verdict in verdicts:
        words = SIGNALS[verdict.signal]
        yield verdict.week, f"{words.symbol} {words.label}"
