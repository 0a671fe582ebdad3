"""Decides what a verdict on a team's week is made of: level, state, signal, fall, evidence, and what is missing.

Level and state are two facts and never one colour. How a verdict is reached is left to `detector`, its sentences to
`reasons`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bau_tracker.domain.taxonomy import Chip, Kind
from bau_tracker.domain.weeks import Week


class Level(StrEnum):
    """How high the planned share is."""

    HEALTHY = "healthy"
    LOW = "low"
    EXCESSIVE = "excessive"


class State(StrEnum):
    """Where the planned share is going."""

    NOT_ENOUGH_DATA = "not_enough_data"
    HEALTHY = "healthy"
    WATCH = "watch"
    SLIDING = "sliding"
    RECOVERING = "recovering"
    EXCESSIVE = "excessive"


class Signal(StrEnum):
    """What a lead is shown, worst first: the state, a slide told apart by complaints, a steady team by its level."""

    PITFALL = "pitfall"
    EXCESSIVE = "excessive"
    EARLY_WARNING = "early_warning"
    WATCH = "watch"
    RECOVERING = "recovering"
    LOW = "low"
    HEALTHY = "healthy"
    NOT_ENOUGH_DATA = "not_enough_data"


class Missing(StrEnum):
    """What a verdict lacks."""

    WEEKS = "weeks"
    SILENCE = "silence"
    NAMES = "names"
    QUESTIONS = "questions"
    FOLLOWS = "follows"


@dataclass(frozen=True, slots=True)
class SignalWords:
    """The word and the shape of a signal, the same in badge, chart, table, mail and export."""

    label: str
    symbol: str


SIGNALS: Final[dict[Signal, SignalWords]] = {
    Signal.PITFALL: SignalWords("Excessive-BAU pitfall", "▼"),
    Signal.EXCESSIVE: SignalWords("Excessive BAU", "■"),
    Signal.EARLY_WARNING: SignalWords("Early warning", "▽"),
    Signal.WATCH: SignalWords("Watch", "◆"),
    Signal.RECOVERING: SignalWords("Recovering", "△"),
    Signal.LOW: SignalWords("Low", "◐"),
    Signal.HEALTHY: SignalWords("Healthy", "●"),
    Signal.NOT_ENOUGH_DATA: SignalWords("Not enough data", "○"),
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What an organisation or a team may set, with the domain's defaults; shares are 0..1.

    healthy: DORA 2016's high performers; excessive: SRE's 50 % cap on toil; complaint_share and response_floor: the
    domain's judgement and a survey vendor's red-flag line. `false_alarms` is how many false alarms a team-year are
    accepted for seeing a slide early (see `sensitivity`). `daily_rota` says that one person a day does unplanned work
    by design, which caps what can be asked of a team of n at 1 - 1/n.
    """

    healthy: float = 0.70
    excessive: float = 0.50
    complaint_share: float = 1 / 3
    response_floor: float = 0.60
    false_alarms: float = 0.3
    daily_rota: bool = False
    recent_weeks: int = 4


DEFAULTS: Final = Thresholds()


@dataclass(frozen=True, slots=True)
class Fall:
    """A fall of the planned share, like for like: since when, and how far (0..1) with its interval of 95 %."""

    onset: Week
    size: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Growth:
    """A kind whose share of the hours (0..1) grew since a fall began."""

    kind: Kind
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Complaints:
    """The share of answers (0..1) of the newest weeks that complain, the team's norm, and what of, most named first."""

    share: float
    norm: float | None = None
    named: tuple[Chip, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was known at the end of a week.

    `planned_share` is that of the people who are there now in the newest weeks, like for like, with its interval of
    95 % (`low`, `high`); `earlier_share` is what the same people had before. All are 0..1, None while unknown.
    `pressure` is the evidence for a fall as a share of what an alarm needs: 1 raises it. `corroborated` says that
    complaints agree with a slide. `clipped` says that the week lay so far off that it counted in part only.
    `healthy_line` is the level asked of the team, which a daily rota caps. `respondents` of `expected` answered in the
    newest weeks together; `weeks` of `weeks_needed` could be compared; `missing` says what a verdict lacks.
    """

    week: Week
    state: State
    level: Level | None = None
    corroborated: bool = False
    low_confidence: bool = False
    planned_share: float | None = None
    low: float | None = None
    high: float | None = None
    earlier_share: float | None = None
    pressure: float | None = None
    fall: Fall | None = None
    clipped: bool = False
    respondents: int = 0
    expected: int = 0
    weeks: int = 0
    weeks_needed: int = 0
    missing: Missing | None = None
    complaints: Complaints | None = None
    grown: tuple[Growth, ...] = ()
    healthy_line: float = DEFAULTS.healthy

    @property
    def signal(self) -> Signal:
        """Name what a lead is shown."""
        if self.state is State.SLIDING:
            return Signal.PITFALL if self.corroborated else Signal.EARLY_WARNING
        if self.state is State.HEALTHY and self.level in {Level.LOW, Level.EXCESSIVE}:
            return Signal.LOW
        return Signal(self.state.value)

    @property
    def change(self) -> float | None:
        """Give the newest weeks less the earlier ones, like for like, -1..1; None while either is unknown."""
        if self.planned_share is None or self.earlier_share is None:
            return None
        return self.planned_share - self.earlier_share

    @property
    def response_rate(self) -> float | None:
        """Give answers / people expected of the newest weeks, 0..1; None when nobody was expected."""
        return min(1.0, self.respondents / self.expected) if self.expected else None


@dataclass(frozen=True, slots=True)
class DefinitionBreak:
    """A week from which on the figures come from other questions than before; `words` says which, in sentences."""

    week: Week
    words: str


def level_of(share: float, healthy: float = DEFAULTS.healthy, excessive: float = DEFAULTS.excessive) -> Level:
    """Name the level of a planned share 0..1."""
    if share >= healthy:
        return Level.HEALTHY
    return Level.EXCESSIVE if share < excessive else Level.LOW


def coarse(verdict: Verdict) -> Verdict:
    """Give a verdict with whole percents, as it is kept and shown.

    From exact figures of two weeks one could calculate what a single answer did to them.
    """
    fall = verdict.fall and replace(
        verdict.fall, size=_whole(verdict.fall.size), low=_whole(verdict.fall.low), high=_whole(verdict.fall.high)
    )
    found = verdict.complaints
    complaints = found and replace(found, share=_whole(found.share), norm=_whole_or_none(found.norm))
    grown = tuple(replace(one, before=_whole(one.before), after=_whole(one.after)) for one in verdict.grown)
    return replace(
        verdict,
        planned_share=_whole_or_none(verdict.planned_share),
        low=_whole_or_none(verdict.low),
        high=_whole_or_none(verdict.high),
        earlier_share=_whole_or_none(verdict.earlier_share),
        pressure=None if verdict.pressure is None else round(verdict.pressure, 1),
        fall=fall,
        complaints=complaints,
        grown=grown,
    )


def without_figures(verdict: Verdict) -> Verdict:
    """Give what somebody may know of a verdict who may not see its newest week: what it is, and no figure."""
    return replace(
        verdict,
        planned_share=None,
        low=None,
        high=None,
        earlier_share=None,
        pressure=None,
        fall=None,
        complaints=None,
        grown=(),
    )


def _whole(share: float) -> float:
    return round(share, 2)


def _whole_or_none(share: float | None) -> float | None:
    return None if share is None else _whole(share)
