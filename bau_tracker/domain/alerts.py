"""Decides which change of verdict is worth an alarm, when one is over, and when a weekly summary is due.

One slide is one alarm. A verdict that flickers for a few weeks belongs to the slide that was told; only what is worse
than anything told of it is told again. Who is told, and how, is left to the services.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import groupby, takewhile
from typing import Final
from zoneinfo import ZoneInfo

from bau_tracker.domain.verdicts import Signal
from bau_tracker.domain.weeks import Week

CALM_WEEKS: Final = 4
"""So many verdicts without an alarm in a row end one (judgement: a slide that pauses for less is the same slide)."""
SILENT_WEEKS: Final = 13
"""After a quarter without any verdict an alarm says nothing of the team any more (judgement)."""
NEWS_WEEKS: Final = 4
"""A newest verdict that is older, as of an old import, alarms nobody (judgement: a verdict looks back so far)."""
REMINDERS: Final = (1, 2, 4)
"""The weeks after which somebody can ask to be reminded."""
_SEVERITY: Final = {Signal.EARLY_WARNING: 1, Signal.EXCESSIVE: 2, Signal.PITFALL: 3}
_TO_WEDNESDAY: Final = timedelta(days=2)
_NOON: Final = time(12)


class Wish(StrEnum):
    """How a person wants to hear of alarms."""

    AT_ONCE = "at_once"
    WEEKLY = "weekly"
    NONE = "none"


class NoticeKind(StrEnum):
    """What is sent because of alarms; each goes once to one recipient."""

    ALARM = "alarm"
    REMINDER = "reminder"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Said:
    """What the verdict that stands of a week says."""

    week: Week
    signal: Signal


@dataclass(frozen=True, slots=True)
class Alarm:
    """A change worth telling: in which week, into what, from what, and the newest week when it was found."""

    week: Week
    signal: Signal
    turned_from: Signal
    found: Week

    @property
    def is_late(self) -> bool:
        """Say whether it was found only when later weeks had a verdict already."""
        return self.found > self.week


@dataclass(frozen=True, slots=True)
class Turn:
    """What the verdicts that stand ask for: an alarm, or the end of the open one; mostly neither.

    `is_calm` tells an end by calm verdicts from one by silence.
    """

    alarm: Alarm | None = None
    ends: bool = False
    is_calm: bool = False


def is_alarming(signal: Signal) -> bool:
    """Say whether a signal is one that leads are warned of; watch is not."""
    return signal in _SEVERITY


def severity(signal: Signal) -> int:
    """Rank a signal: 0 is no alarm, the pitfall is worst."""
    return _SEVERITY.get(signal, 0)


def turn(said: Sequence[Said], told: Alarm | None, newest: Week) -> Turn:
    """Compare the verdicts that stand, oldest first, with the alarm that is open, if any.

    `newest` is the newest week that has frozen. What the newest verdict doesn't say any more alarms nobody, however it
    was in between, and a week without enough data says nothing. Asking again changes nothing once the alarm is kept.
    """
    spoken = [one for one in said if one.signal is not Signal.NOT_ENOUGH_DATA]
    if not spoken or newest - spoken[-1].week >= SILENT_WEEKS:
        return Turn(ends=told is not None)
    ends = told is not None and _calmed(spoken, told)
    worst = 0 if told is None or ends else severity(told.signal)
    still = said[-1] == spoken[-1] and newest - spoken[-1].week < NEWS_WEEKS
    alarm = _alarm(spoken) if still and severity(spoken[-1].signal) > worst else None
    return Turn(alarm, ends=ends, is_calm=ends)


def summary_week(zones: Iterable[ZoneInfo], now: datetime) -> tuple[Week, datetime] | None:
    """Give the newest week whose summary is due, and since when: Wednesday noon has come in all zones.

    None without a zone.
    """
    chosen = list(zones)
    week = Week.containing(now.date())
    for candidate in (week, week.shift(-1)) if chosen else ():
        due = max(datetime.combine(candidate.monday + _TO_WEDNESDAY, _NOON, tzinfo=zone) for zone in chosen)
        if due <= now:
            return candidate, due
    return None


def _calmed(spoken: Sequence[Said], told: Alarm) -> bool:
    """Say whether an alarm is over: calm weeks now, or at a time since it was found, though it is bad again."""
    calm_now = list(takewhile(lambda one: not is_alarming(one.signal), reversed(spoken)))
    if len(calm_now) >= min(CALM_WEEKS, len(spoken)):
        return True
    after = groupby((one for one in spoken if one.week > told.found), lambda one: is_alarming(one.signal))
    return any(not alarming and len(list(run)) >= CALM_WEEKS for alarming, run in after)


def _alarm(spoken: Sequence[Said]) -> Alarm:
    """Give the alarm of the newest verdict: it began with the first of the last weeks that are as bad."""
    newest = spoken[-1]
    run = list(takewhile(lambda one: severity(one.signal) >= severity(newest.signal), reversed(spoken)))
    before = spoken[-len(run) - 1].signal if len(run) < len(spoken) else Signal.NOT_ENOUGH_DATA
    return Alarm(run[-1].week, newest.signal, before, newest.week)
