"""Decides how answers add up: planned share, response rate, complaint share. What they mean is left to `detector`."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from bau_tracker.domain.surveys import CATEGORIES, Answer
from bau_tracker.domain.taxonomy import Chip, Kind
from bau_tracker.domain.weeks import Week


def planned_share(planned: float, bau: float) -> float | None:
    """Give planned / (planned + BAU), 0..1, from hours; None when nothing was placed in either.

    Overhead and leave are outside the share. Source: the survey's definition, DORA's two buckets.
    """
    placed = planned + bau
    return planned / placed if placed > 0 else None


@dataclass(frozen=True, slots=True)
class WeekTotals:
    """What a team's answers of one week add up to: hours by category and counts of answers.

    `expected` counts the people who should have answered, those away all week left out. `complaint_answers` are the
    answers that were asked for complaints, `complaining` those of them that ticked anything. `hidden` marks a week that
    `privacy` emptied because too few people answered: what is left are counts of answers. `rounded` marks one whose
    hours it rounded. `revision` counts the changes since the week was published, `waiting` the answers given since that
    don't show.
    """

    week: Week
    hours: dict[str, float] = field(default_factory=dict)
    callouts: float = 0.0
    respondents: int = 0
    away: int = 0
    expected: int = 0
    complaint_answers: int = 0
    complaining: int = 0
    chips: dict[Chip, int] = field(default_factory=dict)
    deferred: int = 0
    deferred_answers: int = 0
    hidden: bool = False
    rounded: bool = False
    revision: int = 0
    waiting: int = 0

    @property
    def bau(self) -> float:
        """Add up the hours of unplanned work, all kinds."""
        return math.fsum(self.hours.get(kind.value, 0.0) for kind in Kind)

    @property
    def planned_share(self) -> float | None:
        """Give the hours-weighted planned share, 0..1; None without hours."""
        return planned_share(self.hours.get("planned", 0.0), self.bau)

    @property
    def response_rate(self) -> float | None:
        """Give answers / people expected, 0..1; None when nobody is expected."""
        return min(1.0, self.respondents / self.expected) if self.expected else None


def add_up(week: Week, answers: Iterable[Answer], members: int) -> WeekTotals:
    """Add up a week's answers; `members` counts the people on the roster who answer, before those away are left out."""
    given = list(answers)
    present = [answer for answer in given if not answer.away]
    away = len(given) - len(present)
    asked = [answer.excessive for answer in present if answer.excessive is not None]
    deferred = [answer.deferred for answer in present if answer.deferred is not None]
    return WeekTotals(
        week=week,
        hours={name: math.fsum(answer.split.hours(name) for answer in present) for name in CATEGORIES},
        callouts=math.fsum(answer.callouts for answer in present),
        respondents=len(present),
        away=away,
        expected=max(len(present), members - away),
        complaint_answers=len(asked),
        complaining=sum(bool(ticked) for ticked in asked),
        chips={chip: sum(chip in ticked for ticked in asked) for chip in Chip},
        deferred=sum(deferred),
        deferred_answers=len(deferred),
    )
