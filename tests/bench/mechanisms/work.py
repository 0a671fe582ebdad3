"""Decides how many hours of unplanned work fall to each person in each week, and by which mechanism.

Incidents come as a Poisson stream and land on who is on call; defects go into a backlog that is worked off; chores,
patches and releases come when they come. What a slide adds is drawn apart from the rest, so that the same team can be
looked at with and without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tests.bench.mechanisms.people import Person
from tests.bench.mechanisms.plans import Curve, Plan

Hours = NDArray[np.float64]
"""Hours by person and week."""

_DEFECT_HOURS: Final = 3.0
_SPREAD: Final = 0.8
"""The standard deviation of the logarithm of an incident's hours."""
_MOST_ON_CALL: Final = 0.9
_MOST_HELPING: Final = 0.6
_MOST_ON_DEFECTS: Final = 0.5
"""Nobody spends more of a week on incidents when on call, on incidents otherwise, or on defects."""
_SHORT_WEEK: Final = 8.0
"""Who works no longer than that takes no calls when somebody else can."""
_HALF_A_YEAR: Final = 26


@dataclass(frozen=True, slots=True)
class Work:
    """What each person worked in each week, and the unplanned part of it by source; nothing for who wasn't there."""

    hours: Hours
    incidents: Hours
    defects: Hours
    upkeep: Hours
    alerts: Hours

    @property
    def unplanned(self) -> Hours:
        """Give the unplanned hours of all sources."""
        return self.incidents + self.defects + self.upkeep + self.alerts


def draw_work(plan: Plan, people: Sequence[Person], usual: np.random.Generator, more: np.random.Generator) -> Work:
    """Draw the weeks of a team: `usual` decides what would have come anyway, `more` what a slide adds."""
    here = presence(plan, people)
    hours = _hours_worked(plan, people, here, usual)
    storms = 1 + _storms(plan, usual)
    capacity = contract_hours(people) @ here
    load = _arriving(plan.demand.incidents * storms * capacity, plan.demand.incident_hours, usual)
    load = load + _arriving(plan.growth.incidents * storms * capacity, plan.demand.incident_hours, more)
    alerts = plan.growth.alerts * hours * more.gamma(8, 1 / 8, hours.shape)
    defects = _defects(plan, people, hours, _reported(plan, people, here, usual, more))
    return Work(hours, _incidents(plan, here, hours, load), defects, _upkeep(plan, people, here, hours, usual), alerts)


def presence(plan: Plan, people: Sequence[Person]) -> NDArray[np.bool_]:
    """Say for each person and week whether the person is in the team."""
    weeks = np.arange(plan.weeks)
    return np.array([(one.joined <= weeks) & (weeks < one.left) for one in people])


def contract_hours(people: Sequence[Person]) -> Curve:
    """Give each person's hours of a usual week."""
    return np.array([one.hours for one in people])


def weights(people: Sequence[Person]) -> Curve:
    """Give how many of the odd jobs come to each person, 1 as usual."""
    return np.array([one.weight for one in people])


def on_call(here: NDArray[np.bool_], week: int, size: int) -> NDArray[np.intp]:
    """Give who is on call in a week: one after the other of those who are in the team."""
    members = np.flatnonzero(here[:, week])
    return members[(week + np.arange(min(size, len(members)))) % len(members)]


def share_out(load: float, called: NDArray[np.intp], hours: Curve) -> Curve:
    """Land a week's incidents on those on call as far as they can take them, and what is left on the others."""
    able = hours > _SHORT_WEEK
    takers = called[able[called]] if able[called].any() else np.flatnonzero(able)
    taken = np.zeros(len(hours))
    if not len(takers):
        return taken
    taken[takers] = np.minimum(load / len(takers), _MOST_ON_CALL * hours[takers])
    others = np.setdiff1d(np.flatnonzero(hours > 0), takers)
    if len(others):
        taken[others] = np.minimum((load - taken.sum()) / len(others), _MOST_HELPING * hours[others])
    return taken


def _incidents(plan: Plan, here: NDArray[np.bool_], hours: Hours, load: Curve) -> Hours:
    landed = np.zeros(hours.shape)
    for week in np.flatnonzero(here.any(axis=0)):
        called = on_call(here, int(week), plan.demand.on_call)
        landed[:, week] = share_out(float(load[week]), called, hours[:, week])
    return landed


