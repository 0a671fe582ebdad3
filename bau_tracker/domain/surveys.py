"""Decides what an answer is and when it is sound: hours by category, complaints, and the states an answer goes through.

When a week may be answered is left to `weeks`, what a group's answers add up to to `statistics`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.taxonomy import KINDS, OVERHEAD_LABEL, PLANNED_LABEL, Chip, Kind

MOST_HOURS: Final = 100.0
"""More hours than this in one week are taken for a mistake (judgement; a week has 168)."""
LONGEST_COMMENT: Final = 280
LONGEST_ANSWERING: Final = 30 * 60
"""Seconds after which a form was left open rather than filled in (judgement)."""

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


@dataclass(frozen=True, slots=True)
class StepWords:
    """How a step is called: one of it, several, and how to mend an amount that is none."""

    one: str
    many: str
    mend: str
    size: float
    """Of how many units an amount must be a multiple."""


STEPS: Final[dict[Step, StepWords]] = {
    Step.HALF_DAYS: StepWords("half-day", "half-days", "use whole half-days, such as 2.", 1.0),
    Step.HOURS: StepWords("h", "h", "use half hours, such as 2 or 2.5.", 0.5),
    Step.PERCENT: StepWords("%", "%", "use steps of 5 %, such as 15 or 20.", 5.0),
}
_HALF_DAYS: Final = 10
"""Half-days of a team's usual full week."""
_SHOWN: Final = 2
"""Decimals with which an amount is shown."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What the form counts in; `hours` are those of one half-day, one hour or one percent of the hours available."""

    step: Step
    hours: float

    @classmethod
    def of(cls, step: Step, week_hours: float, available: float | None) -> Unit:
        """Give a team's unit, by the hours of its usual week; of percent by the hours that the person has."""
        if step is Step.PERCENT:
            return cls(step, (available or 0.0) / 100)
        return cls(step, 1.0 if step is Step.HOURS else week_hours / _HALF_DAYS)

    @property
    def smallest(self) -> float:
        """Give the hours of the smallest amount that the form takes."""
        return self.hours * self.words.size

    @property
    def words(self) -> StepWords:
        """Give how the unit is called."""
        return STEPS[self.step]

    @property
    def size(self) -> float:
        """Give the hours of one step."""
        return self.hours * self.words.size

    def counted(self, hours: float) -> str:
        """Write hours in this unit: `1 half-day`, `7.5 h`."""
        return _counted(self.amount_of(hours), self.words)

    def amount_of(self, hours: float) -> float:
        """Give hours in this unit, as they are shown."""
        return round(hours / self.hours, _SHOWN) if self.hours else 0.0

    def hours_of(self, amount: float, stored: Iterable[float | None] = ()) -> float:
        """Give the hours that an amount stands for: those of the first stored value that is shown so, else its own.

        What was imported, or given in another unit, is thus left as it is by whoever doesn't change it.
        """
        known = (hours for hours in stored if hours is not None and self.amount_of(hours) == amount)
        return next(known, round(amount * self.hours, 6))

    def takes(self, hours: float) -> bool:
        """Say whether hours are a multiple of the step."""
        return self.hours > 0 and float(round(hours / self.size, 6)).is_integer()

    def available_of(self, hours: float) -> float:
        """Give hours available as they are asked for: the nearest whole half-days, one at least; else as they are.

        Who works 19.5 hours of a 40-hour week is asked for 5 half-days, not for 4.88, and can place all of them.
        """
        if self.step is not Step.HALF_DAYS or not hours:
            return hours
        return round(max(1, math.floor(hours / self.hours + 0.5)) * self.hours, 6)


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
        if min(parts) >= 0 and sum(parts) <= MOST_HOURS:
            return  # nearly always, and imports make millions; a sum with a NaN in it is no less than anything
        for name, label in CATEGORIES.items():
            _check_hours(getattr(self, name), label, name)
        if self.total <= MOST_HOURS:
            return
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
        if not 0 <= self.callouts <= MOST_HOURS:
            _check_hours(self.callouts, "Out-of-hours callouts", "callouts")
        if self.hours_available is not None and not 0 <= self.hours_available <= MOST_HOURS:
            _check_hours(self.hours_available, "Hours available", "hours_available")
        if len(self.comment) > LONGEST_COMMENT:
            raise InvalidInput(
                f"The comment has {len(self.comment)} characters; shorten it to {LONGEST_COMMENT}.", "comment"
            )
        placed = any(_parts(self.split))
        if self.away and placed:
            raise InvalidInput("An answer is either “away all week” or has hours, not both.", "away")
        if not self.away and not placed:
            raise InvalidInput("No hours are placed. Place them, or send “Away all week”.", "planned")

    @property
    def status(self) -> AnswerStatus:
        """Say which of the two answered states this is."""
        return AnswerStatus.AWAY if self.away else AnswerStatus.SUBMITTED


