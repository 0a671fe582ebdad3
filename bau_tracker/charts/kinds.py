"""Decides how the surveyed hours of unplanned work are drawn by kind and week. Planned work is the trend's subject."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import plotly.graph_objects as go  # type: ignore[import-untyped]  # plotly ships no types

from bau_tracker.charts.figures import every_week, finding, share_of
from bau_tracker.charts.stacked import KeyEntry, kind_key, stacked_figure
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import KINDS, Kind

_RECENT: Final = 4


def kinds_figure(series: Sequence[WeekTotals]) -> go.Figure:
    """Stack the hours of each kind of BAU by week; a week without figures stays empty and says why."""
    weeks = every_week(series)
    gaps = {totals.week: f"{totals.week.label}<br>{finding(totals)}" for totals in weeks if share_of(totals) is None}
    return stacked_figure([totals.week for totals in weeks], _hours(weeks), "hours", gaps)


def kinds_key(series: Sequence[WeekTotals]) -> list[KeyEntry]:
    """Give the key of the kinds figure: the kinds that occur, with their hours over all the weeks."""
    return kind_key(_hours(every_week(series)))


def kinds_sentence(series: Sequence[WeekTotals]) -> str:
    """Say which kind took most of the unplanned hours of the newest four weeks with figures."""
    shown = [totals for totals in every_week(series) if share_of(totals) is not None][-_RECENT:]
    hours = {kind: sum(totals.hours.get(kind.value, 0.0) for totals in shown) for kind in KINDS}
    bau = sum(hours.values())
    if not shown:
        return "No week has a figure yet."
    weeks = "the newest week" if len(shown) == 1 else f"the newest {len(shown)} weeks with figures"
    if bau == 0:
        return f"No unplanned work in {weeks}."
    most = max(hours, key=lambda kind: hours[kind])
    return (
        f"{KINDS[most].label} took most: {hours[most]:.0f} of {bau:.0f} unplanned hours "
        f"({hours[most] / bau * 100:.0f} %) in {weeks}."
    )


def _hours(weeks: Sequence[WeekTotals]) -> dict[Kind, list[float | None]]:
    return {
        kind: [None if share_of(totals) is None else totals.hours.get(kind.value, 0.0) for totals in weeks]
        for kind in KINDS
    }
