"""Decides how a team's planned share is drawn week by week: like for like, and as the answers came.

Gaps stay gaps, weeks that few answered are hollow. The verdicts above it are drawn by `strip`, the words are those of
`trend_words`; what a verdict is, is left to `domain.detector`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import fmean
from typing import Any, Final

import plotly.graph_objects as go  # type: ignore[import-untyped]  # plotly ships no types

from bau_tracker.charts import theme
from bau_tracker.charts.drawn import Drawn
from bau_tracker.charts.figures import finding, gap_marks, monday, share_of, week_texts
from bau_tracker.charts.strip import DOMAIN, signal_texts, strip_bars, strip_marks
from bau_tracker.charts.trend_words import interval_words
from bau_tracker.domain.looks import Adjusted
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.weeks import Week

_WAY: Final = 8
"""Over so many weeks the line's way to its newest point is judged."""


def trend_figure(drawn: Drawn) -> go.Figure:
    """Draw the planned share 0-100 % by week with its levels, the fall, and the verdicts in a strip on top.

    Before a week from which on the questions are others stands an upright line.
    """
    weeks = drawn.weeks
    if not weeks:
        return go.Figure(layout=theme.base_layout())
    traces = [
        *_like_for_like(drawn),
        _weeks(drawn),
        gap_marks([totals.week for totals in weeks if share_of(totals) is None]),
        strip_marks(weeks, drawn.verdicts),
        _texts(drawn),
    ]
    return go.Figure(data=traces, layout=_layout(drawn, weeks))


def _layout(drawn: Drawn, weeks: Sequence[WeekTotals]) -> dict[str, Any]:
    return theme.base_layout() | {
        "margin": {"l": 48, "r": 74, "t": 12, "b": 44},
        "xaxis": theme.week_axis(weeks[0].week, weeks[-1].week) | {"anchor": "y"},
        "yaxis": _share_axis(),
        "yaxis2": {"domain": DOMAIN, "range": [0, 1], "visible": False, "fixedrange": True, "anchor": "x"},
        "shapes": [
            _level_line(drawn.healthy),
            _level_line(drawn.excessive),
            *(_upright_line(week, theme.MUTED, "1px,3px") for week in drawn.broken_at),
            *(_upright_line(week, theme.TEXT, "4px,3px") for week in _onset(drawn)),
            *strip_bars(drawn.verdicts),
        ],
        "annotations": [
            _level_label("healthy", drawn.healthy, above=True),
            _level_label("excessive", drawn.excessive, above=False),
            *(_break_label(week) for week in drawn.broken_at),
            *(_onset_label(week, weeks, lifted=bool(drawn.broken_at)) for week in _onset(drawn)),
            *_newest_label(drawn),
        ],
    }


def _share_axis() -> dict[str, Any]:
    return theme.amount_axis() | {
        "domain": [0, 0.84],
        "range": [0, 100],
        "tick0": 0,
        "dtick": 25,
        "ticksuffix": " %",
    }


