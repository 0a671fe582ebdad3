"""Decides how verdicts with the settings that stand and with others are drawn: a strip each, a mark a week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go  # type: ignore[import-untyped]  # plotly ships no types

from bau_tracker.charts import theme
from bau_tracker.charts.figures import monday, week_texts
from bau_tracker.domain.previews import WeekCompared
from bau_tracker.domain.verdicts import SIGNALS, Signal

_STRIPS: Final = {"as set now": 1.0, "as tried": 0.0}
_HALFWAY: Final = 0.5


def preview_figure(weeks: Sequence[WeekCompared]) -> go.Figure:
    """Draw both verdicts of each week by shape and colour, and a tick between them where they differ."""
    layout = theme.base_layout()
    if not weeks:
        return go.Figure(layout=layout)
    layout["margin"] = {"l": 88, "r": 16, "t": 12, "b": 44}
    layout["xaxis"] = theme.week_axis(weeks[0].week, weeks[-1].week)
    layout["yaxis"] = {
        "range": [-0.6, 1.6],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickvals": list(_STRIPS.values()),
        "ticktext": list(_STRIPS),
        "ticks": "outside",
        "ticklen": 8,
        "tickcolor": theme.SURFACE,
        "tickfont": {"size": 12, "color": theme.TEXT},
    }
    now, tried = _STRIPS.values()
    traces = [
        _differences([week for week in weeks if week.differs]),
        _strip("as set now", weeks, [week.now for week in weeks], now),
        _strip("as tried", weeks, [week.tried for week in weeks], tried),
        week_texts([week.week for week in weeks], [_HALFWAY for _ in weeks], [_text(week) for week in weeks]),
    ]
    return go.Figure(data=traces, layout=layout)


def preview_note(weeks: Sequence[WeekCompared]) -> str:
    """Explain the marks that this chart holds, for a line under it."""
    seen = {week.now for week in weeks} | {week.tried for week in weeks}
    marks = ", ".join(f"{words.symbol} {words.label}" for signal, words in SIGNALS.items() if signal in seen)
    differs = " Upright line: the week would have been called otherwise." if any(week.differs for week in weeks) else ""
    return f"{marks}.{differs}" if marks else ""


def _strip(name: str, weeks: Sequence[WeekCompared], signals: Sequence[Signal], height: float) -> go.Scatter:
    """Draw one strip; it is a line without width, because the page makes the marks of lines smaller on a phone."""
    colours = [theme.SIGNAL_COLOURS[signal] for signal in signals]
    return go.Scatter(
        name=name,
        x=[monday(week.week) for week in weeks],
        y=[height for _ in weeks],
        mode="lines+markers",
        cliponaxis=False,
        line={"width": 0},
        marker={
            "size": 10,
            "symbol": [theme.SIGNAL_SYMBOLS[signal] for signal in signals],
            "color": colours,
            "line": {"width": 1.5, "color": colours},
        },
        hoverinfo="skip",
    )


def _differences(weeks: Sequence[WeekCompared]) -> go.Scatter:
    """Draw a short upright line in each week that would be called otherwise."""
    across: list[str | None] = []
    up: list[float | None] = []
    for week in weeks:
        across += [monday(week.week), monday(week.week), None]
        up += [0.3, 0.7, None]
    return go.Scatter(
        name="differs", x=across, y=up, mode="lines", line={"color": theme.TEXT, "width": 2}, hoverinfo="skip"
    )


def _text(week: WeekCompared) -> str:
    now, tried = SIGNALS[week.now], SIGNALS[week.tried]
    same = "<br>as tried the same"
    said = f"<br>as tried: {tried.symbol} {tried.label}" if week.differs else same
    return f"{week.week.label}<br>as set now: {now.symbol} {now.label}{said}"
