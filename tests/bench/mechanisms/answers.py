"""Decides who answers what about a week's work, given how it really was: as people do, not as meters do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bau_tracker.formats.detection import Response
from tests.bench.mechanisms.people import Habit, Person
from tests.bench.mechanisms.plans import Plan
from tests.bench.mechanisms.work import Hours, Work

_TOPICS: Final = ("alerts", "support", "deployments", "alerts")
"""What people complain of when most of their unplanned hours are incidents, defects, upkeep or alerts."""
_SHORTEST_WEEK: Final = 2.0
_LEAST_HOURS: Final = 4.0
_BUSY: Final = 0.45
_ANSWERS_WHEN_BUSY: Final = 0.75
_STARTING_WEEKS: Final = 8
_STARTING_SHARE: Final = 0.25
_NEW_YEAR: Final = frozenset({52, 53, 1})
"""The ISO weeks in which most teams pause."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What there is of each person and week: how it really was (shares), and what chance holds for the answer.

    Chance is drawn for every cell, so that what happens in one week moves no draw of another.
    """

    asked: NDArray[np.bool_]
    hours: Hours
    planned: Hours
    unplanned: Hours
    topics: NDArray[np.intp]
    noise: Hours
    sticks: Hours
    flips: Hours
    answers: Hours
    complains: Hours


def draw_answers(
    team: str, plan: Plan, people: Sequence[Person], work: Work, rng: np.random.Generator
) -> list[Response]:
    """Draw the answers of a team, by week and then by person."""
    cells = _cells(plan, people, work, rng)
    answers = (each for number, one in enumerate(people) for each in _answers_of(team, number, one, cells))
    return sorted(answers, key=lambda each: (each.week, each.member))


def planned_shares(people: Sequence[Person], work: Work, rng: np.random.Generator) -> Hours:
    """Give each person's true planned share: what unplanned work, interruptions and a slow start leave of a week."""
    weeks = np.arange(work.hours.shape[1])
    interrupted = rng.gamma(4, 1 / 4, work.hours.shape) * np.array([[one.interruptions] for one in people])
    slow = np.array([one.starts_slowly * (1 - (weeks - one.joined) / _STARTING_WEEKS) for one in people])
    left = 1 - work.unplanned / np.maximum(work.hours, 1.0) - interrupted - _STARTING_SHARE * np.clip(slow, 0, 1)
    return np.asarray(np.clip(left, 0.0, 1.0))


def _cells(plan: Plan, people: Sequence[Person], work: Work, rng: np.random.Generator) -> Cells:
    shape = work.hours.shape
    return Cells(
        asked=(work.hours > _SHORTEST_WEEK) & ~_paused(plan, rng),
        hours=work.hours,
        planned=planned_shares(people, work, rng),
        unplanned=work.unplanned / np.maximum(work.hours, 1.0),
        topics=np.argmax([work.incidents, work.defects, work.upkeep, work.alerts], axis=0),
        noise=rng.normal(0, 6, shape),
        sticks=rng.random(shape),
        flips=rng.random(shape),
        answers=rng.random(shape),
        complains=rng.random(shape),
    )


def _paused(plan: Plan, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Say in which weeks nobody answers: most of them around New Year, and a few others."""
    new_year = np.array([monday.isocalendar().week in _NEW_YEAR for monday in plan.mondays])
    return (rng.random(plan.weeks) < 0.02) | (new_year & (rng.random(plan.weeks) < 0.9))


def _answers_of(team: str, number: int, one: Person, cells: Cells) -> Iterator[Response]:
    last = burden = None
    for week in np.flatnonzero(cells.asked[number]):
        at = number, int(week)
        felt = 100 * (1 - float(cells.planned[at]))
        burden = felt if burden is None else 0.6 * felt + 0.4 * burden
        if cells.answers[at] > one.answers * (_ANSWERS_WHEN_BUSY if cells.unplanned[at] > _BUSY else 1):
            continue
        last = _said(one, 100 - felt, last, cells, at)
        complaint = bool(cells.complains[at] < _logistic(one.complains + 0.05 * (burden - 30)))
        yield Response(
            team=team,
            member=one.name,
            week=int(week),
            hours=round(max(_LEAST_HOURS, float(cells.hours[at])), 1),
            planned_share=last / 100,
            complaint=complaint,
            topic=_TOPICS[cells.topics[at]] if complaint else "",
        )


def _said(one: Person, planned: float, last: float | None, cells: Cells, at: tuple[int, int]) -> float:
    """Give what a person says of a week, in percent, after what the same person said last."""
    said = planned + one.bias + float(cells.noise[at])
    if one.habit is Habit.ANCHOR and last is not None:
        said = (said + last) / 2
    if one.habit is Habit.STICK and last is not None and cells.sticks[at] < 0.4:
        said = last
    if one.habit is Habit.FLIP and cells.flips[at] < 0.05:
        said = 100 - said
    return min(100.0, max(0.0, round(min(100.0, max(0.0, said)) / one.grid) * one.grid))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