def _hours_worked(plan: Plan, people: Sequence[Person], here: NDArray[np.bool_], rng: np.random.Generator) -> Hours:
    """Take leave off: whole weeks as often as single days, and mostly in summer."""
    chance = np.array([0.25 if monday.month in {7, 8} else 0.06 for monday in plan.mondays])
    days = np.where(rng.random(here.shape) < 0.5, 5, rng.integers(1, 4, here.shape))
    away = np.where(rng.random(here.shape) < chance, days, 0)
    return here * contract_hours(people)[:, np.newaxis] * (1 - away / 5)


def _storms(plan: Plan, rng: np.random.Generator) -> Curve:
    """Give by what multiple incidents are more than usual: for one to three weeks now and then."""
    storms = np.zeros(plan.weeks)
    for week in np.flatnonzero(rng.random(plan.weeks) < plan.demand.storm_chance):
        storms[week : week + int(rng.integers(1, 4))] = rng.uniform(1.5, 4)
    return storms


def _arriving(hours: Curve, each: float, rng: np.random.Generator) -> Curve:
    """Draw the incidents of each week and add up their hours, which are unequal (lognormal)."""
    mean = np.log(each) - _SPREAD**2 / 2
    counts = rng.poisson(hours / each)
    return np.array([rng.lognormal(mean, _SPREAD, count).sum() for count in counts])


def _reported(
    plan: Plan, people: Sequence[Person], here: NDArray[np.bool_], usual: np.random.Generator, more: np.random.Generator
) -> Curve:
    """Draw the hours of defects that are reported in each week."""
    capacity = (contract_hours(people) * weights(people)) @ here
    found = usual.poisson(plan.demand.defects * capacity / _DEFECT_HOURS)
    found = found + more.poisson(plan.growth.defects * capacity / _DEFECT_HOURS)
    return np.asarray(found * _DEFECT_HOURS * usual.uniform(0.7, 1.3, plan.weeks))


def _defects(plan: Plan, people: Sequence[Person], hours: Hours, reported: Curve) -> Hours:
    """Work half of the backlog off each week, everybody by hours and weight; it begins as it usually is."""
    done = np.zeros(hours.shape)
    parts = hours * weights(people)[:, np.newaxis]
    backlog = plan.demand.defects * parts[:, 0].sum()
    for week in range(plan.weeks):
        backlog += reported[week]
        wanted = min(backlog, backlog / 2 + 2) * parts[:, week] / max(parts[:, week].sum(), 1.0)
        done[:, week] = np.minimum(wanted, _MOST_ON_DEFECTS * hours[:, week])
        backlog -= done[:, week].sum()
    return done


def _upkeep(
    plan: Plan, people: Sequence[Person], here: NDArray[np.bool_], hours: Hours, rng: np.random.Generator
) -> Hours:
    """Add chores, patches, releases and campaigns up."""
    demand, weight = plan.demand, weights(people)[:, np.newaxis]
    upkeep = demand.chores * hours * weight * rng.gamma(3, 1 / 3, hours.shape)
    patching = (np.arange(plan.weeks) + demand.patch_phase) % demand.patch_every == 0
    upkeep += patching * patch_hours(plan, people)[:, np.newaxis]
    for week, captain in _captains(plan, here):
        upkeep[captain, week] += demand.release_hours
    if demand.quarter_release:
        ends = [monday.month % 3 == 0 and monday.day > 14 for monday in plan.mondays]
        upkeep += 0.12 * hours * np.array(ends)
    leading = here & (here.cumsum(axis=0) <= np.maximum(1, here.sum(axis=0) // 3))
    return np.where(hours > 0, upkeep + 1.5 * leading * hours * _campaigns(plan, rng), 0.0)


def patch_hours(plan: Plan, people: Sequence[Person]) -> Curve:
    """Give the hours that a patch costs each person: more those at whose desk odd jobs end anyway."""
    return plan.demand.patch_hours * np.where(weights(people) > 1, 2.0, 0.7)


def _captains(plan: Plan, here: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Go through the weeks with a release, and say who is its captain: one after the other."""
    every = plan.demand.release_every
    for week in range(0, plan.weeks, every):
        members = np.flatnonzero(here[:, week])
        if len(members):
            yield week, int(members[week // every % len(members)])


def _campaigns(plan: Plan, rng: np.random.Generator) -> Curve:
    """Give the share of hours that getting more capacity takes: two to four weeks, in some half-years."""
    campaigns = np.zeros(plan.weeks)
    for half_year in range(0, plan.weeks, _HALF_A_YEAR):
        if rng.random() < 0.4:
            first = half_year + int(rng.integers(0, 20))
            campaigns[first : first + int(rng.integers(2, 5))] = rng.uniform(0.04, 0.10)
    return campaigns
