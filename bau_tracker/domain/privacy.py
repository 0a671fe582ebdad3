"""Decides what may be shown of a group's answers, so that no person's values can be read off. Applied in the queries.

Minimums are the domain's defaults (vendors use 5, adjustable to 3; product teams are 4-7). Who may see a team at all is
left to `permissions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.statistics import WeekTotals

LEAST_MINIMUM: Final = 3
"""With two, each of them reads the other's answer; vendors go no lower either."""
MOST_MINIMUM: Final = 20


@dataclass(frozen=True, slots=True)
class Minimums:
    """Of how many people's answers a figure must be made, those that the viewer knows left out.

    Raises InvalidInput for minimums that protect nobody.
    """

    time_split: int = 3
    comments: int = 5

    def __post_init__(self) -> None:
        if not LEAST_MINIMUM <= self.time_split <= MOST_MINIMUM:
            raise InvalidInput(
                f"Figures need at least {LEAST_MINIMUM} and at most {MOST_MINIMUM} people.", "time_split"
            )
        if not self.time_split <= self.comments <= MOST_MINIMUM:
            raise InvalidInput(
                f"Comments need at least as many people as figures, and at most {MOST_MINIMUM}.", "comments"
            )


def shown_to(totals: WeekTotals, minimums: Minimums, *, known: int) -> WeekTotals:
    """Give a week's totals as a viewer may see them: whole, or only the counts when too few others answered.

    `known` counts the answers of the week that the viewer could subtract: the own one, and those the viewer imported.
    """
    if totals.respondents == 0 or _hides_each(totals.respondents, known, minimums.time_split):
        return totals
    return WeekTotals(
        week=totals.week,
        respondents=totals.respondents,
        away=totals.away,
        expected=totals.expected,
        hidden=True,
        revision=totals.revision,
    )


def may_show_comments(respondents: int, minimums: Minimums, *, known: int) -> bool:
    """Say whether the comments of a week may be shown: enough others answered (not: enough commented)."""
    return _hides_each(respondents, known, minimums.comments)


def _hides_each(respondents: int, known: int, minimum: int) -> bool:
    """Say whether a group is large enough, and those in it whom the viewer doesn't know are too, or nobody."""
    others = respondents - known
    return respondents >= minimum and (others >= minimum or others == 0)
