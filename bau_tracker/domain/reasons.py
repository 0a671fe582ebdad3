"""Decides how a verdict is said: in a few words, in sentences with its figures, and what would change it."""

from __future__ import annotations

from typing import Final

from bau_tracker.domain.alarms import BACK, RECOVERED
from bau_tracker.domain.sensitivity import false_alarms_at
from bau_tracker.domain.taxonomy import CHIPS, KINDS
from bau_tracker.domain.verdicts import (
    DEFAULTS,
    Fall,
    Growth,
    Level,
    Missing,
    State,
    Thresholds,
    Verdict,
    level_of,
)

_LEVELS: Final = {Level.HEALTHY: "healthy", Level.LOW: "low", Level.EXCESSIVE: "excessive"}
_MOST_KINDS: Final = 2
_ROUND_YEARS: Final = 10


def headline(verdict: Verdict, thresholds: Thresholds = DEFAULTS) -> str:
    """Combine level and state in a few words: “steady, but low”, “sliding from a healthy level”."""
    level = _LEVELS[verdict.level] if verdict.level else ""
    match verdict.state:
        case State.NOT_ENOUGH_DATA:
            return "verdict follows" if verdict.missing is Missing.FOLLOWS else "not enough data yet"
        case State.SLIDING:
            return f"sliding from {_origin(verdict, thresholds)} level"
        case State.WATCH:
            return f"slightly down from {_origin(verdict, thresholds)} level"
        case State.RECOVERING:
            return "recovering" if verdict.level is Level.HEALTHY else f"recovering, still {level}"
        case State.EXCESSIVE:
            return "steady, with excessive BAU"
        case _:
            return "steady and healthy" if verdict.level is Level.HEALTHY else "steady, but low"


def reason(verdict: Verdict, thresholds: Thresholds = DEFAULTS) -> str:
    """Say in a few sentences, with their figures, why a verdict is what it is."""
    if verdict.state is State.NOT_ENOUGH_DATA:
        return _missing(verdict)
    if verdict.planned_share is None:
        return "Why is not shown to you: too few others answered in its newest weeks."
    sentences = [_compared(verdict, thresholds)]
    if verdict.grown and verdict.state is not State.RECOVERING:
        sentences.append(f"What grew: {' and '.join(_growth(growth) for growth in verdict.grown[:_MOST_KINDS])}.")
    if verdict.state is State.SLIDING:
        sentences.append(_complaints(verdict, thresholds))
    sentences.append(_answered(verdict, thresholds))
    return " ".join(sentence for sentence in sentences if sentence)


def what_would_change(verdict: Verdict, thresholds: Thresholds = DEFAULTS) -> str:
    """Say what would have to come for another verdict; empty where nothing simple can be said."""
    match verdict.state:
        case State.SLIDING:
            return _ends_a_slide(verdict, thresholds)
        case State.WATCH:
            return "More weeks this low make it an early warning; weeks as usual end it."
        case State.EXCESSIVE:
            return f"It ends when the newest weeks stay above {_percent(thresholds.excessive + BACK / 100)}."
        case State.RECOVERING:
            return "It ends when a third of the fall is left; falling again makes it a slide again."
        case State.HEALTHY:
            return _ends_calm(verdict, thresholds)
        case _:
            return ""


def _ends_a_slide(verdict: Verdict, thresholds: Thresholds) -> str:
    if verdict.fall is None or verdict.earlier_share is None:
        return ""
    made_up = verdict.earlier_share - RECOVERED * verdict.fall.size
    ends = f"It ends when the newest weeks come back to about {_percent(made_up)}."
    if verdict.corroborated:
        return ends
    needed = _percent(thresholds.complaint_share)
    return f"{ends} If {needed} of the answers complain, and more than usual, it becomes the excessive-BAU pitfall."


def _ends_calm(verdict: Verdict, thresholds: Thresholds) -> str:
    if verdict.planned_share is None:
        return ""
    line = f"Several weeks clearly under the usual {_percent(verdict.planned_share)} would be watched first"
    if verdict.level is not Level.LOW:
        return f"{line}."
    healthy, excessive = _percent(verdict.healthy_line), _percent(thresholds.excessive)
    return f"{line}; from {healthy} on the level counts as healthy, under {excessive} as excessive BAU."


