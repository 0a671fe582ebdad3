"""Makes teams from mechanisms: the plan of a team, its people, their work, their answers, and what is true of it.

A team depends on its scenario, its number and the seed alone. Each step draws from a stream of its own.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from bau_tracker.formats.detection import RosterEntry
from tests.bench.cases import Case, Truth
from tests.bench.mechanisms.answers import draw_answers
from tests.bench.mechanisms.people import Person, draw_people
from tests.bench.mechanisms.plans import SCENARIOS, Plan, draw_plan, without_growth
from tests.bench.mechanisms.work import contract_hours, draw_work, patch_hours, presence, weights

_STREAMS: Final = 5


def simulate(seed: int, teams: int, scenarios: Sequence[str] = SCENARIOS) -> Iterator[Case]:
    """Make so many teams of each scenario."""
    return (simulate_team(scenario, number, seed) for scenario in scenarios for number in range(teams))


def simulate_team(scenario: str, number: int, seed: int, *, grows: bool = True) -> Case:
    """Make a team; with `grows` off, the same team in the same weeks had its work not grown."""
    streams = np.random.default_rng([seed, zlib.crc32(scenario.encode()), number]).spawn(_STREAMS)
    for_plan, for_people, for_work, for_growth, for_answers = streams
    plan = draw_plan(scenario, for_plan)
    plan = plan if grows else without_growth(plan)
    people = draw_people(plan, for_people)
    team = f"{scenario}-{number:03d}"
    work = draw_work(plan, people, for_work, for_growth)
    answers = draw_answers(team, plan, people, work, for_answers)
    levels = tuple(true_levels(plan, people))
    truth = Truth(scenario, plan.weeks, plan.start, levels, plan.slide, plan.recovery)
    return Case(team, truth, tuple(answers), _roster(team, plan, people))


def true_levels(plan: Plan, people: Sequence[Person]) -> Iterator[float | None]:
    """Give the planned percentage of an ordinary week by its mechanisms, of everybody in the team by their hours.

    Storms, campaigns, ends of quarters, leave, slow starts and the ways of answering are no part of it: they pass.
    """
    demand, growth = plan.demand, plan.growth
    hours, weight = contract_hours(people)[:, np.newaxis], weights(people)[:, np.newaxis]
    interruptions = np.array([[one.interruptions] for one in people])
    patches = patch_hours(plan, people)[:, np.newaxis] / demand.patch_every
    odd_jobs = weight * (demand.chores + demand.defects + growth.defects)
    everyones = demand.incidents + growth.incidents + growth.alerts
    capacity = hours * presence(plan, people)
    unplanned = capacity * (odd_jobs + everyones + interruptions + patches / hours)
    releases = demand.release_hours / demand.release_every
    for worked, lost in zip(capacity.sum(axis=0), unplanned.sum(axis=0) + releases, strict=True):
        yield round(max(0.0, 100 * (1 - float(lost / worked))), 2) if worked else None


def _roster(team: str, plan: Plan, people: Sequence[Person]) -> tuple[RosterEntry, ...]:
    return tuple(RosterEntry(team, one.name, one.joined, one.left if one.left < plan.weeks else None) for one in people)
