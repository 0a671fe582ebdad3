"""Decides which sentences tell the result of a week; each is made of figures that the reader may see.

What the figures mean for the team over time is left to `detector`, who gets which sentence to the services.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Final

from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import KINDS

WEEKS_BEFORE: Final = 4


def result_title(totals: WeekTotals) -> str:
    """Name a week with its planned share, or without where no share may be shown: for the subject of a mail."""
    if totals.hidden or totals.planned_share is None:
        return f"{totals.week} is published"
    return f"{_figure(totals)} planned work in {totals.week}"


def result_sentence(totals: WeekTotals) -> str:
    """Say a week's planned share, or only how many answered where no more may be shown."""
    answered = f"{totals.respondents} of {totals.expected} answered"
    if totals.hidden:
        return f"{answered}: too few besides your own to show a figure, since it would give single answers away."
    if totals.planned_share is None:
        return f"{answered}, and nobody placed planned or unplanned hours, so that there is no percentage."
    return f"Planned work was {_figure(totals)}; {answered}."


def change_sentence(weeks: Sequence[WeekTotals]) -> str:
    """Compare the newest week with the median of the WEEKS_BEFORE weeks before it; empty while either is unknown."""
    if not weeks or weeks[-1].hidden or weeks[-1].planned_share is None:
        return ""
    first = weeks[-1].week.shift(-WEEKS_BEFORE)
    before = [totals for totals in weeks[:-1] if totals.week >= first and not totals.hidden]
    shares = [totals.planned_share for totals in before if totals.planned_share is not None]
    if not shares:
        return ""
    usual = statistics.median(shares)
    points = round(weeks[-1].planned_share * 100) - round(usual * 100)
    span = "week before" if len(shares) == 1 else f"{len(shares)} weeks before"
    if points == 0:
        return f"That is the same as in the {span}."
    moved = f"{abs(points)} {'point' if abs(points) == 1 else 'points'} {'lower' if points < 0 else 'higher'}"
    return f"That is {moved} than the usual {_percent(usual)} of the {span}."


def kind_sentence(totals: WeekTotals) -> str:
    """Name the kind of unplanned work that took the most hours; empty without any."""
    if totals.hidden or not totals.bau:
        return ""
    most = max(KINDS, key=lambda kind: totals.hours.get(kind.value, 0.0))
    return f"Most of the unplanned work was of this kind: {KINDS[most].label.lower()}."


def sentences(weeks: Sequence[WeekTotals]) -> list[str]:
    """Tell the newest of a series of weeks: its result, its change, what the unplanned work was."""
    found = (result_sentence(weeks[-1]), change_sentence(weeks), kind_sentence(weeks[-1]))
    return [sentence for sentence in found if sentence]


def _figure(totals: WeekTotals) -> str:
    """Write a week's planned share, as about so much where it was rounded."""
    return f"{'about ' if totals.rounded else ''}{_percent(totals.planned_share or 0.0)}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
