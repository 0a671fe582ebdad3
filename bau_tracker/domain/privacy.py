"""Decides what may be shown of a group's answers, so that no person's values can be read off. Applied in the queries.

Minimums are the domain's defaults (vendors use 5, adjustable to 3; product teams are 4-7). Who may see a team at all is
left to `permissions`.
"""

from __future__ import annotations

from dataclasses import dataclass

from bau_tracker.domain.statistics import WeekTotals


@dataclass(frozen=True, slots=True)
class Minimums:
    """How many people, the viewer's own answer left out, a figure must be made of."""

    time_split: int = 3
    comments: int = 5


def others(respondents: int, *, viewer_answered: bool) -> int:
    """Count the respondents whose values the viewer doesn't know; an own answer could be subtracted."""
    return respondents - viewer_answered


def shown_to(totals: WeekTotals, minimums: Minimums, *, viewer_answered: bool) -> WeekTotals:
    """Give a week's totals as a viewer may see them: whole, or only the counts when too few others answered."""
    enough = others(totals.respondents, viewer_answered=viewer_answered) >= minimums.time_split
    if enough or totals.respondents == 0:
        return totals
    return WeekTotals(
        week=totals.week,
        respondents=totals.respondents,
        away=totals.away,
        expected=totals.expected,
        hidden=True,
        revision=totals.revision,
    )


def may_show_comments(respondents: int, minimums: Minimums, *, viewer_answered: bool) -> bool:
    """Say whether the comments of a week may be shown: enough others answered (not: enough commented)."""
    return others(respondents, viewer_answered=viewer_answered) >= minimums.comments
