"""Decides the verdict of every week of a team: whether planned work slides, how sure that is, and what speaks for it.

A verdict of a week uses that week and earlier ones only. What the answers tell comes from `looks`, the state from
`alarms`; here both meet what was set for the team, the complaints and the kinds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bau_tracker.domain.alarms import Alarms
from bau_tracker.domain.change_fit import NORMAL_95
from bau_tracker.domain.evidence import Evidence
from bau_tracker.domain.looks import WINDOW, Answers, Look
from bau_tracker.domain.sensitivity import threshold_for
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import Chip, Kind
from bau_tracker.domain.verdicts import (
    DEFAULTS,
    Complaints,
    Fall,
    Growth,
    Missing,
    State,
    Thresholds,
    Verdict,
    level_of,
)
from bau_tracker.domain.weeks import Week

VERSION: Final = "2"
"""Stored with each verdict; a change of what a verdict would say raises it."""
WEEKS_NEEDED: Final = 7
LONGEST_SILENCE: Final = 4
"""After so many weeks without answers a verdict says nothing any more."""
NORM: Final = 26
"""A team's own norm of complaints, and its kinds before a fall, come from so many weeks."""
GREW: Final = 0.02
"""A kind grew when its share of the hours did by so much."""
_ROTA_ROOM: Final = 0.1
"""The excessive level lies at least so far under what a daily rota leaves."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the answers of a team told, week by week, apart from anything that can be set; see `tell`."""

    evidence: Sequence[Evidence]
    looks: Mapping[Week, tuple[int, Look | None]]


def tell(evidence: Sequence[Evidence], *, dated: bool = True) -> Told:
    """Look at every week of a team, given in order; `dated` False says that the days are made up.

    It is the slow half of a verdict, under a millisecond a week; `judge` can be asked again for other thresholds.
    """
    looks = {week: (weeks, look) for week, weeks, look in Answers(evidence, dated=dated).looks()}
    return Told(evidence, looks)


def judge(told: Told, thresholds: Thresholds = DEFAULTS, *, needed: float | None = None) -> list[Verdict]:
    """Give the verdict of each week of the evidence.

    `needed` is the evidence that an alarm needs, in standard deviations; None takes it from the sensitivity set.
    """
    needed = threshold_for(thresholds.false_alarms) if needed is None else needed
    alarms = Alarms(needed, excessive=0.0)
    verdicts: list[Verdict] = []
    latest: Verdict | None = None
    for number, evidence in enumerate(told.evidence):
        if evidence.asked_anew:
            alarms = Alarms(needed, excessive=0.0)
        lines = _lines(evidence, thresholds)
        alarms.excessive = lines.excessive * 100
        until = told.evidence[: number + 1]
        weeks, look = told.looks.get(evidence.week, (0, None))
        if not weeks:
            verdict = _without_answers(evidence.week, latest, until)
        elif look is None:
            latest = verdict = _too_early(evidence.week, weeks, until)
        else:
            state, pressure = alarms.take(look.reading, may_alarm=weeks >= WEEKS_NEEDED)
            state = state if weeks >= WEEKS_NEEDED else State.NOT_ENOUGH_DATA
            verdict = _verdict(until, weeks, look, state, pressure, lines)
            latest = verdict = _still_corroborated(verdict, latest)
        verdicts.append(verdict)
    return verdicts


def _still_corroborated(verdict: Verdict, before: Verdict | None) -> Verdict:
    """Keep a slide that complaints once agreed with a pitfall, so that it doesn't flicker with single answers."""
    goes_on = before is not None and before.corroborated and verdict.state is State.SLIDING
    return replace(verdict, corroborated=verdict.corroborated or goes_on)


def _lines(evidence: Evidence, thresholds: Thresholds) -> Thresholds:
    people = len(evidence.members) if evidence.members is not None else evidence.totals.expected
    return lines_for(people, thresholds)


def lines_for(people: int, thresholds: Thresholds) -> Thresholds:
    """Cap the levels at what a daily rota leaves to so many people: 1 - 1/n."""
    if not thresholds.daily_rota or people < 1:
        return thresholds
    left = 1 - 1 / people
    return replace(
        thresholds,
        healthy=min(thresholds.healthy, left),
        excessive=min(thresholds.excessive, max(0.0, left - _ROTA_ROOM)),
    )


