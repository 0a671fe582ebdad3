"""Decides how much a team's newest week surprises, after all that was known before it.

A team's weeks vary by more than chance between answers: by noise of its own that lasts a little, by one-off weeks of
incidents, and at the ends of quarters. A one-off week is limited, so that it can't pass for a slide. All figures are
points of planned share. Sources: generalised least squares (Aitken 1936); a self-starting statistic, in which each
newest value is held against all earlier ones (Hawkins 1987); the median absolute deviation as a robust spread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from bau_tracker.domain.like_for_like import Effects, Floats

LASTING: Final = 0.3
"""The correlation of a team's own noise from one week to the next."""
NOISE: Final = 3.5**2
"""The variance of a team's own noise before anything is known of it, worth NOISE_WEEKS weeks."""
NOISE_WEEKS: Final = 20.0
QUARTER_END: Final = 6.0**2
"""The variance of what the end of a quarter does to a team."""
NEIGHBOURS: Final = 4
"""A week is held against the median of so many weeks on either side."""
SPREAD_OF_WEEK: Final = 2.0
SPREAD_OF_NEWEST: Final = 2.25
"""A week may lie so many standard deviations from its neighbours; the newest, from the median of those before it."""
BEFORE_NEWEST: Final = 6
SPIKE: Final = 2.5
RETURNED: Final = 1.5
"""A week that lies SPIKE deviations from both neighbours, which agree within RETURNED, is replaced by their mean."""
RECENT: Final = 4
"""The newest weeks with answers, which say where a team stands."""
EARLIER: Final = 26
"""Where it stood before is told by so many weeks at most."""
MAD: Final = 1.4826
"""Makes a median absolute deviation a standard deviation, for normal values."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """The newest of m weeks: `z`, its surprise in standard deviations, negative where planned work fell.

    `limited` (m) are the weeks' effects with one-off weeks limited, `covariance` (m, m) theirs with the team's noise,
    whose variance is `noise`. `believed` (m) are the same effects for saying where the team stands: a fall of the
    newest weeks that agree with each other is believed there at once. `clipped` (m) says which count in part there.
    """

    z: float
    limited: Floats
    covariance: Floats
    noise: float
    believed: Floats
    clipped: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def surprise(effects: Effects, places: Floats, quarter_ends: Floats) -> Surprise:
    """Hold the newest of m weeks, two at least, against the earlier ones.

    `places` (m) count weeks, gaps included; `quarter_ends` (m) are 1 at the end of a quarter. With V = C + noise
    .3^|t-s| + QUARTER_END q q', the newest week's expectation from the earlier ones is their generalised mean plus
    what lasts of the deviation from it; z is the deviation from that over its standard deviation.
    """
    centred = effects.weeks - np.median(effects.weeks)
    noise, spread = _noise(centred, effects.covariance)
    limited = _limited(centred, spread)
    believed = _believed(centred, limited, spread)
    apart = np.abs(places[:, None] - places[None, :])
    covariance = effects.covariance + noise * LASTING**apart + QUARTER_END * np.outer(quarter_ends, quarter_ends)
    return Surprise(
        z=_newest_z(limited, covariance),
        limited=limited,
        covariance=covariance,
        noise=noise,
        believed=believed,
        clipped=np.abs(believed - centred) > 0.5,  # noqa: PLR2004  (half a point: less isn't worth a mark)
    )


def row_medians(values: Floats) -> Floats:
    """Give the median of each row's numbers, NaN left out; a row has one number at least.

    numpy's own takes longer than all else of a verdict, for tables as small as these.
    """
    ordered, count = np.sort(values, axis=1), np.count_nonzero(~np.isnan(values), axis=1)
    middle = np.stack([(count - 1) // 2, count // 2], axis=1)
    return np.asarray(np.take_along_axis(ordered, middle, axis=1).mean(axis=1))


def _noise(weeks: Floats, covariance: Floats) -> tuple[float, float]:
    """Give the variance of a team's own noise, and the standard deviation of one week with chance included.

    From the median absolute deviation of the differences of successive weeks but the newest, less the part that chance
    between answers explains, shrunk to what is usual. Weeks with answers count as successive whatever lies between.
    """
    variances = np.diag(covariance)
    by_chance = float(np.median(variances[:-1] + variances[1:] - 2 * np.diag(covariance, 1)))
    steps = np.diff(weeks)[:-1]
    moved = (MAD * float(np.median(np.abs(steps - np.median(steps))))) ** 2 if steps.size else 0.0
    own = max(0.0, (moved - by_chance) / (2 * (1 - LASTING)))
    known = len(weeks) - 1
    noise = (NOISE * NOISE_WEEKS + own * known) / (NOISE_WEEKS + known)
    return noise, float(np.sqrt(noise + max(by_chance / 2, 1.0)))


def _limited(weeks: Floats, spread: float) -> Floats:
    """Limit one-off weeks: to their neighbours' median, spikes that returned to their neighbours' mean."""
    limited = weeks.copy()
    earlier = np.pad(weeks[:-1], NEIGHBOURS, constant_values=np.nan)
    around = row_medians(np.lib.stride_tricks.sliding_window_view(earlier, 2 * NEIGHBOURS + 1))
    limited[:-1] = np.clip(weeks[:-1], around - SPREAD_OF_WEEK * spread, around + SPREAD_OF_WEEK * spread)
    beside = (limited[:-2] + limited[2:]) / 2
    returned = np.abs(weeks[:-2] - weeks[2:]) < RETURNED * spread
    spikes = (np.abs(weeks[1:-1] - beside) > SPIKE * spread) & returned
    limited[1:-1][spikes] = beside[spikes]
    before = float(np.median(limited[-1 - BEFORE_NEWEST : -1]))
    limited[-1] = np.clip(weeks[-1], before - SPREAD_OF_NEWEST * spread, before + SPREAD_OF_NEWEST * spread)
    return limited


def _believed(weeks: Floats, limited: Floats, spread: float) -> Floats:
    """Limit the newest RECENT weeks around where they stand together, instead of around the weeks before them.

    That is where the weeks before them stood, unless all but one of the newest lie beyond it: a week or two of
    incidents don't move it, and a sudden fall that stays is believed in its third week.
    """
    if len(weeks) <= RECENT:
        return limited
    newest, before = weeks[-RECENT:], float(np.median(limited[-RECENT - EARLIER : -RECENT]))
    ordered = np.sort(newest)
    middle = min(max(before, float(ordered[1])), float(ordered[-2]))
    around = np.clip(newest, middle - SPREAD_OF_NEWEST * spread, middle + SPREAD_OF_NEWEST * spread)
    return np.concatenate([limited[:-RECENT], around])


def _newest_z(weeks: Floats, covariance: Floats) -> float:
    root = np.linalg.cholesky(covariance[:-1, :-1])
    columns = np.column_stack([np.ones(len(weeks) - 1), weeks[:-1], covariance[:-1, -1]])
    ones, values, lasting = np.linalg.solve(root, columns).T
    mean = (ones @ values) / (ones @ ones)
    expected = mean + lasting @ (values - mean * ones)
    variance = covariance[-1, -1] - lasting @ lasting + (1 - lasting @ ones) ** 2 / (ones @ ones)
    return float((weeks[-1] - expected) / np.sqrt(variance))
