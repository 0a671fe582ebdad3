"""Writes a team's answers as a table of people by weeks, for tests of what verdicts are reached on."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final

from bau_tracker.domain.evidence import Evidence, Said
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week

FIRST: Final = Week(date(2026, 1, 5))
FULL: Final = 36.0
"""Hours that weigh 1."""

Percents = Mapping[str, Sequence[float | None]]


def team_weeks(
    people: Percents,
    *,
    hours: float = FULL,
    complaining: Sequence[int] = (),
    members: Collection[str] | None = None,
    anew: Collection[int] = (),
    first: Week = FIRST,
) -> list[Evidence]:
    """Make evidence from what each person answered week by week, in percent; None where nobody answered.

    `complaining` says how many named noisy alerts in each week, none after its end; `anew` the weeks with new
    questions.
    """
    weeks = max(len(answers) for answers in people.values())
    return [
        _week(
            first.shift(number),
            {person: answers[number] for person, answers in people.items() if number < len(answers)},
            hours,
            complaining[number] if number < len(complaining) else 0,
            None if members is None else frozenset(members),
            asked_anew=number in anew,
        )
        for number in range(weeks)
    ]


def _week(
    week: Week,
    answers: Mapping[str, float | None],
    hours: float,
    complaining: int,
    members: frozenset[str] | None,
    *,
    asked_anew: bool,
) -> Evidence:
    said = {person: Said(percent / 100, hours) for person, percent in answers.items() if percent is not None}
    planned = math.fsum(one.share * one.hours for one in said.values())
    totals = WeekTotals(
        week,
        hours={"planned": planned, "defect": hours * len(said) - planned},
        respondents=len(said),
        expected=len(answers),
        complaint_answers=len(said),
        complaining=complaining,
        chips={Chip.ALERTS: complaining},
    )
    return Evidence(totals, said, members, asked_anew)
