"""Decides the state of each week of a team from its surprises: when an alarm begins, and when it is over.

A state has memory, so that it doesn't flicker: it is left later than it is entered. All figures are points of planned
share. Source: an exponentially weighted moving average of limited surprises (Roberts 1959), standardised by its exact
standard deviation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from bau_tracker.domain.verdicts import State

NEW_WEIGHT: Final = 0.2
"""The weight of the newest surprise in the average."""
MOST_SURPRISE: Final = 1.75
"""A single week counts no more than this, in standard deviations."""
LEAST_FALL: Final = 4.0
"""Fewer points are no slide, however sure."""
WATCH: Final = 0.7
"""From this part of the evidence that an alarm needs, a team is watched."""
AGAIN: Final = 1.4
"""A team whose BAU is known to be excessive is alarmed again on so many times the evidence only."""
RECOVERING: Final = 0.6
RECOVERED: Final = 0.35
"""The parts of the deepest fall under which a team is recovering, after two such weeks, and has recovered."""
LONGEST_SLIDE: Final = 26
"""After so many weeks the new level is what a team is held against."""
DOUBT: Final = 1.5
"""A level counts as excessive when it lies so many standard errors under the line, two weeks running."""
BACK: Final = 3.0
"""An excessive level is over so many points above the line."""
RISE: Final = 5.0
"""A team that stands so many points above its own earlier level, soon after trouble, is recovering."""
MEMORY: Final = 26
"""Trouble is so many weeks in a team's memory."""
TWICE: Final = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known at the end of a week, apart from anything that can be set.

    `z` is the week's surprise, `level` where the team stands with its standard error, `fall` how far it lies under its
    own earlier level.
    """

    z: float
    level: float
    error: float
    fall: float


@dataclass(slots=True)
class Alarms:
    """Goes through a team's weeks in order; `threshold` is the evidence that an alarm needs."""

    threshold: float
    excessive: float
    average: float = 0.0
    variance: float = 0.0
    low_weeks: int = 0
    is_low: bool = False
    sliding_for: int | None = None
    deepest: float = 0.0
    better_weeks: int = 0
    calm_for: int = MEMORY
    usual: float = math.inf
    made_up: bool = False

    def take(self, reading: Reading, *, may_alarm: bool) -> tuple[State, float]:
        """Give the state at the end of the next week, and the evidence for a fall as a share of what an alarm needs."""
        self._watch_level(reading)
        pressure = self._pressure(reading.z)
        self.made_up = False
        if self.sliding_for is not None:
            self._go_on(reading.fall)
        elif may_alarm and pressure >= 1 and reading.fall >= LEAST_FALL:
            self.sliding_for, self.deepest, self.better_weeks = 0, reading.fall, 0
            self.usual = reading.level + reading.fall
        state = self._state(pressure, reading)
        self._remember(state)
        return state, pressure

    def _pressure(self, z: float) -> float:
        limited = max(-MOST_SURPRISE, min(MOST_SURPRISE, z))
        self.average = (1 - NEW_WEIGHT) * self.average + NEW_WEIGHT * limited
        self.variance = (1 - NEW_WEIGHT) ** 2 * self.variance + NEW_WEIGHT**2
        needed = self.threshold * (AGAIN if self.is_low else 1.0)
        return -self.average / (math.sqrt(self.variance) * needed)

    def _watch_level(self, reading: Reading) -> None:
        under = reading.level + DOUBT * reading.error < self.excessive
        self.low_weeks = self.low_weeks + 1 if under else 0
        if self.low_weeks >= TWICE:
            self.is_low = True
        elif reading.level > self.excessive + BACK:
            self.is_low = False

    def _go_on(self, fall: float) -> None:
        """Follow a slide until it is made up for or has become the usual level."""
        assert self.sliding_for is not None  # noqa: S101  (only called while sliding)
        self.sliding_for += 1
        self.deepest = max(self.deepest, fall)
        self.better_weeks = self.better_weeks + 1 if fall < RECOVERING * self.deepest else 0
        over = fall < max(RECOVERED * self.deepest, LEAST_FALL)
        if over:
            self.made_up, self.average = True, max(self.average, 0.0)
        if over or self.sliding_for >= LONGEST_SLIDE:
            self.sliding_for = None

    def _remember(self, state: State) -> None:
        """Count the weeks since trouble, which is forgotten after a while, and with it where the team stood before."""
        self.calm_for = 0 if state in {State.SLIDING, State.EXCESSIVE} else self.calm_for + 1
        if self.calm_for >= MEMORY:
            self.usual = math.inf

    def _state(self, pressure: float, reading: Reading) -> State:
        if self.sliding_for is not None:
            return State.RECOVERING if self.better_weeks >= TWICE else State.SLIDING
        if self.is_low:
            return State.EXCESSIVE
        if self.made_up:
            return State.RECOVERING
        if self.calm_for < MEMORY and -reading.fall >= RISE and reading.level < self.usual - LEAST_FALL:
            return State.RECOVERING
        return State.WATCH if pressure >= WATCH else State.HEALTHY
