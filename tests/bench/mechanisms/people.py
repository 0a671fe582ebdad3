"""Decides who is in a team and when, what falls to each, and how each answers.

A person's load never depends on who else is there: what is asked of a team grows with the people who can do it. So
somebody's coming or going changes the team's mean and nobody's own figures, and what slides is the work alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

import numpy as np

from tests.bench.mechanisms.plans import Plan

_YEARLY_CHURN: Final = 0.003
"""The chance that a person leaves in a week, which makes about 15 % a year."""
_LEAVES_EARLIEST: Final = 6
_LEAST: Final = 0.4
_MOST: Final = 2.0
"""The weight of somebody who leaves: with most planned work in the team, or with least."""


class Habit(Enum):
    """How a person comes to a figure."""

    PLAIN = auto()
    ANCHOR = auto()
    """Half of what it was is what was said last."""
    STICK = auto()
    """Now and then says the same as last time."""
    ROUND = auto()
    """Nothing finer than ten points."""
    FLIP = auto()
    """Gives the unplanned share for the planned one now and then."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member: `left` is the first week not in the team; `weight` is how many odd jobs come to this desk, 1 as usual.

    `interruptions` is a share of the hours; `answers` a chance; `complains` a log-odds; `bias` and `grid` are points.
    """

    name: str
    joined: int
    left: int
    hours: float
    weight: float
    interruptions: float
    habit: Habit
    grid: int
    answers: float
    complains: float
    bias: float
    starts_slowly: bool = False


def draw_people(plan: Plan, rng: np.random.Generator) -> tuple[Person, ...]:
    """Draw the members of a team over its whole course."""
    founders = [_person(1 + number, 0, plan, rng) for number in range(plan.members)]
    if plan.scenario in {"leavers", "masked"}:
        return _one_leaves(founders, plan, rng)
    people = _as_usual_together(founders)
    if plan.scenario == "newcomers":
        weeks = rng.integers(15, plan.weeks - 10, rng.integers(2, 4))
        people += [_person(len(people) + 1 + n, int(week), plan, rng, slowly=True) for n, week in enumerate(weeks)]
    return _with_churn(people, plan, rng) if plan.members > 3 else tuple(people)


def _person(number: int, joined: int, plan: Plan, rng: np.random.Generator, *, slowly: bool = False) -> Person:
    habit = Habit(int(rng.choice([habit.value for habit in Habit], p=[0.35, 0.25, 0.15, 0.22, 0.03])))
    grid = int(rng.choice([1, 5, 10, 25], p=[0.15, 0.45, 0.30, 0.10]))
    return Person(
        name=f"p{number:02d}",
        joined=joined,
        left=plan.weeks,
        hours=float(rng.choice([40, 40, 40, 36, 32, 20])),
        weight=rng.uniform(0.5, 1.5),
        interruptions=rng.uniform(0.02, 0.12),
        habit=habit,
        grid=max(grid, 10) if habit is Habit.ROUND else grid,
        answers=max(0.35, rng.beta(6.4, 1.6)),
        complains=rng.normal(-2.2, 0.7),
        bias=rng.normal(0, 5),
        starts_slowly=slowly,
    )


def _as_usual_together(founders: Sequence[Person]) -> list[Person]:
    """Scale the weights so that all of them together have as many odd jobs as usual."""
    usual = sum(one.weight * one.hours for one in founders) / sum(one.hours for one in founders)
    return [replace(one, weight=one.weight / usual) for one in founders]


def _one_leaves(founders: Sequence[Person], plan: Plan, rng: np.random.Generator) -> tuple[Person, ...]:
    """Let who has most planned work leave and be replaced; where that masks a slide, who has least of it."""
    by_weight = sorted(founders, key=lambda one: one.weight)
    if plan.slide:
        leaver, weight, week = by_weight[-1], _MOST, plan.slide.onset + int(rng.integers(-2, 6))
    else:
        leaver, weight, week = by_weight[0], _LEAST, int(rng.integers(15, plan.weeks - 12))
    left = max(_LEAVES_EARLIEST, week)
    staying = [replace(one, weight=weight, left=left) if one is leaver else one for one in founders]
    replacement = _person(len(founders) + 1, left + int(rng.integers(0, 4)), plan, rng)
    return (*_as_usual_together(staying), replacement)


def _with_churn(people: Sequence[Person], plan: Plan, rng: np.random.Generator) -> tuple[Person, ...]:
    """Let people leave by chance; most are replaced soon, half of those by somebody who starts slowly."""
    stayed: list[Person] = []
    replacements: list[Person] = []
    for one in people:
        left = one.joined + max(int(rng.geometric(_YEARLY_CHURN)), 9)
        stayed.append(replace(one, left=min(left, plan.weeks)))
        joined = left + int(rng.integers(1, 6))
        if joined < plan.weeks and rng.random() < 0.8:
            number, slowly = len(people) + len(replacements) + 1, bool(rng.random() < 0.5)
            replacements.append(_person(number, joined, plan, rng, slowly=slowly))
    return (*stayed, *replacements)
