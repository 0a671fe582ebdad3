"""Decides what a team's series of weeks means: its level, its state, and whether it is the excessive-BAU pitfall.

Level and state are two facts and never one colour. This is the first rule, behind `judge`: a pure function of a series,
in which the verdict of a week uses that week and earlier ones only. What to do about it is left to `advice`.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import CHIPS, Chip
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
    """The defaults of the domain; shares are 0..1, windows are answered weeks.

    healthy: DORA 2016's high performers; excessive: SRE's 50 % cap on toil; complaint_share and response_floor: the
    domain's judgement and a survey vendor's red-flag line; the slide of 10 points and the watch at 5 are a first rule.
    """

    healthy: float = 0.70
    excessive: float = 0.50
    slide: float = 0.10
    watch: float = 0.05
    complaint_share: float = 1 / 3
    response_floor: float = 0.60
    least_respondents: int = 3
    recent_weeks: int = 4
    earlier_weeks: int = 8
    longest_silence: int = 4
    memory: int = 26


DEFAULTS: Final = Thresholds()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was known at the end of a week.

    `planned_share` is the median of the newest answered weeks and `earlier_share` that of the weeks before them;
    `low` and `high` are the least and the most of the newest weeks. All are 0..1, None while unknown.
    `response_rate` is that of the newest weeks together. `corroborated` says that complaints agree with a slide.
    """

    week: Week
    state: State
    level: Level | None = None
    corroborated: bool = False
    low_confidence: bool = False
    planned_share: float | None = None
    earlier_share: float | None = None
    low: float | None = None
    high: float | None = None
    response_rate: float | None = None
    answered_weeks: int = 0
    named: tuple[Chip, ...] = ()

    @property
    def signal(self) -> Signal:
        """Name what a lead is shown."""
        if self.state is State.SLIDING:
            return Signal.PITFALL if self.corroborated else Signal.EARLY_WARNING
        if self.state is State.HEALTHY and self.level is Level.LOW:
            return Signal.LOW
        return Signal(self.state.value)

    @property
    def change(self) -> float | None:
        """Give the newest weeks less the earlier ones, -1..1; None while either is unknown."""
        if self.planned_share is None or self.earlier_share is None:
            return None
        return self.planned_share - self.earlier_share


@dataclass(frozen=True, slots=True)
class DefinitionBreak:
    """A week from which on the figures come from other questions than before; `words` says which, in sentences."""

    week: Week
    words: str


def judge(series: Sequence[WeekTotals], thresholds: Thresholds = DEFAULTS) -> list[Verdict]:
    """Give the verdict of every week of a series in order of time, gaps included or left out alike.

    The rule: among the answered weeks (`least_respondents` or more, figures not hidden), compare the median of the
    newest 4 with that of the 8 before. At least `slide` lower is sliding, `watch` lower is watch, and `watch` higher
    soon after a slide or an excessive level is recovering; else the level decides between excessive and healthy. Fewer
    than 12 answered weeks, or none for `longest_silence` weeks, is not enough data. Assumes that weeks are comparable:
    it knows nothing of who answered. Source: the project's first rule, a baseline to be replaced.
    """
    verdicts: list[Verdict] = []
    answered: list[WeekTotals] = []
    troubled: Week | None = None
    for totals in series:
        counts = _counts(totals, thresholds)
        if counts:
            answered.append(totals)
        lately = troubled is not None and totals.week - troubled <= thresholds.memory
        verdict = _verdict(totals.week, answered, thresholds, after_trouble=lately)
        if counts and verdict.state in {State.SLIDING, State.EXCESSIVE}:
            troubled = totals.week
        verdicts.append(verdict)
    return verdicts


def level_of(share: float, thresholds: Thresholds = DEFAULTS) -> Level:
    """Name the level of a planned share 0..1."""
    if share >= thresholds.healthy:
        return Level.HEALTHY
    return Level.EXCESSIVE if share < thresholds.excessive else Level.LOW


def headline(verdict: Verdict, thresholds: Thresholds = DEFAULTS) -> str:
    """Combine level and state in a few words: “steady, but low”, “sliding from a healthy level”."""
    level = {Level.HEALTHY: "healthy", Level.LOW: "low", Level.EXCESSIVE: "excessive", None: ""}
    origin = level[level_of(verdict.earlier_share, thresholds)] if verdict.earlier_share is not None else ""
    match verdict.state:
        case State.NOT_ENOUGH_DATA:
            return "not enough data yet"
        case State.SLIDING:
            return f"sliding from {'an' if origin == 'excessive' else 'a'} {origin} level"
        case State.WATCH:
            return f"slightly down from {'an' if origin == 'excessive' else 'a'} {origin} level"
        case State.RECOVERING:
            return "recovering" if verdict.level is Level.HEALTHY else f"recovering, still {level[verdict.level]}"
        case State.EXCESSIVE:
            return "steady, with excessive BAU"
        case _:
            return "steady and healthy" if verdict.level is Level.HEALTHY else "steady, but low"


