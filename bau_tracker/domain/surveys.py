"""Decides what an answer is and when it is sound: hours by category, complaints, and the states an answer goes through.

When a week may be answered is left to `weeks`, what a group's answers add up to to `statistics`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.taxonomy import KINDS, OVERHEAD_LABEL, PLANNED_LABEL, Chip, Kind

MOST_HOURS: Final = 100.0
"""More hours than this in one week are taken for a mistake (judgement; a week has 168)."""
LONGEST_COMMENT: Final = 280
HOUR_STEP: Final = 0.5

CATEGORIES: Final[dict[str, str]] = {
    "planned": PLANNED_LABEL,
    **{kind.value: words.label for kind, words in KINDS.items()},
    "overhead": OVERHEAD_LABEL,
}
"""Name and label of each part of a week, in the order of forms, tables and exports."""


class Step(StrEnum):
    """How a team splits its week in the form: in half-days of its usual week, in half hours, or in steps of 5 %."""

    HALF_DAYS = "half_days"
    HOURS = "hours"
    PERCENT = "percent"


class AnswerStatus(StrEnum):
    """The states of one person's week; UNANSWERED is the absence of all others."""

    UNANSWERED = "unanswered"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class TimeSplit:
    """How a week's hours split; each value is hours, finite, not negative, MOST_HOURS in all at most.

    Raises InvalidInput naming the category that can't be right.
    """

    planned: float = 0.0
    capacity: float = 0.0
    defect: float = 0.0
    security: float = 0.0
    telemetry: float = 0.0
    support: float = 0.0
    minor_change: float = 0.0
    other_bau: float = 0.0
    overhead: float = 0.0

    def __post_init__(self) -> None:
        parts = _parts(self)
        if (
            min(parts) >= 0
            and max(parts) <= MOST_HOURS
            and self.total <= MOST_HOURS
            and not any(map(math.isnan, parts))
        ):
            return  # nearly always, and imports make millions
        for name, label in CATEGORIES.items():
            _check_hours(getattr(self, name), label, name)
        raise InvalidInput(f"{self.total:g} hours in one week can't be right; {MOST_HOURS:g} is the most.")

    @property
    def bau(self) -> float:
        """Add up the hours of unplanned work, all kinds."""
        return math.fsum(self.hours(kind.value) for kind in Kind)

    @property
    def total(self) -> float:
        """Add up all hours placed, overhead included."""
        return math.fsum(_parts(self))

    def hours(self, category: str) -> float:
        """Give the hours of a category of CATEGORIES."""
        return float(getattr(self, category))


@dataclass(frozen=True, slots=True)
class Answer:
    """One person's (or one anonymous respondent's) answer for one team and week.

    `hours_available` is the working time that the split was made of; `callouts` are hours out of hours, kept apart;
    `excessive` is None where complaints weren't asked for, `deferred` where putting off maintenance wasn't.
    An answer is either away, and then without hours, or has placed some hours. Raises InvalidInput otherwise.
    """

    split: TimeSplit = field(default_factory=TimeSplit)
    away: bool = False
    hours_available: float | None = None
    callouts: float = 0.0
    excessive: frozenset[Chip] | None = frozenset()
    deferred: bool | None = None
    comment: str = ""

    def __post_init__(self) -> None:
        _check_hours(self.callouts, "Out-of-hours callouts", "callouts")
        if self.hours_available is not None:
            _check_hours(self.hours_available, "Hours available", "hours_available")
        if len(self.comment) > LONGEST_COMMENT:
            raise InvalidInput(
                f"The comment has {len(self.comment)} characters; shorten it to {LONGEST_COMMENT}.", "comment"
            )
        if self.away and self.split.total > 0:
            raise InvalidInput("An answer is either “away all week” or has hours, not both.", "away")
        if not self.away and self.split.total == 0:
            raise InvalidInput("No hours are placed. Place them, or send “Away all week”.", "planned")

    @property
    def status(self) -> AnswerStatus:
        """Say which of the two answered states this is."""
        return AnswerStatus.AWAY if self.away else AnswerStatus.SUBMITTED


def check_fits(answer: Answer) -> None:
    """Refuse an answer that places more hours than it has; hours left over count as time away.

    Raises InvalidInput with both ways to mend it.
    """
    available = answer.hours_available
    if available is not None and answer.split.total > available:
        over = answer.split.total - available
        raise InvalidInput(
            f"You placed {answer.split.total:g} of {available:g} hours. Take {over:g} h off below, "
            "or raise the hours you worked this week.",
            "hours_available",
        )


def check_steps(answer: Answer) -> None:
    """Refuse hours of the form that are no multiple of HOUR_STEP; raises InvalidInput naming the category."""
    for name, label in CATEGORIES.items():
        if not (answer.split.hours(name) / HOUR_STEP).is_integer():
            raise InvalidInput(f"{label}: use half hours, such as 2 or 2.5.", name)


_parts: Final = attrgetter(*CATEGORIES)
"""Gives a split's hours in the order of CATEGORIES."""


def _check_hours(hours: float, label: str, name: str) -> None:
    if not math.isfinite(hours) or hours < 0:
        raise InvalidInput(f"{label}: hours can't be negative. Use 0 or more.", name)
    if hours > MOST_HOURS:
        raise InvalidInput(f"{label}: {hours:g} hours in one week can't be right.", name)