def _missing(verdict: Verdict) -> str:
    left = verdict.weeks_needed - verdict.weeks
    weeks = f"{left} more {'week' if left == 1 else 'weeks'} with enough answers"
    match verdict.missing:
        case Missing.SILENCE:
            return "The last weeks have too few answers to compare; it goes on with the next week that has enough."
        case Missing.FOLLOWS:
            return "This week's verdict follows: it isn't reached yet. Load the page again in a while."
        case Missing.NAMES:
            return "The answers are nameless, so that the same people can't be compared with their own past."
        case Missing.QUESTIONS:
            return f"The questions have changed, so that earlier answers don't compare: {weeks} are needed."
        case _:
            return f"{verdict.weeks} of the {verdict.weeks_needed} weeks with enough answers that a verdict needs."


def _compared(verdict: Verdict, thresholds: Thresholds) -> str:
    now = _with_interval(verdict)
    if verdict.state in {State.SLIDING, State.WATCH} and verdict.fall:
        sure = _sure(verdict, thresholds) if verdict.state is State.SLIDING else ""
        return (
            f"Comparing the same people with their own past, planned work has been lower since {verdict.fall.onset}, "
            f"by about {_points(verdict.fall)}{sure}; it is {now} now."
        )
    if verdict.state is State.RECOVERING and verdict.earlier_share is not None:
        return f"Planned work is coming back towards its earlier {_percent(verdict.earlier_share)}; it is {now} now."
    if verdict.state is State.EXCESSIVE:
        return f"Planned work is {now}, under {_percent(thresholds.excessive)} for two weeks or longer."
    return f"Planned work is {now}; comparing the same people with their own past, it has not fallen beyond chance."


def _sure(verdict: Verdict, thresholds: Thresholds) -> str:
    if verdict.pressure is None or verdict.pressure < 1:
        return ""
    years = 1 / false_alarms_at(verdict.pressure, thresholds.false_alarms)
    said = f"{years:.0f}" if years >= _ROUND_YEARS else f"{years:.1f}".removesuffix(".0")
    return f", more than chance produces once in {said} team-years"


def _points(fall: Fall) -> str:
    size, low, high = (round(value * 100) for value in (fall.size, fall.low, fall.high))
    return f"{size} {'point' if size == 1 else 'points'} ({low} to {high})"


def _growth(growth: Growth) -> str:
    label = KINDS[growth.kind].label
    return f"{label[0].lower()}{label[1:]} (from {_percent(growth.before)} to {_percent(growth.after)} of the hours)"


def _complaints(verdict: Verdict, thresholds: Thresholds) -> str:
    found = verdict.complaints
    if found is None:
        return _without_complaints(verdict)
    if not verdict.corroborated:
        needed = _percent(thresholds.complaint_share)
        share = _percent(found.share)
        return f"Complaints don't confirm it ({share}; {needed} and more than usual would): an early warning."
    usual = "" if found.norm is None else f", {_percent(found.norm)} before"
    named = f", most of {' and '.join(CHIPS[chip].label.lower() for chip in found.named)}" if found.named else ""
    return f"Members complain more than usual ({_percent(found.share)} of the answers{usual}){named}."


def _without_complaints(verdict: Verdict) -> str:
    """Tell of complaints where no figure of theirs is known, or may be shown."""
    if verdict.corroborated:
        return "Members complain more than usual; the figures would give single answers away."
    return "No complaints are known that confirm it: an early warning."


def _answered(verdict: Verdict, thresholds: Thresholds) -> str:
    if not verdict.expected:
        return ""
    said = f"{verdict.respondents} of {verdict.expected} answers came in the newest {thresholds.recent_weeks} weeks"
    return f"{said}, so confidence is low." if verdict.low_confidence else f"{said}."


def _origin(verdict: Verdict, thresholds: Thresholds) -> str:
    if verdict.earlier_share is None:
        return "its earlier"
    level = _LEVELS[level_of(verdict.earlier_share, verdict.healthy_line, thresholds.excessive)]
    return f"{'an' if level == 'excessive' else 'a'} {level}"


def _with_interval(verdict: Verdict) -> str:
    if verdict.planned_share is None or verdict.low is None or verdict.high is None:
        return "unknown"
    return f"{_percent(verdict.planned_share)} ({verdict.low * 100:.0f} to {verdict.high * 100:.0f})"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
