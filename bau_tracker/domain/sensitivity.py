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
    Calibrated(1.70, 0.59, 6.5, 0.69),
    Calibrated(1.90, 0.41, 7.5, 0.63),
    Calibrated(2.10, 0.28, 7.5, 0.58),
    Calibrated(2.30, 0.18, 8.5, 0.51),
    Calibrated(2.50, 0.12, 10.0, 0.45),
    Calibrated(2.70, 0.07, 10.5, 0.39),
)
LEAST_FALSE_ALARMS: Final = 0.1
MOST_FALSE_ALARMS: Final = 0.5


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
