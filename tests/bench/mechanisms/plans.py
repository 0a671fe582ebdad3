"""Decides what kinds of team the generator makes: what comes upon each in a week, and how that grows.

Unplanned work comes from sources that people of on-call teams know, each as a share of the team's hours. A slide is one
of these sources growing, so that it is a change of the work and of nobody's way of answering.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tests.bench.cases import Recovery, Slide

Curve = NDArray[np.float64]
"""A figure for each week."""

STEADY: Final = (
    "calm", "incident_heavy", "low_steady", "rota", "storms", "quarter_release", "newcomers", "leavers", "tiny",
)  # fmt: skip
_EPOCH: Final = date(2022, 1, 3)
_AFTER_ONSET: Final = 34
_BACK: Final = 5
"""A recovery takes so many weeks."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a slide goes: what part of it each source has, how many weeks it takes (at least, under), and if it ends."""

    weeks: tuple[int, int]
    incidents: float = 0.0
    defects: float = 0.0
    alerts: float = 0.0
    recovers: bool = False


SHAPES: Final[Mapping[str, Shape]] = {
    "incidents_grow": Shape((8, 16), incidents=1),
    "defects_grow": Shape((10, 20), defects=1),
    "takeover": Shape((1, 2), incidents=0.6, defects=0.4),
    "alerts_step": Shape((1, 2), alerts=1),
    "masked": Shape((8, 16), incidents=1),
    "tiny_grow": Shape((8, 16), incidents=1),
    "grow_recover": Shape((5, 9), incidents=1, recovers=True),
}
CHANGING: Final = tuple(SHAPES)
SCENARIOS: Final = STEADY + CHANGING


@dataclass(frozen=True, slots=True)
class Demand:
    """What comes upon a team in an ordinary week; `incidents`, `defects` and `chores` are shares of its hours."""

    incidents: float
    defects: float
    chores: float
    incident_hours: float
    storm_chance: float
    patch_hours: float
    patch_every: int
    patch_phase: int
    release_hours: float
    release_every: int
    on_call: int
    quarter_release: bool


@dataclass(frozen=True, slots=True)
class Growth:
    """What comes on top in each week, as shares of the team's hours."""

    incidents: Curve
    defects: Curve
    alerts: Curve


@dataclass(frozen=True, slots=True)
class Plan:
    """A team's course before anything happens by chance."""

    scenario: str
    start: date
    weeks: int
    members: int
    demand: Demand
    growth: Growth
    slide: Slide | None = None
    recovery: Recovery | None = None

    @property
    def mondays(self) -> list[date]:
        """Give the Monday of each week."""
        return [self.start + timedelta(weeks=week) for week in range(self.weeks)]


def draw_plan(scenario: str, rng: np.random.Generator) -> Plan:
    """Draw the course of a team of a kind."""
    start = _EPOCH + timedelta(weeks=int(rng.integers(0, 104)))
    members = int(rng.integers(3, 5) if scenario.startswith("tiny") else rng.integers(4, 12))
    demand = _demand(scenario, rng)
    if scenario in STEADY:
        weeks = int(rng.choice([52, 78, 104, 150]))
        return Plan(scenario, start, weeks, members, demand, _growth(Shape((1, 2)), np.zeros(weeks)))
    shape = SHAPES[scenario]
    slide, recovery = _slide(shape, rng)
    weeks = recovery.end + 27 if recovery else slide.onset + _AFTER_ONSET
    growth = _growth(shape, slide.points / 100 * _course(weeks, slide, recovery))
    return Plan(scenario, start, weeks, members, demand, growth, slide, recovery)


def without_growth(plan: Plan) -> Plan:
    """Give the course of the same team had its work not grown."""
    nothing = np.zeros(plan.weeks)
    return replace(plan, growth=Growth(nothing, nothing, nothing))


def _demand(scenario: str, rng: np.random.Generator) -> Demand:
    low = scenario == "low_steady"
    incidents = (0.20, 0.28) if low else (0.16, 0.26) if scenario == "incident_heavy" else (0.04, 0.10)
    return Demand(
        incidents=rng.uniform(*incidents),
        defects=rng.uniform(*(0.20, 0.28) if low else (0.04, 0.10)),
        chores=rng.uniform(0.05, 0.10),
        incident_hours=rng.uniform(2, 5),
        storm_chance=0.05 if scenario == "storms" else 0.01,
        patch_hours=rng.uniform(1, 4),
        patch_every=int(rng.choice([4, 4, 5, 13])),
        patch_phase=int(rng.integers(0, 13)),
        release_hours=rng.uniform(2, 6),
        release_every=int(rng.choice([2, 3, 4, 99])),
        on_call=1 if scenario == "rota" else int(rng.choice([1, 1, 2])),
        quarter_release=scenario == "quarter_release",
    )


def _slide(shape: Shape, rng: np.random.Generator) -> tuple[Slide, Recovery | None]:
    onset, weeks = int(rng.integers(16, 50)), int(rng.integers(*shape.weeks))
    slide = Slide(onset, onset + weeks - 1, round(rng.uniform(10, 22), 2))
    if not shape.recovers:
        return slide, None
    start = slide.end + 1 + int(rng.integers(6, 11))
    return slide, Recovery(start, start + _BACK - 1)


def _course(weeks: int, slide: Slide, recovery: Recovery | None) -> Curve:
    """Give how much of a slide there is in each week, 0..1."""
    down = _ramp(weeks, slide.onset, slide.end)
    return down - _ramp(weeks, recovery.start, recovery.end) if recovery else down


def _ramp(weeks: int, first: int, last: int) -> Curve:
    return np.clip((np.arange(weeks) - first + 1) / (last - first + 1), 0.0, 1.0)


def _growth(shape: Shape, share: Curve) -> Growth:
    return Growth(shape.incidents * share, shape.defects * share, shape.alerts * share)
