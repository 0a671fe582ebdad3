"""Decides how verdicts reached with other settings are held against those of the settings that stand.

Only weeks that the reader may see are compared: from what others would have been called, by many settings, their
figures could be told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bau_tracker.domain.verdicts import Signal, Verdict
from bau_tracker.domain.weeks import Week

ALARMS: Final = frozenset({Signal.EARLY_WARNING, Signal.PITFALL})
COMPARED_WEEKS: Final = 52
_MOST_SAID: Final = 3


@dataclass(frozen=True, slots=True)
class Alarm:
    """A slide as it was shown: first and last week in which it was, and the week that the fall began with."""

    begun: Week
    last: Week
    since: Week


@dataclass(frozen=True, slots=True)
class WeekCompared:
    """What a week is called with the settings that stand, and what it would be with others."""

    week: Week
    now: Signal
    tried: Signal

    @property
    def differs(self) -> bool:
        """Say whether the week would be called otherwise."""
        return self.now is not self.tried


@dataclass(frozen=True, slots=True)
class Span:
    """Weeks in a row that would be called otherwise in the same way."""

    first: Week
    last: Week
    now: Signal
    tried: Signal


@dataclass(frozen=True, slots=True)
class Comparison:
    """The newest weeks compared, oldest first, with the alarms that began in them."""

    weeks: Sequence[WeekCompared] = ()
    now: Sequence[Alarm] = ()
    tried: Sequence[Alarm] = ()

    @property
    def differing(self) -> int:
        """Count the weeks that would be called otherwise."""
        return sum(week.differs for week in self.weeks)

    @property
    def spans(self) -> list[Span]:
        """Give the weeks that would be called otherwise, those in a row together."""
        runs = groupby(self.weeks, key=lambda week: (week.now, week.tried))
        rows = [(now, tried, list(weeks)) for (now, tried), weeks in runs if now is not tried]
        return [Span(weeks[0].week, weeks[-1].week, now, tried) for now, tried, weeks in rows]


def compare(now: Sequence[Verdict], tried: Sequence[Verdict], shown: Collection[Week]) -> Comparison:
    """Hold the verdicts of the same weeks, oldest first, against each other, as far as the weeks are shown."""
    pairs = [(before, after) for before, after in zip(now, tried, strict=True) if before.week in shown]
    weeks = [WeekCompared(before.week, before.signal, after.signal) for before, after in pairs][-COMPARED_WEEKS:]
    if not weeks:
        return Comparison()
    first = weeks[0].week
    alarms = ([alarm for alarm in alarms_in(one) if alarm.begun >= first] for one in zip(*pairs, strict=True))
    return Comparison(weeks, *alarms)


def alarms_in(verdicts: Sequence[Verdict]) -> list[Alarm]:
    """Give the alarms of a team's weeks: early warnings and pitfalls, one for each slide, however it turned between."""
    found: list[Alarm] = []
    goes_on = False
    for verdict in verdicts:
        if verdict.signal in ALARMS:
            begun = found.pop().begun if goes_on else verdict.week
            found.append(Alarm(begun, verdict.week, verdict.fall.onset if verdict.fall else begun))
        goes_on = verdict.signal in ALARMS or (goes_on and verdict.signal is Signal.NOT_ENOUGH_DATA)
    return found


def comparison_words(found: Comparison) -> str:
    """Say in sentences how many alarms there would have been, which others, and how many weeks differ."""
    if not found.weeks:
        return "No week can be compared yet."
    weeks = f"in the last {len(found.weeks)} weeks" if len(found.weeks) > 1 else "in the one week there is"
    if not found.differing:
        return f"With these settings nothing would have been different {weeks}: {_alarms(len(found.now))}, as now."
    shifts = list(_shifts(found))
    more = [f"{len(shifts) - _MOST_SAID} more differ"] if len(shifts) > _MOST_SAID else []
    counts = f"With these settings {count_words(len(found.now), len(found.tried))} {weeks}"
    called = f"{found.differing} {'week' if found.differing == 1 else 'weeks'} would have been called otherwise."
    return f"{'; '.join([counts, *shifts[-_MOST_SAID:], *more])}. {called}"


def count_words(now: int, tried: int) -> str:
    """Say how many alarms there would be: `2 alarms instead of 1`, `1 alarm, as now`."""
    return f"{_alarms(tried)}, as now," if now == tried else f"{_alarms(tried)} instead of {now}"


def _shifts(found: Comparison) -> Iterator[str]:
    """Say of each alarm whether it would have come sooner, later or not at all, and which others would have come."""
    left = list(found.tried)
    for alarm in found.now:
        match = next((other for other in left if _is_same(alarm, other)), None)
        if match is None:
            yield f"the slide since {alarm.since} would not have been seen"
            continue
        left.remove(match)
        weeks = abs(alarm.begun - match.begun)
        if weeks:
            when = f"{'week' if weeks == 1 else 'weeks'} {'earlier' if match.begun < alarm.begun else 'later'}"
            yield f"the slide since {alarm.since} would have been seen {weeks} {when}"
    yield from (f"a slide since {alarm.since} would have been seen in {alarm.begun}" for alarm in left)


def _is_same(alarm: Alarm, other: Alarm) -> bool:
    return alarm.begun <= other.last and other.begun <= alarm.last


def _alarms(number: int) -> str:
    return "1 alarm" if number == 1 else f"{number or 'no'} alarms"