def check_fits(answer: Answer, unit: Unit = Unit(Step.HOURS, 1.0)) -> None:
    """Refuse an answer that places more hours than it has; hours left over count as time away.

    Raises InvalidInput with both ways to mend it, in the unit's words.
    """
    available = answer.hours_available
    if available is None or round(answer.split.total - available, 6) <= 0:
        return
    placed, over = unit.amount_of(answer.split.total), unit.amount_of(answer.split.total - available)
    if unit.step is Step.PERCENT:
        raise InvalidInput(f"You placed {placed:g} %, more than the whole week. Take {over:g} % off.", "planned")
    words = "hours" if unit.step is Step.HOURS else unit.words.many
    off = _counted(over, unit.words)
    raise InvalidInput(
        f"You placed {placed:g} of {unit.amount_of(available):g} {words}. Take {off} off below, "
        f"or raise the {words} you worked this week.",
        "hours_available",
    )


def check_steps(answer: Answer, unit: Unit, stored: Iterable[Answer] = ()) -> None:
    """Refuse hours of the form that are no multiple of the unit's step, unless a stored answer has the same.

    Raises InvalidInput naming the category.
    """
    known = [one.split for one in stored]
    for name, label in CATEGORIES.items():
        hours = answer.split.hours(name)
        if not unit.takes(hours) and hours > 0 and all(split.hours(name) != hours for split in known):
            raise InvalidInput(f"{label}: {unit.words.mend}", name)


def check_amounts(amounts: Mapping[str, float], unit: Unit) -> None:
    """Refuse amounts of the form that no week has, one alone or all together.

    Raises InvalidInput naming the category, in the unit's words.
    """
    most = 100.0 if unit.step is Step.PERCENT else math.floor(MOST_HOURS / unit.hours)
    full = {Step.HALF_DAYS: f"a full week has {_HALF_DAYS}. Use fewer."}
    mend = full.get(unit.step, f"use {_counted(most, unit.words)} or less.")
    for name, amount in amounts.items():
        if amount > most:
            said = _counted(amount, unit.words)
            raise InvalidInput(f"{CATEGORIES[name]}: {said} is more than a week has; {mend}", name)
    total = math.fsum(amounts.values())
    if total > most and unit.step is not Step.PERCENT:
        said = _counted(total, unit.words)
        raise InvalidInput(f"You placed {said} in all, which is more than a week has; {mend}", "planned")


def scaled_to(answer: Answer, unit: Unit, hours: float) -> Answer:
    """Give an answer whose parts are about the same shares of other hours available, in whole steps that fit.

    Steps that are left over go to the largest remainders. Hours that were left over as time away stay about so many.
    """
    total = answer.split.total
    placed = min(1.0, total / (answer.hours_available or total))
    most = max(1, math.floor(round(hours / unit.size, 6)))
    steps = min(most, max(1, round(hours * placed / unit.size)))
    parts = shared_out(steps, [answer.split.hours(name) for name in CATEGORIES])
    split = {name: round(part * unit.size, 6) for name, part in zip(CATEGORIES, parts, strict=True)}
    return replace(answer, split=TimeSplit(**split), hours_available=hours)


def seconds_between(opened: float, sent: float) -> int | None:
    """Give the seconds from opening a form to sending it; None when it was left open, or the times can't be right."""
    taken = round(sent - opened)
    return taken if 0 <= taken <= LONGEST_ANSWERING else None


_parts: Final = attrgetter(*CATEGORIES)
"""Gives a split's hours in the order of CATEGORIES."""


def shared_out(whole: int, amounts: Sequence[float]) -> list[int]:
    """Share a whole number out in proportion to amounts, the largest remainders getting what is left.

    Nothing is shared out where there is nothing to go by.
    """
    total = math.fsum(amounts)
    if not total:
        return [0 for _ in amounts]
    exact = [round(amount / total * whole, 6) for amount in amounts]
    parts = [math.floor(part) for part in exact]
    for number in sorted(range(len(parts)), key=lambda number: parts[number] - exact[number])[: whole - sum(parts)]:
        parts[number] += 1
    return parts


def _counted(amount: float, words: StepWords) -> str:
    return f"{amount:g} {words.one if amount == 1 else words.many}"


def _check_hours(hours: float, label: str, name: str) -> None:
    if not math.isfinite(hours) or hours < 0:
        raise InvalidInput(f"{label}: hours can't be negative. Use 0 or more.", name)
    if hours > MOST_HOURS:
        raise InvalidInput(f"{label}: {hours:g} hours is more than a week has; use {MOST_HOURS:g} hours or less.", name)
