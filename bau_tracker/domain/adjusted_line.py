"""Decides what a viewer sees of a team's like-for-like line, so that nobody's answers can be told from it.

The line comes from `looks`. What the viewer may see of each week comes from `privacy`, as for every other figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import Final

from bau_tracker.domain.looks import Adjusted
from bau_tracker.domain.privacy import ROUNDING
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.surprise import RECENT

_WHOLE: Final = 1.0


def shown_line(adjusted: Sequence[Adjusted], weeks: Sequence[WeekTotals]) -> list[Adjusted]:
    """Give the weeks of the line that a viewer may see, oldest first, of `weeks` as they may see them.

    A week without a figure for the viewer is left out, one that is rounded for them is rounded to ROUNDING, the others
    to whole percents. The line lies at the height of the newest RECENT weeks that the viewer sees exactly: at that of
    the people who are there now it would move as a whole when one joins or leaves, and tell that person's usual level.
    """
    figures = {totals.week: totals for totals in weeks if totals.planned_share is not None and not totals.hidden}
    seen = [one for one in adjusted if one.week in figures]
    exact = [one for one in seen if not figures[one.week].rounded][-RECENT:] or seen[-RECENT:]
    height = _height([figures[one.week] for one in exact], exact)
    return [_in_steps(one, height, rounded=figures[one.week].rounded) for one in seen]


def _height(figures: Sequence[WeekTotals], line: Sequence[Adjusted]) -> float:
    """Give how far the viewer's own figures lie above the line, in points."""
    apart = [(totals.planned_share or 0.0) * 100 - one.share for totals, one in zip(figures, line, strict=True)]
    return fmean(apart) if apart else 0.0


def _in_steps(one: Adjusted, height: float, *, rounded: bool) -> Adjusted:
    step = ROUNDING * 100 if rounded else _WHOLE
    share, low, high = (_nearest(value + height, step) for value in (one.share, one.low, one.high))
    fitted = None if one.fitted is None or rounded else _nearest(one.fitted + height, _WHOLE)
    return replace(one, share=share, low=low, high=high, fitted=fitted)


def _nearest(points: float, step: float) -> float:
    return min(100.0, max(0.0, round(points / step) * step))
