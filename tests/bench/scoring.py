"""Decides what counts as a false alarm, as found and as cleared, by the states that a detector gave a team's weeks.

Knows nothing of how the states came about. What the figures of many teams are worth is left to `tests.bench.intervals`.
An alert begins with `sliding` after anything else, and with `excessive` after anything but these two.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tests.bench.cases import Truth

NO_DATA: Final = "not_enough_data"
SLIDING: Final = "sliding"
EXCESSIVE: Final = "excessive"
STATES: Final = frozenset({"healthy", "watch", SLIDING, EXCESSIVE, "recovering", NO_DATA})
ALERTS: Final = frozenset({SLIDING, EXCESSIVE})
BEFORE_SLIDES: Final = "before a slide"
"""Where the weeks of all teams that slide later are counted together."""

WEEKS_A_YEAR: Final = 52
_AGAIN: Final = 13
"""A false slide that lasts is charged once more after so many weeks."""
_NEVER_EXCESSIVE: Final = 55.0
_ALWAYS_EXCESSIVE: Final = 45.0
_LEVEL_FROM: Final = 10
_FIRST_WEEKS: Final = 6
_CLEAR: Final = 3
"""So many weeks outside an alert in a row end it."""

States = Sequence[str]


@dataclass(frozen=True, slots=True)
class TeamScore:
    """What the states of one team come to.

    `delay` is 1 for an alert in the first week of the slide, inf for none, None where no slide is to be found: there is
    none, or the team was `preempted`, already sliding when it began. `cleared` is the same for recoveries: None where
    there is none, or the alert was not on when it began.
    """

    team: str
    scenario: str
    at_risk: str
    years: float
    false_alarms: int
    state_changes: int
    early_alert_weeks: int
    delay: float | None
    preempted: bool
    cleared: float | None
    not_in_alert_at_recovery: bool
    first_verdict: int | None
    low_weeks: int
    low_in_alert: int
    high_weeks: int
    high_excessive: int


def spread(states: Mapping[int, str], weeks: int) -> list[str]:
    """Give each week its state; a week without one repeats the week before."""
    unknown = sorted(set(states.values()) - STATES)
    if unknown:
        raise ValueError(f"{unknown[0]} is no state; the states are {', '.join(sorted(STATES))}.")
    by_week, state = [], NO_DATA
    for week in range(weeks):
        state = states.get(week, state)
        by_week.append(state)
    return by_week


def score_team(team: str, states: States, truth: Truth) -> TeamScore:
    """Judge the states of a team, one for each of its weeks."""
    onset = truth.slide.onset if truth.slide else truth.weeks
    before = states[:onset]
    preempted = truth.slide is not None and onset > 0 and states[onset - 1] == SLIDING
    low, high = _levels(states, truth, onset)
    recovery = truth.recovery.start if truth.recovery else None
    missed = recovery is not None and states[recovery - 1] not in ALERTS
    return TeamScore(
        team=team,
        scenario=truth.scenario,
        at_risk=BEFORE_SLIDES if truth.slide else truth.scenario,
        years=onset / WEEKS_A_YEAR,
        false_alarms=_false_slides(before) + _false_levels(before, truth),
        state_changes=sum(was not in {now, NO_DATA} for was, now in pairwise(before)),
        early_alert_weeks=sum(state in ALERTS for state in before[:_FIRST_WEEKS]),
        delay=_delay(states, onset) if truth.slide and not preempted else None,
        preempted=preempted,
        cleared=_cleared(states, recovery) if recovery is not None and not missed else None,
        not_in_alert_at_recovery=missed,
        first_verdict=None if truth.slide else _first_verdict(states),
        low_weeks=len(low),
        low_in_alert=sum(state in ALERTS for state in low),
        high_weeks=len(high),
        high_excessive=high.count(EXCESSIVE),
    )


def _before(states: States, week: int) -> str:
    return states[week - 1] if week else NO_DATA


def _false_slides(states: States) -> int:
    """Count slides, and one more for each further 13 weeks that one lasts."""
    found = run = 0
    for state in states:
        run = run + 1 if state == SLIDING else 0
        found += run % _AGAIN == 1
    return found


def _false_levels(states: States, truth: Truth) -> int:
    return sum(
        state == EXCESSIVE and _before(states, week) not in ALERTS and level is not None and level >= _NEVER_EXCESSIVE
        for week, (state, level) in enumerate(zip(states, truth.levels, strict=False))
    )


def _delay(states: States, onset: int) -> float:
    return next((week - onset + 1 for week in range(onset, len(states)) if _begins(states, week)), math.inf)


def _begins(states: States, week: int) -> bool:
    now, was = states[week], _before(states, week)
    return (now == SLIDING != was) or (now == EXCESSIVE and was not in ALERTS)


def _cleared(states: States, start: int) -> float:
    ends = range(start, len(states) - _CLEAR + 1)
    return next((week - start + 1 for week in ends if ALERTS.isdisjoint(states[week : week + _CLEAR])), math.inf)


def _first_verdict(states: States) -> int:
    return next((week for week, state in enumerate(states) if state != NO_DATA), len(states))


def _levels(states: States, truth: Truth, onset: int) -> tuple[list[str], list[str]]:
    """Give the states of weeks that are surely low, and of those that are surely not and before any slide."""
    known = [
        (week, state, level)
        for week, (state, level) in enumerate(zip(states, truth.levels, strict=True))
        if week >= _LEVEL_FROM and level is not None
    ]
    low = [state for _, state, level in known if level < _ALWAYS_EXCESSIVE]
    return low, [state for week, state, level in known if level > _NEVER_EXCESSIVE and week < onset]


@dataclass(frozen=True, slots=True)
class Delays:
    """How soon something was seen, in weeks: how often it was there to be seen, and how often it was seen before."""

    count: int
    preempted: int
    median: float
    ninetieth: float
    within_4: float
    within_8: float
    within_12: float


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a detector over many teams; shares are 0..1."""

    years: float
    false_alarms: float
    false_alarms_by_scenario: dict[str, float]
    changes: Delays
    changes_by_scenario: dict[str, Delays]
    clearing: Delays
    alert_when_low: float
    excessive_when_high: float
    state_changes_a_year: float
    early_alert_weeks: int
    first_verdict: float