def _verdict(
    evidence: Sequence[Evidence], weeks: int, look: Look, state: State, pressure: float, lines: Thresholds
) -> Verdict:
    reading = look.reading
    share = _share(reading.level)
    recent = [one.totals for one in evidence if one.totals.respondents][-lines.recent_weeks :]
    fall = _fall(look) if state in {State.SLIDING, State.WATCH, State.RECOVERING} else None
    begun = fall.onset if fall else recent[0].week
    complaints = _complaints([one.totals for one in evidence], min(begun, recent[0].week), recent)
    known = state is not State.NOT_ENOUGH_DATA
    respondents, expected = sum(one.respondents for one in recent), sum(one.expected for one in recent)
    return Verdict(
        week=evidence[-1].week,
        state=state,
        level=level_of(share, lines.healthy, lines.excessive) if known else None,
        corroborated=state is State.SLIDING and _corroborates(complaints, lines),
        low_confidence=known and expected > 0 and respondents < lines.response_floor * expected,
        planned_share=share if known else None,
        low=_share(reading.level - NORMAL_95 * reading.error) if known else None,
        high=_share(reading.level + NORMAL_95 * reading.error) if known else None,
        earlier_share=_share(reading.level + reading.fall) if known else None,
        pressure=pressure if known else None,
        fall=fall,
        clipped=look.clipped,
        respondents=respondents,
        expected=expected,
        weeks=weeks,
        weeks_needed=WEEKS_NEEDED,
        missing=None if known else _missing(evidence),
        complaints=complaints,
        grown=_grown([one.totals for one in evidence], fall.onset) if fall else (),
        healthy_line=lines.healthy,
    )


def _too_early(week: Week, weeks: int, evidence: Sequence[Evidence]) -> Verdict:
    return Verdict(week, State.NOT_ENOUGH_DATA, weeks=weeks, weeks_needed=WEEKS_NEEDED, missing=_missing(evidence))


def _missing(evidence: Sequence[Evidence]) -> Missing:
    """Say why too few weeks compare: the questions changed in the year that counts, or there are no more weeks."""
    asked_anew = any(one.asked_anew for one in evidence[1:] if evidence[-1].week - one.week < WINDOW)
    return Missing.QUESTIONS if asked_anew else Missing.WEEKS


def _without_answers(week: Week, latest: Verdict | None, evidence: Sequence[Evidence]) -> Verdict:
    """Carry the newest verdict on for a while; say what is missing after that, or before there is any."""
    if latest is not None and week - latest.week < LONGEST_SILENCE:
        return replace(latest, week=week, clipped=False)
    nameless = any(one.totals.respondents for one in evidence[-LONGEST_SILENCE:])
    missing = Missing.NAMES if nameless else Missing.SILENCE if latest is not None else Missing.WEEKS
    weeks = latest.weeks if latest is not None else 0
    return Verdict(week, State.NOT_ENOUGH_DATA, weeks=weeks, weeks_needed=WEEKS_NEEDED, missing=missing)


def _fall(look: Look) -> Fall | None:
    if look.change is None or look.since is None:
        return None
    change = look.change
    return Fall(look.since, _share(change.size), _share(change.low), _share(change.high))


def _share(points: float) -> float:
    return min(100.0, max(0.0, points)) / 100


def _complaints(weeks: Sequence[WeekTotals], begun: Week, recent: Sequence[WeekTotals]) -> Complaints | None:
    """Hold the newest weeks' complaints against the team's norm, that of the weeks before a fall began."""
    share = _complaint_share(recent)
    if share is None:
        return None
    before = [totals for totals in weeks if totals.week < begun and begun - totals.week <= NORM]
    counts = {chip: sum(totals.chips.get(chip, 0) for totals in recent) for chip in Chip}
    named = sorted((chip for chip in Chip if counts[chip]), key=lambda chip: -counts[chip])
    return Complaints(share, _complaint_share(before), tuple(named[:2]))


def _complaint_share(weeks: Sequence[WeekTotals]) -> float | None:
    asked = sum(totals.complaint_answers for totals in weeks)
    return sum(totals.complaining for totals in weeks) / asked if asked else None


def _corroborates(complaints: Complaints | None, lines: Thresholds) -> bool:
    """Say whether the complaint signal is on: a third of the newest answers, and more than the team's own norm."""
    if complaints is None or complaints.share < lines.complaint_share:
        return False
    return complaints.norm is None or complaints.share > complaints.norm


def _grown(weeks: Sequence[WeekTotals], onset: Week) -> tuple[Growth, ...]:
    """Give the kinds whose share of the placed hours grew since a fall began, the most first."""
    before = _kinds([totals for totals in weeks if totals.week < onset and onset - totals.week <= NORM])
    after = _kinds([totals for totals in weeks if totals.week >= onset])
    grown = [Growth(kind, before[kind], after[kind]) for kind in before if kind in after]
    most_first = sorted(grown, key=lambda growth: growth.before - growth.after)
    return tuple(growth for growth in most_first if growth.after - growth.before >= GREW)


def _kinds(weeks: Sequence[WeekTotals]) -> dict[Kind, float]:
    """Give each kind's share of the hours placed in some weeks; empty without hours."""
    hours = {kind: sum(totals.hours.get(kind.value, 0.0) for totals in weeks) for kind in Kind}
    placed = sum(hours.values()) + sum(totals.hours.get("planned", 0.0) for totals in weeks)
    return {kind: hours[kind] / placed for kind in Kind} if placed else {}
