"""Decides what can be set about verdicts, by an organisation for all of its teams and by a team for itself.

What somebody has not decided follows whoever stands above: a team its organisation, an organisation the defaults. What
the settings do is left to `detector`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from itertools import pairwise
from typing import Any, Final

from bau_tracker.domain.detector import lines_for
from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.sensitivity import LEAST_FALSE_ALARMS, MOST_FALSE_ALARMS, TABLE, threshold_for
from bau_tracker.domain.verdicts import DEFAULTS, Thresholds

SHARES: Final = ("healthy", "excessive", "complaint_share", "response_floor")
"""The settings that are a share 0..1, in whole percents."""
SENSITIVITIES: Final = (MOST_FALSE_ALARMS, 0.3, 0.2, 0.15, LEAST_FALSE_ALARMS)
"""The false alarms a team-year that can be chosen, the most sensitive first; what was once offered stays offered."""
_WHOLE_YEARS: Final = 2
_PERCENT: Final = 100


@dataclass(frozen=True, slots=True)
class VerdictSettings:
    """What an organisation or a team has decided about its verdicts; None follows whoever stands above.

    The fields mean what those of Thresholds do.
    """

    healthy: float | None = None
    excessive: float | None = None
    complaint_share: float | None = None
    response_floor: float | None = None
    false_alarms: float | None = None
    daily_rota: bool | None = None

    def stored(self) -> dict[str, Any]:
        """Lay out what was decided as it is kept."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def over(self, above: Thresholds = DEFAULTS) -> Thresholds:
        """Give the thresholds that count where `above` is what stands above.

        A level that was decided above may have come to lie on the wrong side of the own one: the excessive level then
        counts as the healthy one.
        """
        merged = replace(above, **self.stored())
        return replace(merged, excessive=min(merged.excessive, merged.healthy))

    def check(self, above: Thresholds = DEFAULTS) -> None:
        """Refuse what can't be right where `above` stands above; raises InvalidInput naming the setting."""
        for name in SHARES:
            share = getattr(self, name)
            if share is not None and not (0 < share <= 1 and is_whole(share)):
                raise InvalidInput("Use a whole percentage from 1 to 100.", name)
        if self.false_alarms is not None and self.false_alarms not in SENSITIVITIES:
            raise InvalidInput("Choose one of the sensitivities listed.", "false_alarms")
        merged = replace(above, **self.stored())
        if merged.excessive >= merged.healthy:
            field = "healthy" if self.excessive is None else "excessive"
            levels = f"{merged.excessive * 100:.0f} % and {merged.healthy * 100:.0f} %"
            raise InvalidInput(f"The excessive level must lie under the healthy one; these are {levels}.", field)


VERDICT_SETTINGS: Final = tuple(field.name for field in fields(VerdictSettings))


def read_verdict_settings(stored: Mapping[str, Any]) -> VerdictSettings:
    """Read what was decided as it is kept; leaves out what isn't known."""
    return VerdictSettings(**{name: stored[name] for name in VERDICT_SETTINGS if name in stored})


def is_whole(share: float) -> bool:
    """Say whether a share is a whole percentage."""
    return abs(share * _PERCENT - round(share * _PERCENT)) < 1 / _PERCENT


def false_alarm_words(false_alarms: float) -> str:
    """Say how often a sensitivity errs: `about one false alarm in 3 team-years`."""
    years = 1 / false_alarms
    often = f"{years:.0f}" if years >= _WHOLE_YEARS else f"{years:.1f}"
    return f"about one false alarm in {often} team-years"


def sensitivity_words(false_alarms: float) -> str:
    """Say what a sensitivity means: how often it errs, and how many slides are seen within eight weeks."""
    return f"{false_alarm_words(false_alarms)}; {_seen_words(false_alarms)}"


def measured_words(false_alarms: float) -> str:
    """Say where the figures of a sensitivity come from, and how many slides are seen."""
    return f"Measured on made teams: {_seen_words(false_alarms)}."


def rota_words(people: int, thresholds: Thresholds) -> str:
    """Say what a daily rota does to the lines of a team of so many people; empty without people."""
    if not people:
        return ""
    lines, left = lines_for(people, replace(thresholds, daily_rota=True)), 1 - 1 / people
    who = "the 1 person" if people == 1 else f"the {people} people"
    return (
        f"With {who} asked in the next week it leaves {left * 100:.0f} %: the healthy line is at most that, "
        f"so {lines.healthy * 100:.0f} %, and BAU is excessive under {lines.excessive * 100:.0f} %."
    )


def clash_words(decided: VerdictSettings, above: Thresholds) -> str:
    """Say what becomes of an excessive level that lies over the healthy one, since one moved above; else nothing."""
    merged = replace(above, **decided.stored())
    if merged.excessive < merged.healthy:
        return ""
    healthy = f"{merged.healthy * 100:.0f} %"
    return f"It counts as {healthy}, since the healthy level isn't higher than that. Set one of them anew."


def _seen_words(false_alarms: float) -> str:
    return f"{_seen_within_8(false_alarms) * 100:.0f} % of the slides are seen within 8 weeks"


def _seen_within_8(false_alarms: float) -> float:
    """Give the share of true slides that are seen within eight weeks, linear between the table's rows."""
    threshold = threshold_for(false_alarms)
    for loose, strict in pairwise(TABLE):
        if threshold <= strict.threshold:
            part = (threshold - loose.threshold) / (strict.threshold - loose.threshold)
            return loose.within_8 + part * (strict.within_8 - loose.within_8)
    return TABLE[-1].within_8