def summarise(scores: Sequence[TeamScore]) -> Summary:
    """Put the scores of many teams together."""
    groups: dict[str, list[TeamScore]] = defaultdict(list)
    for score in scores:
        groups[score.at_risk].append(score)
    changing: dict[str, list[TeamScore]] = defaultdict(list)
    for score in groups[BEFORE_SLIDES]:
        changing[score.scenario].append(score)
    sums = Counter[str]()
    for score in scores:
        sums.update({name: getattr(score, name) for name in ("low_weeks", "low_in_alert", "high_weeks")})
        sums.update({name: getattr(score, name) for name in ("high_excessive", "state_changes", "early_alert_weeks")})
    years = sum(score.years for score in scores)
    return Summary(
        years=years,
        false_alarms=_alarm_rate(scores),
        false_alarms_by_scenario={name: _alarm_rate(group) for name, group in groups.items() if group},
        changes=_delays(groups[BEFORE_SLIDES]),
        changes_by_scenario={name: _delays(group) for name, group in changing.items()},
        clearing=_clearing(scores),
        alert_when_low=_ratio(sums["low_in_alert"], sums["low_weeks"]),
        excessive_when_high=_ratio(sums["high_excessive"], sums["high_weeks"]),
        state_changes_a_year=_ratio(sums["state_changes"], years),
        early_alert_weeks=sums["early_alert_weeks"],
        first_verdict=quantile([each.first_verdict for each in scores if each.first_verdict is not None], 0.5),
    )


def quantile(values: Iterable[float], share: float) -> float:
    """Give the smallest of the values that the share of them doesn't exceed; nan of none."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else math.nan


def _alarm_rate(scores: Sequence[TeamScore]) -> float:
    return _ratio(sum(score.false_alarms for score in scores), sum(score.years for score in scores))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _delays(scores: Sequence[TeamScore]) -> Delays:
    delays = [score.delay for score in scores if score.delay is not None]
    return _of_delays(delays, sum(score.preempted for score in scores))


def _clearing(scores: Sequence[TeamScore]) -> Delays:
    delays = [score.cleared for score in scores if score.cleared is not None]
    return _of_delays(delays, sum(score.not_in_alert_at_recovery for score in scores))


def _of_delays(delays: Sequence[float], preempted: int) -> Delays:
    def within(weeks: int) -> float:
        return _ratio(sum(delay <= weeks for delay in delays), len(delays))

    median, ninetieth = quantile(delays, 0.5), quantile(delays, 0.9)
    return Delays(len(delays), preempted, median, ninetieth, within(4), within(8), within(12))
