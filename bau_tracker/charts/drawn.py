"""Decides what of a team's trend is drawn and told: the weeks with those between them, the fall, lines and breaks.

Both the figure and its words read it, so that they speak of the same things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bau_tracker.charts.figures import every_week
from bau_tracker.domain.looks import Adjusted
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import DEFAULTS, DefinitionBreak, Fall, State, Thresholds, Verdict
from bau_tracker.domain.weeks import Week


@dataclass(frozen=True, slots=True)
class Drawn:
    """A team's published weeks as their viewer may see them, oldest first, with the verdict at the end of each.

    `adjusted` is the line like for like, empty while there is none; `breaks` are weeks from which on the questions are
    others.
    """

    series: Sequence[WeekTotals]
    verdicts: Sequence[Verdict] = ()
    thresholds: Thresholds = DEFAULTS
    breaks: Sequence[DefinitionBreak] = ()
    adjusted: Sequence[Adjusted] = ()

    @property
    def weeks(self) -> list[WeekTotals]:
        """Give every week from the first to the newest."""
        return every_week(self.series)

    @property
    def verdict(self) -> Verdict | None:
        """Give the newest verdict."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def fall(self) -> Fall | None:
        """Give the fall that the newest verdict speaks of; a watch is too unsure to be drawn as one."""
        if self.verdict is None or self.verdict.state not in {State.SLIDING, State.RECOVERING}:
            return None
        return self.verdict.fall

    @property
    def healthy(self) -> float:
        """Give the healthy line, which a daily rota caps at what it leaves."""
        capped = self.thresholds.daily_rota and self.verdict is not None and self.verdict.planned_share is not None
        return self.verdict.healthy_line if capped and self.verdict else self.thresholds.healthy

    @property
    def excessive(self) -> float:
        """Give the excessive line."""
        return self.thresholds.excessive

    @property
    def broken_at(self) -> list[Week]:
        """Give the weeks that begin with other questions, of those that are drawn after the first."""
        shown = {totals.week for totals in self.weeks[1:]}
        return sorted({one.week for one in self.breaks} & shown)

    @property
    def rounded(self) -> set[Week]:
        """Give the weeks that are rounded for the viewer."""
        return {totals.week for totals in self.series if totals.rounded}

    def is_hollow(self, totals: WeekTotals) -> bool:
        """Say whether few answered in a week."""
        return totals.response_rate is not None and totals.response_rate < self.thresholds.response_floor
