"""The rules that people use today, on nothing but a team's mean of each week: what a detector has to be better than.

Each takes the means in percent, None for a week without answers, and gives a state for every week from those up to it.
A week without answers keeps the state of the week before. Who answered plays no part, which is the point of them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from tests.bench.cases import Case
from tests.bench.scoring import NO_DATA, SLIDING

Means = Sequence[float | None]
Judgement = Callable[[list[float], list[int]], bool]
"""Says of the means of all answered weeks so far, and of the weeks themselves, whether they slide."""

HEALTHY: Final = "healthy"
_FALL: Final = 5.0
_SLOPE_WEEKS: Final = 8
_T: Final = 2.447
"""Student's t for eight weeks, 5 % on both sides together."""
_EARLIER_WEEKS: Final = 5
"""A chart's limits need so many weeks before the newest."""
_RANGE_TO_DEVIATION: Final = 1.128
_RULES: Final = ((3.0, 1, 1), (2.0, 2, 3), (1.0, 4, 5), (0.0, 8, 8))
"""The rules of Western Electric's handbook (1956): so many deviations below the centre, so many of the newest weeks."""


def weekly_means(case: Case) -> list[float | None]:
    """Average the answers of each week, in percent, each for as much as the other."""
    shares: dict[int, list[float]] = defaultdict(list)
    for response in case.responses:
        shares[response.week].append(response.planned_share * 100)
    return [sum(shares[week]) / len(shares[week]) if week in shares else None for week in range(case.truth.weeks)]


def spreadsheet(means: Means) -> list[str]:
    """Compare the last four answered weeks with the four before: sliding when they are five points lower."""
    return _judge(means, 8, lambda known, _: _mean(known[-8:-4]) - _mean(known[-4:]) >= _FALL)


def regression(means: Means) -> list[str]:
    """Fit a line through the last eight answered weeks: sliding when it falls, with p < .05 on both sides."""
    return _judge(means, _SLOPE_WEEKS, lambda known, weeks: _slope_t(known[-_SLOPE_WEEKS:], weeks) < -_T)


def xmr(means: Means) -> list[str]:
    """Draw an XmR chart of all earlier weeks: sliding when the newest fall by one of Western Electric's rules."""
    return _judge(means, _EARLIER_WEEKS + 1, lambda known, _: _breaks_a_rule(np.array(known)))


RULES: Final[dict[str, Callable[[Means], list[str]]]] = {
    "spreadsheet": spreadsheet,
    "regression": regression,
    "XmR chart": xmr,
}


def _judge(means: Means, needed: int, slides: Judgement) -> list[str]:
    """Go through the weeks, and judge each answered one from so many answered weeks on."""
    states: list[str] = []
    known: list[float] = []
    weeks: list[int] = []
    state = NO_DATA
    for week, mean in enumerate(means):
        if mean is not None:
            known.append(mean)
            weeks.append(week)
            if len(known) >= needed:
                state = SLIDING if slides(known, weeks) else HEALTHY
        states.append(state)
    return states


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _slope_t(known: Sequence[float], weeks: Sequence[int]) -> float:
    """Give the least-squares slope over its standard error."""
    x = np.array(weeks[-len(known) :], dtype=float)
    y = np.array(known)
    x, y = x - x.mean(), y - y.mean()
    slope = float(x @ y / (x @ x))
    rest = float(np.sum((y - slope * x) ** 2)) / (len(known) - 2)
    return slope / math.sqrt(max(rest, 1e-12) / float(x @ x))


def _breaks_a_rule(known: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    earlier = known[:-1]
    deviation = float(np.abs(np.diff(earlier)).mean()) / _RANGE_TO_DEVIATION
    below = (earlier.mean() - known) / max(deviation, 1e-9)
    return any(
        len(below) >= last and below[-1] > limit and np.sum(below[-last:] > limit) >= count
        for limit, count, last in _RULES
    )