def reason(verdict: Verdict, thresholds: Thresholds = DEFAULTS) -> str:
    """Say in one or two sentences, with their figures, why a verdict is what it is."""
    if verdict.planned_share is None or verdict.earlier_share is None or verdict.change is None:
        needed = thresholds.recent_weeks + thresholds.earlier_weeks
        if verdict.answered_weeks >= needed:
            return (
                f"No week of the last {thresholds.longest_silence} has {thresholds.least_respondents} or more answers."
            )
        return (
            f"{verdict.answered_weeks} of {needed} weeks with {thresholds.least_respondents} or more answers "
            "that a verdict needs."
        )
    now, before = _percent(verdict.planned_share), _percent(verdict.earlier_share)
    points = round(abs(verdict.change) * 100)
    moved = (
        "the same"
        if points == 0
        else f"{points} {'point' if points == 1 else 'points'} {'lower' if verdict.change < 0 else 'higher'}"
    )
    compared = f"{moved} {'as' if points == 0 else 'than'} the {before} of the {thresholds.earlier_weeks} before"
    sentences = [
        f"Planned work had a median of {now} in the last {thresholds.recent_weeks} answered weeks, {compared}."
    ]
    if verdict.state is State.SLIDING:
        sentences.append(_complaints(verdict))
    if verdict.low_confidence and verdict.response_rate is not None:
        sentences.append(f"Only {_percent(verdict.response_rate)} answered, so confidence is low.")
    return " ".join(sentences)


def _complaints(verdict: Verdict) -> str:
    if not verdict.corroborated:
        return "Complaints don't confirm it, so this is an early warning."
    if not verdict.named:
        return "Members complain more than usual."
    named = " and ".join(CHIPS[chip].label.lower() for chip in verdict.named)
    return f"Members complain more than usual, most of {named}."


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _counts(totals: WeekTotals, thresholds: Thresholds) -> bool:
    enough = totals.respondents >= thresholds.least_respondents
    return enough and not totals.hidden and totals.planned_share is not None


def _shares(weeks: Sequence[WeekTotals]) -> list[float]:
    return [share for totals in weeks if (share := totals.planned_share) is not None]


def _verdict(week: Week, answered: Sequence[WeekTotals], rule: Thresholds, *, after_trouble: bool) -> Verdict:
    needed = rule.recent_weeks + rule.earlier_weeks
    silent = bool(answered) and week - answered[-1].week >= rule.longest_silence
    if len(answered) < needed or silent:
        return Verdict(week, State.NOT_ENOUGH_DATA, answered_weeks=len(answered))
    recent, earlier = answered[-rule.recent_weeks :], answered[-needed : -rule.recent_weeks]
    shares = _shares(recent)
    share, before = statistics.median(shares), statistics.median(_shares(earlier))
    level = level_of(share, rule)
    state = _state(share - before, level, rule, after_trouble=after_trouble)
    rate = _response_rate(recent)
    return Verdict(
        week=week,
        state=state,
        level=level,
        corroborated=state is State.SLIDING and _complaining(answered, rule),
        low_confidence=rate is not None and rate < rule.response_floor,
        planned_share=share,
        earlier_share=before,
        low=min(shares),
        high=max(shares),
        response_rate=rate,
        answered_weeks=len(answered),
        named=_most_named(recent),
    )


def _state(change: float, level: Level, rule: Thresholds, *, after_trouble: bool) -> State:
    fall = round(-change, 9)  # 0.8 - 0.7 is 0.1000…01: a fall of exactly 10 points counts
    if fall >= rule.slide:
        return State.SLIDING
    if level is Level.EXCESSIVE:
        return State.EXCESSIVE
    if fall >= rule.watch:
        return State.WATCH
    return State.RECOVERING if after_trouble and -fall >= rule.watch else State.HEALTHY


def _response_rate(weeks: Sequence[WeekTotals]) -> float | None:
    expected = sum(totals.expected for totals in weeks)
    return min(1.0, sum(totals.respondents for totals in weeks) / expected) if expected else None


def _complaint_share(weeks: Sequence[WeekTotals]) -> float | None:
    asked = sum(totals.complaint_answers for totals in weeks)
    return sum(totals.complaining for totals in weeks) / asked if asked else None


def _complaining(answered: Sequence[WeekTotals], rule: Thresholds) -> bool:
    """Say whether the complaint signal is on: a third of the newest answers, and more than the team's own norm."""
    recent = _complaint_share(answered[-rule.recent_weeks :])
    if recent is None or recent < rule.complaint_share:
        return False
    norm = _complaint_share(answered[-rule.memory : -rule.recent_weeks])
    return norm is None or recent > norm


def _most_named(weeks: Sequence[WeekTotals]) -> tuple[Chip, ...]:
    counts = {chip: sum(totals.chips.get(chip, 0) for totals in weeks) for chip in Chip}
    ranked = sorted((chip for chip in Chip if counts[chip]), key=lambda chip: -counts[chip])
    return tuple(ranked[:2])
