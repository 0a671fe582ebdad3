"""Decides how a figure travels inside a page: as small JSON that can't end its script element.

The colours of the theme are put in by app.js, see `theme`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go  # type: ignore[import-untyped]  # plotly ships no types

from bau_tracker.charts import theme
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.weeks import Week

_ESCAPES: Final = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def figure_json(figure: go.Figure) -> str:
    """Write a figure as JSON that is safe inside `<script type="application/json">`; raise ValueError for NaN."""
    content = figure.to_plotly_json()
    layout = {name: value for name, value in content["layout"].items() if name != "template"}
    text = json.dumps(
        {"data": content["data"], "layout": layout}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return text.translate(_ESCAPES)


def every_week(series: Sequence[WeekTotals]) -> list[WeekTotals]:
    """Give the series with each week that was left out put back as an empty one, in order of time."""
    if not series:
        return []
    known = {totals.week: totals for totals in series}
    return [known.get(week, WeekTotals(week)) for week in min(known).until(max(known))]


def share_of(totals: WeekTotals) -> float | None:
    """Give a week's planned share, 0..1; None where nothing may or can be shown."""
    return None if totals.hidden else totals.planned_share


def answered(totals: WeekTotals) -> str:
    """Say how many answered: `5 of 7 answered`."""
    return f"{totals.respondents} of {totals.expected} answered" if totals.expected else "nobody was asked"


def describe(totals: WeekTotals) -> str:
    """Say a week's figure in one line: `2026-W31 (27 Jul-2 Aug): 61 %, 5 of 7 answered`."""
    return f"{totals.week.label}: {finding(totals)}"


def finding(totals: WeekTotals) -> str:
    """Say a week's figure without the week: `61 %, 5 of 7 answered`."""
    missing = "too few to show" if totals.hidden else "no figure"
    share = share_of(totals)
    about = "about " if totals.rounded else ""
    figure = missing if share is None else f"{about}{share * 100:.0f} %"
    return f"{figure}, {answered(totals)}"


def gap_marks(weeks: Sequence[Week]) -> go.Scatter:
    """Draw a small circle on the axis for each week without a figure."""
    return go.Scatter(
        name="no figure",
        x=[monday(week) for week in weeks],
        y=[0 for _ in weeks],
        mode="markers",
        cliponaxis=False,
        marker={"size": 6, "color": theme.SURFACE, "line": {"color": theme.MUTED, "width": 1}},
        hoverinfo="skip",
    )


def week_texts(weeks: Sequence[Week], heights: Sequence[float], texts: Sequence[str]) -> go.Scatter:
    """Carry the one text of each week, at a height of the axis; other traces keep quiet, so that one text shows."""
    return go.Scatter(
        name="texts",
        x=[monday(week) for week in weeks],
        y=list(heights),
        mode="markers",
        marker={"opacity": 0, "size": 1},
        text=list(texts),
        hovertemplate="%{text}<extra></extra>",
    )


def monday(week: Week) -> str:
    """Give the day that stands for a week on an axis, as an ISO date."""
    return week.monday.isoformat()
