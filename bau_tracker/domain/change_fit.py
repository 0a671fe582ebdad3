"""Decides since when a team's weeks have been falling, how far, and whether at once or little by little.

It dates and sizes a fall that was found otherwise; it raises no alarm itself. All figures are points of planned share.
Source: generalised least squares with one template a possible beginning, of which the likeliest is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bau_tracker.domain.like_for_like import Floats

LONGEST: Final = 26
"""A fall is looked for in so many of the newest weeks."""
LEAST_BEFORE: Final = 3
NORMAL_95: Final = 1.96


@dataclass(frozen=True, slots=True)
class Change:
    """A fall from the week with index `onset`, so far of `size` (positive), with its interval of 95 %.

    `fitted` (m) is the line through all m weeks: level before the onset, and after it level again or sloping.
    """

    onset: int
    size: float
    low: float
    high: float
    fitted: Floats


def fit_change(weeks: Floats, covariance: Floats, places: Floats) -> Change | None:
    """Fit the likeliest fall to m weeks' effects; None where no template finds any.

    For each possible onset two templates g: a step (1 from the onset on) and a ramp (growing by the week up to 1 in the
    newest). Under weeks = mean - size g + noise of covariance V, size = -g'P x / g'P g with P = V^-1 less its part
    along the mean; the gain in log-likelihood is (g'P x)^2 / 2 g'P g. The interval holds each size for which some
    template's log-likelihood lies within 1.96^2 / 2 of the best (profile likelihood), as the onset is in doubt too.
    """
    first = max(LEAST_BEFORE, len(weeks) - LONGEST)
    onsets = range(first, len(weeks))
    if not onsets:
        return None
    templates = np.array([shape for onset in onsets for shape in _shapes(places, onset)]).T
    root = np.linalg.cholesky(covariance)
    white = np.linalg.solve(root, np.column_stack([np.ones(len(weeks)), weeks, templates]))
    level = white[:, 0] / np.sqrt(white[:, 0] @ white[:, 0])
    white = white - np.outer(level, level @ white)
    agreement, strength = white[:, 2:].T @ white[:, 1], (white[:, 2:] ** 2).sum(axis=0)
    sizes = -agreement / strength
    gains = np.where(sizes > 0, agreement**2 / strength, -1.0)
    best = int(np.argmax(gains))
    if gains[best] <= 0:
        return None
    room = NORMAL_95**2 - (gains[best] - gains)
    likely = room >= 0
    doubt = np.sqrt(room[likely] / strength[likely])
    low, high = (sizes[likely] - doubt).min(), (sizes[likely] + doubt).max()
    fitted = -sizes[best] * templates[:, best]
    fitted += _mean(weeks - fitted, covariance)
    return Change(first + best // 2, float(sizes[best]), float(low), float(high), fitted)


def _shapes(places: Floats, onset: int) -> tuple[Floats, Floats]:
    """Give a step and a ramp from the week with an index on, both 1 in the newest week."""
    gone = places - places[onset] + 1
    return (gone >= 1).astype(float), np.clip(gone, 0, None) / gone[-1]


def _mean(values: Floats, covariance: Floats) -> float:
    ones = np.linalg.solve(covariance, np.ones(len(values)))
    return float(ones @ values / ones.sum())
