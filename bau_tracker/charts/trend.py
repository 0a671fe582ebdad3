"""Decides how a team's planned share is drawn week by week, and how the same finding is said in words.

Gaps stay gaps, weeks that few answered are hollow, and a strip above the line marks the weeks in which the signal
turned. What a signal is, is left to `domain.trends`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, Final

import plotly.graph_objects as go  # type: ignore[import-untyped]  # plotly ships no types

from bau_tracker.charts import theme
from bau_tracker.charts.figures import describe, every_week, finding, gap_marks, monday, share_of, week_texts
from bau_tracker.domain.reasons import headline, reason
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import DEFAULTS, SIGNALS, DefinitionBreak, Signal, Thresholds, Verdict
from bau_tracker.domain.weeks import Week

MARKED: Final = frozenset({Signal.EARLY_WARNING, Signal.PITFALL, Signal.EXCESSIVE, Signal.RECOVERING})
"""The signals whose beginning is marked; the others are calm."""

_LETTERS_A_WIDTH: Final = 120
"""So many letters fit across the strip on a wide screen; on a narrow one app.css leaves the words out."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A week in which the signal turned into one that is marked."""

    week: Week
    signal: Signal


def turns(verdicts: Sequence[Verdict]) -> list[Turn]:
    """Give the weeks in which the signal turned into a marked one, the first verdict's included."""
    found: list[Turn] = []
    before: Signal | None = None
    for verdict in verdicts:
        if verdict.signal is not before and verdict.signal in MARKED:
            found.append(Turn(verdict.week, verdict.signal))
        before = verdict.signal
    return found


def trend_figure(
    series: Sequence[WeekTotals],
    verdicts: Sequence[Verdict],
    thresholds: Thresholds = DEFAULTS,
    breaks: Sequence[DefinitionBreak] = (),
) -> go.Figure:
    """Draw the planned share 0-100 % by week with the two levels, the range of the newest weeks and the turns.

    Before a week from which on the questions are others stands an upright line.
    """
    weeks = every_week(series)
    layout = theme.base_layout()
    if not weeks:
        return go.Figure(layout=layout)
    layout["margin"] = {"l": 48, "r": 74, "t": 12, "b": 44}
    layout["xaxis"] = theme.week_axis(weeks[0].week, weeks[-1].week) | {"anchor": "y"}
    layout["yaxis"] = _share_axis()
    layout["yaxis2"] = {"domain": [0.92, 1], "range": [-1, 1], "visible": False, "fixedrange": True, "anchor": "x"}
    layout["shapes"] = [_level_line(level) for level in (thresholds.healthy, thresholds.excessive)]
    layout["shapes"] += [_break_line(week) for week in _weeks_of(breaks, weeks)]
    layout["annotations"] = [
        _level_label("healthy", thresholds.healthy, above=True),
        _level_label("excessive", thresholds.excessive, above=False),
        *_newest_label(weeks),
        *(_break_label(week) for week in _weeks_of(breaks, weeks)),
    ]
    found = turns(verdicts)
    gaps = gap_marks([totals.week for totals in weeks if share_of(totals) is None])
    traces = [_band(verdicts), _line(weeks, thresholds), gaps, _signals(weeks, found), _texts(weeks, found)]
    return go.Figure(data=traces, layout=layout)


def trend_sentence(
    series: Sequence[WeekTotals],
    verdicts: Sequence[Verdict],
    thresholds: Thresholds = DEFAULTS,
    breaks: Sequence[DefinitionBreak] = (),
) -> str:
    """Say what the trend chart shows: the signal and since when, its reason, the newest figure, gaps and breaks."""
    weeks = every_week(series)
    shown = [totals for totals in weeks if share_of(totals) is not None]
    if not shown:
        return "No week has a figure yet."
    sentences = []
    if verdicts:
        last = verdicts[-1]
        words = SIGNALS[last.signal].label
        sentences = [f"{words} since {_since(verdicts)}: {headline(last, thresholds)}.", reason(last, thresholds)]
    sentences.append(f"Newest figure: {describe(shown[-1])}.")
    missing = len(weeks) - len(shown)
    if missing:
        sentences.append(f"{missing} of {len(weeks)} weeks {'has' if missing == 1 else 'have'} no figure.")
    for week in _weeks_of(breaks, weeks):
        sentences.append(f"From {week} on the questions are others than before.")
    return " ".join(sentences)


