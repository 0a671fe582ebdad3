"""Decides what a team should do about what its members complain of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import CAUSES, CHIPS, PRACTICES, Cause, Chip, PracticeWords


@dataclass(frozen=True, slots=True)
class Advice:
    """A cause with the complaints that point to it (chip -> ticks, most first) and the practice against it."""

    cause: Cause
    complaints: tuple[tuple[Chip, int], ...]

    @property
    def ticks(self) -> int:
        """Count the ticks behind this advice."""
        return sum(count for _, count in self.complaints)

    @property
    def cause_label(self) -> str:
        """Say what the cause is."""
        return CAUSES[self.cause].label

    @property
    def practice(self) -> PracticeWords:
        """Give the practice that removes the cause."""
        return PRACTICES[CAUSES[self.cause].practice]


def advise(weeks: Iterable[WeekTotals]) -> list[Advice]:
    """Give the causes that the weeks' complaints point to, the most named first; none without complaints."""
    counts = dict.fromkeys(Chip, 0)
    for totals in weeks:
        for chip, count in totals.chips.items():
            counts[chip] += count
    found = [Advice(cause, _complaints(cause, counts)) for cause in Cause]
    return sorted((advice for advice in found if advice.ticks), key=lambda advice: -advice.ticks)


def first_help(weeks: Iterable[WeekTotals]) -> str:
    """Say what helps first against what the weeks' complaints point to; empty without complaints."""
    found = advise(weeks)
    return f"What helps: {found[0].practice.label.lower()}. {found[0].practice.steps[0]}" if found else ""


def _complaints(cause: Cause, counts: dict[Chip, int]) -> tuple[tuple[Chip, int], ...]:
    named = [(chip, counts[chip]) for chip, words in CHIPS.items() if words.cause is cause and counts[chip]]
    return tuple(sorted(named, key=lambda pair: -pair[1]))
