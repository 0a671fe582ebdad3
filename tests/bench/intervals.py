"""Decides how sure the headline figures are: bootstrap intervals over teams, of one detector and of two compared.

Teams are drawn with replacement, as many of each scenario as there are, 2000 times with a fixed seed; the interval is
from the 2.5th to the 97.5th percentile of the figures (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
ch. 13). It says what other teams of the same kinds would have given, and nothing about teams of other kinds. Two
detectors are compared on the same draws, since a team that is hard for one is hard for the other.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tests.bench.scoring import TeamScore

Numbers = NDArray[np.float64]
Draws = NDArray[np.intp]

DRAWS: Final = 2000
_SEED: Final = 20_221
_BOUNDS: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the bounds that it most likely is within (95 %)."""

    value: float
    low: float
    high: float


Figure = Callable[[Sequence[TeamScore]], Callable[[Draws], Numbers]]
"""Prepares the scores, and then gives the figure of each row of drawn teams."""


def _rate(part: str, whole: str) -> Figure:
    def prepare(scores: Sequence[TeamScore]) -> Callable[[Draws], Numbers]:
        parts, wholes = _column(scores, part), _column(scores, whole)
        return lambda drawn: _divided(parts[drawn].sum(axis=1), wholes[drawn].sum(axis=1))

    return prepare


def _share_within(name: str, weeks: int) -> Figure:
    def prepare(scores: Sequence[TeamScore]) -> Callable[[Draws], Numbers]:
        delays = _column(scores, name)
        counts, hits = ~np.isnan(delays), delays <= weeks
        return lambda drawn: _divided(hits[drawn].sum(axis=1), counts[drawn].sum(axis=1))

    return prepare


def _quantile(name: str, share: float) -> Figure:
    """Take the smallest delay that the share of all doesn't exceed; sorting puts nan, no delay at all, last."""

    def prepare(scores: Sequence[TeamScore]) -> Callable[[Draws], Numbers]:
        delays = _column(scores, name)

        def figure(drawn: Draws) -> Numbers:
            ordered = np.sort(delays[drawn], axis=1)
            counts = np.sum(~np.isnan(ordered), axis=1)
            at = np.maximum(np.ceil(share * counts).astype(np.intp) - 1, 0)
            return np.asarray(ordered[np.arange(len(ordered)), at])

        return figure

    return prepare


FIGURES: Final[dict[str, Figure]] = {
    "false alarms / team-year": _rate("false_alarms", "years"),
    "seen within 4 weeks": _share_within("delay", 4),
    "seen within 8 weeks": _share_within("delay", 8),
    "seen within 12 weeks": _share_within("delay", 12),
    "median delay": _quantile("delay", 0.5),
    "90th percentile of delay": _quantile("delay", 0.9),
    "median weeks to clear": _quantile("cleared", 0.5),
    "90th percentile to clear": _quantile("cleared", 0.9),
    "state changes / stable team-year": _rate("state_changes", "years"),
}


def intervals(scores: Sequence[TeamScore]) -> dict[str, Interval]:
    """Give each headline figure with its interval."""
    drawn, everybody = _draw(scores), np.arange(len(scores))[np.newaxis, :]
    prepared = {name: figure(scores) for name, figure in FIGURES.items()}
    return {name: _interval(of(everybody), of(drawn)) for name, of in prepared.items()}


def compare(ours: Sequence[TeamScore], theirs: Sequence[TeamScore]) -> dict[str, Interval]:
    """Give by how much each headline figure of ours is higher than theirs, on the same teams."""
    if [score.team for score in ours] != [score.team for score in theirs]:
        raise ValueError("Two detectors can only be compared on the same teams in the same order.")
    drawn, everybody = _draw(ours), np.arange(len(ours))[np.newaxis, :]
    differences = {name: (figure(ours), figure(theirs)) for name, figure in FIGURES.items()}
    return {
        name: _interval(_less(a(everybody), b(everybody)), _less(a(drawn), b(drawn)))
        for name, (a, b) in differences.items()
    }


def _draw(scores: Sequence[TeamScore]) -> Draws:
    """Draw teams with replacement, as many of each scenario as there are."""
    rng = np.random.default_rng(_SEED)
    groups: dict[str, list[int]] = defaultdict(list)
    for place, score in enumerate(scores):
        groups[score.scenario].append(place)
    drawn = [rng.choice(np.array(places), (DRAWS, len(places))) for places in groups.values()]
    return np.concatenate(drawn, axis=1)


def _interval(value: Numbers, drawn: Numbers) -> Interval:
    """Take values of the draws as they are, since one can't go half-way to a delay that never ends."""
    known = drawn[~np.isnan(drawn)]
    if not len(known):
        return Interval(float(value[0]), math.nan, math.nan)
    low, high = np.percentile(known, _BOUNDS, method="nearest")
    return Interval(float(value[0]), float(low), float(high))


def _column(scores: Sequence[TeamScore], name: str) -> Numbers:
    values = (getattr(score, name) for score in scores)
    return np.array([math.nan if value is None else value for value in values], dtype=float)


def _divided(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.true_divide(part, whole))


def _less(ours: Numbers, theirs: Numbers) -> Numbers:
    """Subtract; two that never end are equally long."""
    with np.errstate(invalid="ignore"):
        return np.where(ours == theirs, 0.0, ours - theirs)