def trend_note(
    series: Sequence[WeekTotals],
    verdicts: Sequence[Verdict],
    thresholds: Thresholds = DEFAULTS,
    breaks: Sequence[DefinitionBreak] = (),
) -> str:
    """Explain the marks that this chart holds, for a line under it."""
    weeks = every_week(series)
    notes = []
    if any(verdict.low is not None for verdict in verdicts):
        notes.append(f"Light band: lowest to highest of the newest {thresholds.recent_weeks} answered weeks.")
    if any(_is_hollow(totals, thresholds) for totals in weeks if share_of(totals) is not None):
        notes.append(f"Hollow points: under {thresholds.response_floor * 100:.0f} % answered.")
    if any(totals.rounded for totals in weeks):
        notes.append("“About”: rounded, since the difference to a week before would tell what one person answered.")
    if any(share_of(totals) is None for totals in weeks):
        notes.append("Circles on the axis: weeks without a figure.")
    if _weeks_of(breaks, weeks):
        notes.append("Upright line: the questions are others from there on, so figures on both sides may not compare.")
    return " ".join(notes)


def _weeks_of(breaks: Sequence[DefinitionBreak], weeks: Sequence[WeekTotals]) -> list[Week]:
    """Give the weeks that begin with other questions, of those that are drawn after the first."""
    shown = {totals.week for totals in weeks[1:]}
    return sorted({one.week for one in breaks} & shown)


def _is_hollow(totals: WeekTotals, thresholds: Thresholds) -> bool:
    return totals.response_rate is not None and totals.response_rate < thresholds.response_floor


def _since(verdicts: Sequence[Verdict]) -> str:
    since = verdicts[-1]
    for verdict in reversed(verdicts):
        if verdict.signal is not since.signal:
            break
        since = verdict
    return str(since.week)


def _share_axis() -> dict[str, Any]:
    return theme.amount_axis() | {
        "domain": [0, 0.9],
        "range": [0, 100],
        "tick0": 0,
        "dtick": 25,
        "ticksuffix": " %",
    }


