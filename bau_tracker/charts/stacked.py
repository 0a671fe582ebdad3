"""Decides how amounts by kind of BAU are stacked week by week; what is stacked is left to `kinds` and `items`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go  # type: ignore[import-untyped]  # plotly ships no types

from bau_tracker.charts import theme
from bau_tracker.charts.figures import gap_marks, monday, week_texts
from bau_tracker.domain.taxonomy import KINDS, Kind
from bau_tracker.domain.weeks import Week

_BAR_MILLISECONDS: Final = 5.5 * 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One line of a chart's key: the kind (its class is `swatch-<name>`), its words, and its sum over the weeks."""

    name: str
    label: str
    total: float


def kind_key(amounts: Mapping[Kind, Sequence[float | None]]) -> list[KeyEntry]:
    """Give the kinds that occur, in the order they are stacked from the bottom."""
    totals = {kind: sum(amount or 0.0 for amount in amounts.get(kind, ())) for kind in KINDS}
    return [KeyEntry(kind.value, KINDS[kind].label, total) for kind, total in totals.items() if total]


def stacked_figure(
    weeks: Sequence[Week],
    amounts: Mapping[Kind, Sequence[float | None]],
    unit: str,
    gaps: Mapping[Week, str] | None = None,
) -> go.Figure:
    """Stack the amounts of each kind (one for each week, None for a gap); `gaps` says why a week has none.

    The key of colours is the page's, from `kind_key`, so that it wraps and reads as text.
    """
    layout = theme.base_layout() | {"barmode": "stack", "bargap": 0}
    if not weeks:
        return go.Figure(layout=layout)
    layout["xaxis"] = theme.week_axis(weeks[0], weeks[-1])
    layout["yaxis"] = theme.amount_axis() | {
        "ticksuffix": " h" if unit == "hours" else "",
        "tickformat": ",~f",
        "nticks": 6,
    }
    reasons = gaps or {}
    bars = [_bars(weeks, kind, amounts[kind]) for kind in KINDS if any(amounts.get(kind, ()))]
    return go.Figure(data=[*bars, _texts(weeks, amounts, unit, reasons), gap_marks(list(reasons))], layout=layout)


def _bars(weeks: Sequence[Week], kind: Kind, amounts: Sequence[float | None]) -> go.Bar:
    return go.Bar(
        name=KINDS[kind].label,
        x=[monday(week) for week in weeks],
        y=list(amounts),
        width=_BAR_MILLISECONDS,
        marker={"color": theme.KIND_COLOURS[kind], "line": {"color": theme.KIND_EDGES[kind], "width": 1}},
        hoverinfo="skip",
    )


def _texts(
    weeks: Sequence[Week], amounts: Mapping[Kind, Sequence[float | None]], unit: str, gaps: Mapping[Week, str]
) -> go.Scatter:
    columns = [_column(amounts, place) for place in range(len(weeks))]
    texts = [gaps.get(week) or _text(week, column, unit) for week, column in zip(weeks, columns, strict=True)]
    return week_texts(weeks, [sum(column.values()) for column in columns], texts)


def _column(amounts: Mapping[Kind, Sequence[float | None]], place: int) -> dict[Kind, float]:
    return {kind: amount for kind in KINDS if kind in amounts and (amount := amounts[kind][place])}


def _text(week: Week, column: Mapping[Kind, float], unit: str) -> str:
    """Write a week's sum, then each kind, the top of the stack first."""
    lines = [f"{week.label}: {_amount(sum(column.values()), unit)}"]
    lines += [f"{KINDS[kind].label} {_amount(amount, unit)}" for kind, amount in reversed(list(column.items()))]
    return "<br>".join(lines)


def _amount(amount: float, unit: str) -> str:
    if unit == "hours":
        return f"{amount:.1f}".removesuffix(".0") + " h"
    return f"{amount:g} {unit.removesuffix('s') if amount == 1 else unit}"