def _level_line(share: float) -> dict[str, Any]:
    height = round(share * 100, 1)
    line = {"color": theme.MUTED, "width": 1, "dash": "5px,4px"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": height, "y1": height, "line": line}


def _upright_line(week: Week, colour: str, dash: str) -> dict[str, Any]:
    """Draw a line before a week's point."""
    day = _before(week)
    line = {"color": colour, "width": 1, "dash": dash}
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


def _onset(drawn: Drawn) -> list[Week]:
    """Give the week that the drawn fall began with, if it is among the weeks."""
    shown = {totals.week for totals in drawn.weeks}
    return [drawn.fall.onset] if drawn.fall and drawn.fall.onset in shown else []


def _onset_label(week: Week, weeks: Sequence[WeekTotals], *, lifted: bool) -> dict[str, Any]:
    """Name the onset beside its line, where there is more room; higher where other questions are named below."""
    late = week - weeks[0].week > weeks[-1].week - week
    return {
        "text": f"began about<br>{week}",
        "x": _before(week),
        "y": 20 if lifted else 0,
        "xanchor": "right" if late else "left",
        "yanchor": "bottom",
        "xshift": -4 if late else 4,
        "align": "right" if late else "left",
        "showarrow": False,
        "font": {"size": 12, "color": theme.TEXT},
    }


def _newest_label(drawn: Drawn) -> Iterator[dict[str, Any]]:
    points = _points(drawn)
    if not points:
        return
    week, share, about = points[-1]
    falling = share < fmean(height for _, height, _ in points[-_WAY:])  # where the line comes from it would be covered
    yield {
        "text": f"{about}{share:.0f} %",
        "x": monday(week),
        "y": round(share, 1),
        "xanchor": "right",
        "xshift": 6,
        "yshift": -15 if falling and share > 10 else 15,  # noqa: PLR2004  (lower than that there is no room below)
        "showarrow": False,
        "bgcolor": theme.SURFACE,
        "borderpad": 0,
        "font": {"size": 14, "color": theme.TEXT, "weight": 700},
    }


def _points(drawn: Drawn) -> list[tuple[Week, float, str]]:
    """Give week, percent and “about” of the main line: like for like, or what the weeks said while there is none."""
    rounded = drawn.rounded
    if drawn.adjusted:
        return [(one.week, one.share, "about " if one.week in rounded else "") for one in drawn.adjusted]
    return [
        (totals.week, share * 100, "about " if totals.rounded else "")
        for totals in drawn.weeks
        if (share := share_of(totals)) is not None
    ]


def _like_for_like(drawn: Drawn) -> Iterator[go.Scatter]:
    """Draw the line with its interval, the fitted fall, and the weeks that count in part, once there is one."""
    if not drawn.adjusted:
        return
    yield _band(drawn.adjusted)
    yield _line(drawn.adjusted)
    if drawn.fall:
        yield _fitted(drawn.adjusted, drawn.fall.onset)
    clipped = [one for one in drawn.adjusted if one.clipped]
    if clipped:
        yield _crosses(clipped)


def _band(adjusted: Sequence[Adjusted]) -> go.Scatter:
    """Draw the interval as one closed shape for each run of weeks."""
    across: list[str | None] = []
    up: list[float | None] = []
    for run in _runs(adjusted):
        across += [*(monday(one.week) for one in run), *(monday(one.week) for one in reversed(run)), None]
        up += [*(one.high for one in run), *(one.low for one in reversed(run)), None]
    return go.Scatter(
        name="interval",
        x=across,
        y=up,
        mode="lines",
        line={"width": 0, "color": theme.PLANNED_BAND},
        fill="toself",
        fillcolor=theme.PLANNED_BAND,
        hoverinfo="skip",
    )


def _line(adjusted: Sequence[Adjusted]) -> go.Scatter:
    """Draw the line, with a gap where a week is missing."""
    across: list[str | None] = []
    up: list[float | None] = []
    for run in _runs(adjusted):
        across += [*(monday(one.week) for one in run), None]
        up += [*(one.share for one in run), None]
    return go.Scatter(
        name="like for like",
        x=across[:-1],
        y=up[:-1],
        mode="lines",
        connectgaps=False,
        cliponaxis=False,
        line={"color": theme.PLANNED, "width": 2.5},
        hoverinfo="skip",
    )


def _runs(adjusted: Sequence[Adjusted]) -> list[list[Adjusted]]:
    """Cut the line where a week is missing."""
    runs = [list(adjusted[:1])]
    for before, one in pairwise(adjusted):
        if one.week - before.week > 1:
            runs.append([])
        runs[-1].append(one)
    return runs


def _fitted(adjusted: Sequence[Adjusted], onset: Week) -> go.Scatter:
    """Draw the level before the onset and the fall from it on, as two strokes."""
    before = _stroke([one for one in adjusted if one.week < onset])
    after = _stroke([one for one in adjusted if one.week >= onset])
    points = [*before, (None, None), *after]
    return go.Scatter(
        name="fitted fall",
        x=[day for day, _ in points],
        y=[height for _, height in points],
        mode="lines",
        connectgaps=False,
        line={"color": theme.TEXT, "width": 1.5},
        hoverinfo="skip",
    )


def _stroke(weeks: Sequence[Adjusted]) -> list[tuple[str | None, float | None]]:
    """Draw the fit straight through all of some weeks, those of which it isn't shown included."""
    known = [(one.week, one.fitted) for one in weeks if one.fitted is not None]
    if not known:
        return []
    (first, high), (last, low) = known[0], known[-1]
    slope = (low - high) / (last - first) if last - first else 0.0
    return [(monday(week), round(high + slope * (week - first), 1)) for week in (weeks[0].week, weeks[-1].week)]


def _crosses(clipped: Sequence[Adjusted]) -> go.Scatter:
    return go.Scatter(
        name="counted in part",
        x=[monday(one.week) for one in clipped],
        y=[one.share for one in clipped],
        mode="markers",
        cliponaxis=False,
        marker={"size": 8, "symbol": "x-thin", "line": {"color": theme.TEXT, "width": 2}},
        hoverinfo="skip",
    )


def _weeks(drawn: Drawn) -> go.Scatter:
    """Draw what the weeks said as they came: quiet points beside the line like for like, else a line of their own."""
    colour = theme.MUTED if drawn.adjusted else theme.PLANNED
    shares = [share_of(totals) for totals in drawn.weeks]
    return go.Scatter(
        name="planned share",
        x=[monday(totals.week) for totals in drawn.weeks],
        y=[None if share is None else round(share * 100, 1) for share in shares],
        mode="markers" if drawn.adjusted else "lines+markers",
        connectgaps=False,
        cliponaxis=False,
        line={"color": colour, "width": 2},
        marker={
            "size": 5 if drawn.adjusted else 7,
            "color": [theme.SURFACE if drawn.is_hollow(totals) else colour for totals in drawn.weeks],
            "line": {"color": colour, "width": 1.5},
        },
        hoverinfo="skip",
    )


def _texts(drawn: Drawn) -> go.Scatter:
    line = {one.week: one for one in drawn.adjusted}
    signals = dict(signal_texts(drawn.verdicts))
    texts = [
        "<br>".join(
            [totals.week.label, finding(totals), *_more(totals, line.get(totals.week), signals.get(totals.week))]
        )
        for totals in drawn.weeks
    ]
    heights = [round((share_of(totals) or 0.0) * 100, 1) for totals in drawn.weeks]
    return week_texts([totals.week for totals in drawn.weeks], heights, texts)


def _more(totals: WeekTotals, one: Adjusted | None, signal: str | None) -> Iterator[str]:
    if one:
        yield f"like for like {interval_words(one, rounded=totals.rounded)}{', counts in part' if one.clipped else ''}"
    if signal:
        yield signal
