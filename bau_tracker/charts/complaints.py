"""Decides how complaints are shown: a short table with bars, no Plotly, because its labels are long and must wrap.

What the complaints point to is left to `domain.advice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import CHIPS, Chip

RECENT_WEEKS: Final = 4
"""The window of the complaint signal, so that bars and verdict speak of the same weeks."""


@dataclass(frozen=True, slots=True)
class ComplaintBar:
    """How often something was called excessive: `ticks`, and as a `share` 0..1 of the answers that were asked."""

    chip: Chip
    label: str
    ticks: int
    share: float


def complaint_bars(series: Sequence[WeekTotals], weeks: int = RECENT_WEEKS) -> list[ComplaintBar]:
    """Give the complaints of the newest weeks that asked for them, the most named first, without those never named."""
    asked = [totals for totals in series if totals.complaint_answers and not totals.hidden][-weeks:]
    answers = sum(totals.complaint_answers for totals in asked)
    ticks = {chip: sum(totals.chips.get(chip, 0) for totals in asked) for chip in CHIPS}
    named = [ComplaintBar(chip, CHIPS[chip].label, count, count / answers) for chip, count in ticks.items() if count]
    return sorted(named, key=lambda bar: -bar.ticks)
