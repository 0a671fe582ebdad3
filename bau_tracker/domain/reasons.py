"""Decides how a verdict is said: in a few words, in sentences with its figures, and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bau_tracker.domain.alarms import BACK, LEAST_FALL, LONGEST_SLIDE, RECOVERED
from bau_tracker.domain.sensitivity import false_alarms_at
from bau_tracker.domain.taxonomy import CHIPS, KINDS
from bau_tracker.domain.verdicts import (
    DEFAULTS,
    Complaints,
    Fall,
    Growth,
    Level,
    Missing,
    State,
    Thresholds,
    Verdict,
    level_of,
)

METHOD: Final = (
    "A verdict compares the same people with their own past, so that one bad week, a holiday or a change of people "
    "doesn't pass for a slide."
)
_LEVELS: Final = {Level.HEALTHY: "healthy", Level.LOW: "low", Level.EXCESSIVE: "excessive"}
_MOST_KINDS: Final = 2
_WHOLE_YEARS: Final = 2


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
    return " ".join(reasons(verdict, thresholds))


def reasons(verdict: Verdict, thresholds: Thresholds = DEFAULTS) -> list[str]:
    """Give the sentences of a verdict's reason, the finding first."""
    if verdict.state is State.NOT_ENOUGH_DATA:
        return [_missing(verdict)]
    if verdict.planned_share is None:
        return ["Its figures are not shown to you: too few others answered in its newest weeks."]
    return [_finding(verdict, thresholds), *_evidence(verdict, thresholds)]


def what_would_change(verdict: Verdict, thresholds: Thresholds = DEFAULTS) -> str:
    """Say what would have to come for another verdict; empty where nothing simple can be said."""
    match verdict.state:
        case State.NOT_ENOUGH_DATA:
            return _brings_a_verdict(verdict)
        case State.SLIDING:
            return _ends_a_slide(verdict, thresholds)
        case State.WATCH:
            return (
                "More weeks this low make it an early warning, or the pitfall if complaints rise; usual weeks end it."
            )
        case State.EXCESSIVE:
            return f"It ends when the newest weeks come back over {_percent(thresholds.excessive + BACK / 100)}."
        case State.RECOVERING:
            return _ends_a_recovery(verdict)
        case _:
            return _ends_calm(verdict, thresholds)


def _finding(verdict: Verdict, thresholds: Thresholds) -> str:
    now = f"Planned work is {_with_interval(verdict)} now"
    match verdict.state:
        case State.SLIDING:
            fallen = f"Planned work has fallen{_by(verdict)}, with the same people compared"
            return f"{fallen}; over the newest {thresholds.recent_weeks} weeks it is {_with_interval(verdict)}."
        case State.WATCH:
            return f"{now} and may have fallen{_by(verdict)}; that can still be chance."
        case State.RECOVERING:
            return f"{now}, {_coming_back(verdict)}."
        case State.EXCESSIVE:
            return f"{now}, {_excessive(verdict, thresholds)}."
        case _:
            return f"{now}; with the same people compared, it hasn't fallen by more than chance."


def _coming_back(verdict: Verdict) -> str:
    if verdict.earlier_share is None:
        return "higher than in the weeks before"
    earlier = _percent(verdict.earlier_share)
    return f"up from {earlier}" if (verdict.change or 0.0) > 0 else f"on its way back to the {earlier} before the fall"


def _excessive(verdict: Verdict, thresholds: Thresholds) -> str:
    line = _percent(thresholds.excessive)
    if (verdict.planned_share or 0.0) < thresholds.excessive:
        return f"and has been under {line} for two weeks or longer"
    return f"not yet clearly back over {line}"


def _by(verdict: Verdict) -> str:
    """Say how far since when; nothing where no fall could be fitted."""
    return f" by about {_points(verdict.fall)} since {verdict.fall.onset}" if verdict.fall else ""


def _evidence(verdict: Verdict, thresholds: Thresholds) -> Iterator[str]:
    if verdict.state is State.SLIDING:
        yield from _sure(verdict, thresholds)
    if verdict.grown and verdict.state is not State.RECOVERING:
        yield f"What grew: {' and '.join(_growth(growth) for growth in verdict.grown[:_MOST_KINDS])} of the hours."
    if verdict.state is State.SLIDING:
        yield _complaints(verdict, thresholds)
    yield from _answered(verdict, thresholds)


def _sure(verdict: Verdict, thresholds: Thresholds) -> Iterator[str]:
    """Say how often chance does this, while the evidence is as strong as an alarm needs."""
    if verdict.pressure is None or verdict.pressure < 1:
        return
    years = 1 / false_alarms_at(verdict.pressure, thresholds.false_alarms)
    said = f"{years:.0f}" if years >= _WHOLE_YEARS else f"{years:.1f}"
    yield f"A team that doesn't change looks like this by chance once in {said} years at most."


