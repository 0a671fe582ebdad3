"""Decides what a verdict is reached on: what each named person answered, week by week, and how the weeks add up.

Nameless answers count among a week's sums and never among the people, who are compared with their own past.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.weeks import Week


@dataclass(frozen=True, slots=True)
class Said:
    """What one person answered in a week: the planned share 0..1 of so many hours placed, more than none."""

    share: float
    hours: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A week with answers: its sums, what each named person said, and who belonged to the team (None: not known).

    `asked_anew` says that from this week on the questions are others, so that earlier answers don't compare.
    """

    totals: WeekTotals
    said: Mapping[str, Said] = field(default_factory=dict)
    members: frozenset[str] | None = None
    asked_anew: bool = False

    @property
    def week(self) -> Week:
        """Give the week."""
        return self.totals.week


def fingerprints(weeks: Sequence[Evidence]) -> Iterator[str]:
    """Give for each week the mark (32 hexadecimal digits) of all that was answered up to it.

    A change in a week changes its mark and those of all later ones.
    """
    before = ""
    for evidence in weeks:
        said = [before, *_told(evidence)]
        before = hashlib.blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()
        yield before


def without_people(evidence: Evidence) -> Evidence:
    """Give a week's evidence without who belonged to the team and how many were asked: what was answered alone."""
    return replace(evidence, totals=replace(evidence.totals, expected=0), members=None)


def _told(evidence: Evidence) -> Iterator[object]:
    totals = evidence.totals
    yield str(evidence.week)
    yield sorted((person, round(said.share, 6), round(said.hours, 3)) for person, said in evidence.said.items())
    yield None if evidence.members is None else sorted(evidence.members), evidence.asked_anew
    yield sorted((name, round(hours, 3)) for name, hours in totals.hours.items())
    yield totals.respondents, totals.expected, totals.complaint_answers, totals.complaining
    yield sorted((chip.value, count) for chip, count in totals.chips.items())
