"""Decides how much evidence an alarm needs, from how many false alarms a team-year are accepted.

The table comes from simulation (`make calibrate`): teams made by two generators that share no assumption, judged with
every threshold.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final, NamedTuple


class Calibrated(NamedTuple):
    """What a threshold of evidence, in standard deviations, did on simulated teams.

    `false_alarms` are those a team-year; `weeks` the median delay of true slides, `within_8` the share seen by then.
    """

    threshold: float
    false_alarms: float
    weeks: float
    within_8: float


TABLE: Final = (
    Calibrated(1.75, 0.72, 6, 0.71),
    Calibrated(2.08, 0.32, 6, 0.62),
    Calibrated(2.30, 0.20, 7, 0.54),
    Calibrated(2.60, 0.10, 8, 0.45),
)
LEAST_FALSE_ALARMS: Final = 0.1
MOST_FALSE_ALARMS: Final = 0.7


def threshold_for(false_alarms: float) -> float:
    """Give the threshold that simulated teams crossed falsely so often a year; log-linear between the table's rows."""
    wanted = math.log(min(max(false_alarms, TABLE[-1].false_alarms), TABLE[0].false_alarms))
    for loose, strict in pairwise(TABLE):
        above, below = math.log(loose.false_alarms), math.log(strict.false_alarms)
        if wanted >= below:
            part = (above - wanted) / (above - below)
            return loose.threshold + part * (strict.threshold - loose.threshold)
    return TABLE[-1].threshold


def false_alarms_at(pressure: float, false_alarms: float) -> float:
    """Give how often a team-year evidence of `pressure` times what an alarm needs comes by chance, at most."""
    threshold = pressure * threshold_for(false_alarms)
    for loose, strict in pairwise(TABLE):
        if threshold <= strict.threshold:
            part = (threshold - loose.threshold) / (strict.threshold - loose.threshold)
            return float(loose.false_alarms * (strict.false_alarms / loose.false_alarms) ** part)
    return TABLE[-1].false_alarms
