"""Decides how a team's weeks compare when the same people are compared with their own past.

A person's answer in a week is taken as y = T(week) + a(person) + e: what the week did to everybody, that person's own
usual level, and chance. Who answered doesn't move T, so neither does somebody who joins or leaves with another level.
All figures are points of planned share, 0..100. Source: best linear unbiased prediction of a mixed model with fixed
week and random person effects (Henderson 1975; Robinson 1991, "That BLUP is a good thing").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FULL_HOURS: Final = 36.0
"""An answer about so many hours or more weighs 1; one about fewer less, down to LEAST_WEIGHT."""
LEAST_WEIGHT: Final = 0.3
PERSON_VARIANCE: Final = 40.0**2
"""How far people's own levels lie apart, before anything is known of them: so far that a newcomer's first answers say
next to nothing of the week."""
ANSWER_VARIANCE: Final = 11.0**2
"""How far one answer lies from its person's level by chance, before anything is known of the team."""
PRIOR_ANSWERS: Final = 30.0
"""So many answers' worth of belief stands behind ANSWER_VARIANCE."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What m weeks did to n people: `weeks` (m) with `covariance` (m, m), and `people` (n), each person's own level.

    `shrink` (n, m) is the weight of each answer in its person's level and `doubt` (n) that level's variance if the
    weeks were known. `variance` is that of one answer, learned from these.
    """

    weeks: Floats
    covariance: Floats
    people: Floats
    shrink: Floats
    doubt: Floats
    variance: float

    def levels(self, share_of: Floats, averaging: Floats) -> tuple[Floats, Floats]:
        """Give the share of a group of people in averages of weeks, and the standard errors of both together.

        `share_of` (n) says how much each person counts, in all 1; `averaging` (k, m) each average's weights, in all 1.
        With L = u'T + v'a and a = shrink (y - T) + chance, var L = (u - shrink'v)' C (u - shrink'v) + sum v^2 doubt.
        """
        levels = averaging @ self.weeks + share_of @ self.people
        pull = averaging - share_of @ self.shrink
        variances = np.einsum("km,mj,kj->k", pull, self.covariance, pull) + (share_of**2) @ self.doubt
        return levels, np.sqrt(variances)


def week_effects(shares: Floats, hours: Floats, variance: float = ANSWER_VARIANCE) -> Effects:
    """Estimate what weeks did to people from `shares` (n, m; NaN where nobody answered) and `hours` (n, m).

    Every row and every column must have an answer. With weights w = clip(hours / 36, .3, 1) / variance,
    D = sum_t w + 1 / PERSON_VARIANCE and S = diag(sum_i w) - (w / D)' w:
    C = S^-1, T = C (sum_i w y - (w / D)' sum_t w y), a = sum_t w (y - T) / D. `variance` is that of an answer as known
    so far; the one given back is learned from these, shrunk to ANSWER_VARIANCE.
    """
    answered = ~np.isnan(shares)
    given = np.where(answered, shares, 0.0)
    relative = np.where(answered, np.clip(hours / FULL_HOURS, LEAST_WEIGHT, 1.0), 0.0)
    weights = relative / variance
    precision = weights.sum(axis=1) + 1 / PERSON_VARIANCE
    shrink = weights / precision[:, None]
    covariance = np.linalg.inv(np.diag(weights.sum(axis=0)) - shrink.T @ weights)
    weeks = covariance @ ((weights * given).sum(axis=0) - shrink.T @ (weights * given).sum(axis=1))
    people = (weights * (given - weeks)).sum(axis=1) / precision
    return Effects(weeks, covariance, people, shrink, 1 / precision, _learned(given - weeks, relative))


def _learned(values: Floats, relative: Floats) -> float:
    """Give the variance of an answer from how values (n, m) scatter around each person's own mean, shrunk to the usual.

    People's means are taken as they are: drawn to the team's, they would pass distances between people for scatter.
    """
    people, weeks = values.shape
    means = (relative * values).sum(axis=1) / relative.sum(axis=1)
    squares = float((relative * (values - means[:, None]) ** 2).sum())
    free = max(1, np.count_nonzero(relative) - weeks - people + 1)
    return float((ANSWER_VARIANCE * PRIOR_ANSWERS + squares) / (PRIOR_ANSWERS + free))