def _points(fall: Fall) -> str:
    size, low, high = (round(value * 100) for value in (fall.size, fall.low, fall.high))
    return f"{size} {'point' if size == 1 else 'points'} ({low} to {high})"


def _growth(growth: Growth) -> str:
    label = KINDS[growth.kind].label
    return f"{label[0].lower()}{label[1:]} from {_percent(growth.before)} to {_percent(growth.after)}"


def _complaints(verdict: Verdict, thresholds: Thresholds) -> str:
    found = verdict.complaints
    if found is None:
        return _without_complaints(verdict)
    complain = f"{_percent(found.share)} of the newest answers complain"
    if _agree(found, thresholds):
        usual = "" if found.norm is None else f", against {_percent(found.norm)} before"
        named = f", most of {' and of '.join(CHIPS[chip].label.lower() for chip in found.named)}" if found.named else ""
        return f"{complain}{usual}{named}: with that it is the pitfall."
    if verdict.corroborated:
        return f"{complain}; more did earlier in this slide, so it stays the pitfall."
    if found.share >= thresholds.complaint_share and found.norm is not None:
        return f"{complain}, no more than usual ({_percent(found.norm)}), so this is an early warning."
    return f"{complain}, under the {_percent(thresholds.complaint_share)} of the pitfall, so this is an early warning."


def _without_complaints(verdict: Verdict) -> str:
    """Tell of complaints where no figure of theirs is known, or may be shown."""
    if verdict.corroborated:
        return (
            "Members complain more than usual; the figures would give single answers away. With that it is the pitfall."
        )
    return "No complaints are known that would confirm it, so this is an early warning and not the pitfall."


def _agree(found: Complaints, thresholds: Thresholds) -> bool:
    return found.share >= thresholds.complaint_share and (found.norm is None or found.share > found.norm)


def _answered(verdict: Verdict, thresholds: Thresholds) -> Iterator[str]:
    if not verdict.expected:
        return
    said = f"{verdict.respondents} of {verdict.expected} answers came in the newest {thresholds.recent_weeks} weeks"
    low = f", under {_percent(thresholds.response_floor)}: confidence is low" if verdict.low_confidence else ""
    yield f"{said}{low}."


def _missing(verdict: Verdict) -> str:
    match verdict.missing:
        case Missing.SILENCE:
            return "Too few people answered in the newest weeks to compare them with before."
        case Missing.FOLLOWS:
            return "This week's verdict follows: it isn't reached yet. Load the page again in a while."
        case Missing.NAMES:
            return "The answers carry no names, so nobody can be compared with their own past."
        case Missing.QUESTIONS:
            return f"The questions have changed, so that earlier answers don't compare. {_weeks_there(verdict)}"
        case _:
            return _weeks_there(verdict)


def _weeks_there(verdict: Verdict) -> str:
    needed = f"A verdict needs {verdict.weeks_needed} weeks with enough answers by name"
    return f"{needed}; so far there {'is' if verdict.weeks == 1 else 'are'} {verdict.weeks or 'none'}."


def _brings_a_verdict(verdict: Verdict) -> str:
    match verdict.missing:
        case Missing.SILENCE:
            return "The next week with enough answers brings the verdict back; reminding the team helps."
        case Missing.FOLLOWS:
            return ""
        case Missing.NAMES:
            return "Answers by the form bring one, and so does an import with a column of names or addresses."
        case _:
            left = max(1, verdict.weeks_needed - verdict.weeks)
            return f"{left} more {'week' if left == 1 else 'weeks'} with enough answers will bring one."


def _ends_a_slide(verdict: Verdict, thresholds: Thresholds) -> str:
    if verdict.fall is None or verdict.earlier_share is None:
        return ""
    made_up = verdict.earlier_share - max(RECOVERED * verdict.fall.size, LEAST_FALL / 100)
    ends = (
        f"It ends when the newest weeks come back to about {_percent(made_up)}; after {LONGEST_SLIDE} weeks the lower "
        "level counts as the usual one."
    )
    if verdict.corroborated:
        return ends
    needed = _percent(thresholds.complaint_share)
    return f"{ends} If {needed} of the answers complain, and more than usual, it becomes the excessive-BAU pitfall."


def _ends_a_recovery(verdict: Verdict) -> str:
    if (verdict.change or 0.0) > 0:
        return "It is over when the higher level has become the usual one; a new fall makes it a slide."
    return "It is over when about a third of the fall is left; falling further makes it a slide again."


def _ends_calm(verdict: Verdict, thresholds: Thresholds) -> str:
    if verdict.planned_share is None:
        return ""
    line = f"Several weeks clearly under {_percent(verdict.planned_share)} would show as a watch first"
    if verdict.level is Level.HEALTHY:
        return f"{line}."
    healthy, excessive = _percent(verdict.healthy_line), _percent(thresholds.excessive)
    return f"{line}. From {healthy} on the level counts as healthy, clearly under {excessive} as excessive BAU."


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