def _level_line(share: float) -> dict[str, Any]:
    height = round(share * 100, 1)
    line = {"color": theme.MUTED, "width": 1, "dash": "5px,4px"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": height, "y1": height, "line": line}


def _break_line(week: Week) -> dict[str, Any]:
    day = _before(week)
    line = {"color": theme.MUTED, "width": 1, "dash": "1px,3px"}
    return {"type": "line", "yref": "y domain", "x0": day, "x1": day, "y0": 0, "y1": 1, "line": line}


def _break_label(week: Week) -> dict[str, Any]:
    return {
        "text": "other<br>questions",
        "x": _before(week),
        "y": 0,
        "xanchor": "left",
        "yanchor": "bottom",
        "xshift": 4,
        "align": "left",
        "showarrow": False,
        "font": {"size": 12, "color": theme.MUTED},
    }


def _before(week: Week) -> str:
    """Give the day between a week's point and the one before it."""
    return (week.monday - timedelta(days=3)).isoformat()


def _level_label(word: str, share: float, *, above: bool) -> dict[str, Any]:
    percent = f"{share * 100:.0f} %"
    return {
        "text": f"{word}<br>{percent}" if above else f"{percent}<br>{word}",
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": 6,
        "y": round(share * 100, 1),
        "yanchor": "bottom" if above else "top",
        "align": "left",
        "showarrow": False,
        "font": {"size": 12, "color": theme.MUTED},
    }


def _newest_label(weeks: Sequence[WeekTotals]) -> Iterator[dict[str, Any]]:
    shown = [(totals, share) for totals in weeks if (share := share_of(totals)) is not None]
    if not shown:
        return
    totals, share = shown[-1]
    falling = len(shown) > 1 and share < shown[-2][1]
    yield {
        "text": f"{'about ' if totals.rounded else ''}{share * 100:.0f} %",
        "x": monday(totals.week),
        "y": round(share * 100, 1),
        "xanchor": "right",
        "xshift": 6,
        "yshift": -15 if falling and share > 0.1 else 15,  # noqa: PLR2004  (lower than that there is no room below)
        "showarrow": False,
        "bgcolor": theme.SURFACE,
        "borderpad": 0,
        "font": {"size": 14, "color": theme.TEXT, "weight": 700},
    }


def _line(weeks: Sequence[WeekTotals], thresholds: Thresholds) -> go.Scatter:
    shares = [share_of(totals) for totals in weeks]
    hollow = [totals.response_rate is not None and totals.response_rate < thresholds.response_floor for totals in weeks]
    return go.Scatter(
        name="planned share",
        x=[monday(totals.week) for totals in weeks],
        y=[None if share is None else round(share * 100, 1) for share in shares],
        mode="lines+markers",
        connectgaps=False,
        cliponaxis=False,
        line={"color": theme.PLANNED, "width": 2},
        marker={
            "size": 7,
            "color": [theme.SURFACE if few else theme.PLANNED for few in hollow],
            "line": {"color": theme.PLANNED, "width": 1.5},
        },
        hoverinfo="skip",
    )


def _texts(weeks: Sequence[WeekTotals], found: Sequence[Turn]) -> go.Scatter:
    turned = {turn.week: f"<br>{SIGNALS[turn.signal].symbol} {SIGNALS[turn.signal].label}" for turn in found}
    return week_texts(
        [totals.week for totals in weeks],
        [round((share_of(totals) or 0.0) * 100, 1) for totals in weeks],
        [f"{totals.week.label}<br>{finding(totals)}{turned.get(totals.week, '')}" for totals in weeks],
    )


def _band(verdicts: Sequence[Verdict]) -> go.Scatter:
    """Draw the least and the most of the newest weeks as one closed shape for each run of weeks that have them."""
    across: list[str | None] = []
    up: list[float | None] = []
    for known, run in groupby(verdicts, key=lambda verdict: verdict.low is not None):
        weeks = list(run)
        if not known:
            continue
        edges = [(monday(verdict.week), verdict.high) for verdict in weeks]
        edges += [(monday(verdict.week), verdict.low) for verdict in reversed(weeks)]
        for day, share in edges:
            across.append(day)
            up.append(None if share is None else round(share * 100, 1))
        across.append(None)
        up.append(None)
    return go.Scatter(
        name="range of the newest weeks",
        x=across,
        y=up,
        mode="lines",
        line={"width": 0, "color": theme.PLANNED_BAND},
        fill="toself",
        fillcolor=theme.PLANNED_BAND,
        hoverinfo="skip",
    )


def _signals(weeks: Sequence[WeekTotals], found: Sequence[Turn]) -> go.Scatter:
    return go.Scatter(
        name="signal",
        yaxis="y2",
        x=[monday(turn.week) for turn in found],
        y=[0 for _ in found],
        mode="markers+text",
        cliponaxis=False,
        marker={
            "size": 11,
            "symbol": [theme.SIGNAL_SYMBOLS[turn.signal] for turn in found],
            "color": [theme.SIGNAL_COLOURS[turn.signal] for turn in found],
            "line": {"width": 1.5, "color": [theme.SIGNAL_COLOURS[turn.signal] for turn in found]},
        },
        text=[f" {words} " for words in _words_that_fit(weeks, found)],
        textposition=["middle left" if _is_late(weeks, turn) else "middle right" for turn in found],
        textfont={"size": 12, "color": [theme.SIGNAL_COLOURS[turn.signal] for turn in found]},
        hoverinfo="skip",
    )


def _is_late(weeks: Sequence[WeekTotals], turn: Turn) -> bool:
    """Say whether a turn lies so far right that its words go to its left."""
    return weeks[-1].week - turn.week < _length(weeks, turn)


def _length(weeks: Sequence[WeekTotals], turn: Turn) -> float:
    """Estimate how many weeks wide a turn's words are, with some space at both ends."""
    return (len(SIGNALS[turn.signal].label) + 4) * len(weeks) / _LETTERS_A_WIDTH


def _words_that_fit(weeks: Sequence[WeekTotals], found: Sequence[Turn]) -> list[str]:
    """Give each turn's words, the newest first to get room, or none where they would run into a neighbour."""
    places = [turn.week - weeks[0].week for turn in found]
    words = ["" for _ in found]
    taken: list[tuple[float, float]] = []
    for number in reversed(range(len(found))):
        length = _length(weeks, found[number])
        start = places[number] - length if _is_late(weeks, found[number]) else places[number]
        end = start + length
        free = all(end <= begin or start >= finish for begin, finish in taken)
        if free and not any(start <= place <= end for other, place in enumerate(places) if other != number):
            words[number] = SIGNALS[found[number].signal].label
            taken.append((start, end))
    return words
