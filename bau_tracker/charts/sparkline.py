"""Decides the geometry of a sparkline: a small line of planned share 0-100 %, the same scale and weeks in each row.

It is drawn by the page as an inline SVG, so it needs no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bau_tracker.charts.figures import share_of
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.weeks import Week

WEEKS: Final = 26
WIDTH: Final = 156
HEIGHT: Final = 48
_PADDING: Final = 4


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A sparkline in the units of its view box: paths of the line's runs, height of the level, newest point."""

    width: int
    height: int
    paths: tuple[str, ...]
    level_y: float
    last: tuple[float, float] | None


def sparkline(series: Sequence[WeekTotals], healthy: float) -> Sparkline:
    """Lay out the newest 26 weeks of a series, its newest week at the right edge; a week without a figure is a gap."""
    points: list[tuple[Week, float, float]] = []
    if series:
        newest = max(totals.week for totals in series)
        for totals in sorted(series, key=lambda totals: totals.week):
            share = share_of(totals)
            age = newest - totals.week
            if share is not None and age < WEEKS:
                points.append((totals.week, _across(age), _down(share)))
    return Sparkline(
        width=WIDTH,
        height=HEIGHT,
        paths=tuple(_path(run) for run in _runs(points)),
        level_y=_down(healthy),
        last=points[-1][1:] if points else None,
    )


def _across(age: int) -> float:
    return round(WIDTH - _PADDING - age * (WIDTH - 2 * _PADDING) / (WEEKS - 1), 1)


def _down(share: float) -> float:
    return round(_PADDING + (1 - share) * (HEIGHT - 2 * _PADDING), 1)


def _runs(points: Sequence[tuple[Week, float, float]]) -> list[list[tuple[float, float]]]:
    """Cut the points where a week is missing."""
    runs: list[list[tuple[float, float]]] = [[point[1:] for point in points[:1]]] if points else []
    for (before, *_), (week, x, y) in pairwise(points):
        if week - before > 1:
            runs.append([])
        runs[-1].append((x, y))
    return runs


def _path(run: Sequence[tuple[float, float]]) -> str:
    """Write a run as path data; a single week becomes a line without length, which round ends make a dot."""
    (x, y), *rest = run
    return f"M{x:g} {y:g}" + ("".join(f"L{x:g} {y:g}" for x, y in rest) or "h0")
