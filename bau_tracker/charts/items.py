"""Decides how work items are drawn by kind and week, as counts or as logged hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go  # type: ignore[import-untyped]  # plotly ships no types

from bau_tracker.charts.stacked import KeyEntry, kind_key, stacked_figure
from bau_tracker.domain.taxonomy import KINDS, Kind
from bau_tracker.domain.weeks import Week


def items_figure(weeks: Sequence[Week], counts_by_kind: Mapping[Kind, Sequence[float]], unit: str) -> go.Figure:
    """Stack the items of each kind by week, one count a week; `unit` is `items` or `hours`."""
    return stacked_figure(weeks, counts_by_kind, unit)


def items_key(counts_by_kind: Mapping[Kind, Sequence[float]]) -> list[KeyEntry]:
    """Give the key of the items figure: the kinds that occur, with their sums."""
    return kind_key(counts_by_kind)


def items_sentence(counts_by_kind: Mapping[Kind, Sequence[float]], unit: str) -> str:
    """Say which kind the unplanned items were mostly of."""
    totals = {kind: sum(counts_by_kind.get(kind, ())) for kind in KINDS}
    every = sum(totals.values())
    if every == 0:
        return f"No unplanned {unit} in these weeks."
    most = max(totals, key=lambda kind: totals[kind])
    noun = "logged hours" if unit == "hours" else unit
    return f"{KINDS[most].label} leads with {totals[most]:.0f} of {every:.0f} unplanned {noun} in these weeks."
