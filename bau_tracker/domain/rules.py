"""Decides which rules a team's week goes by: its moments, its minimums, and whether the missing are shown.

Rules count from a week on, so that a change leaves the weeks before alone: what people were told when they answered
stays true. How rules are kept is a list of plain values, each with the Monday from which it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bau_tracker.domain.privacy import Minimums
from bau_tracker.domain.weeks import MOMENTS, DayTime, Schedule, Week, WeekTimes


@dataclass(frozen=True, slots=True)
class WeekRules:
    """The rules of one week; with `shows_missing` the team sees by name who hasn't answered yet."""

    times: WeekTimes
    minimums: Minimums = field(default_factory=Minimums)
    shows_missing: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a team's weeks; `versions` holds (first week, rules), oldest first, which counts for all before."""

    versions: tuple[tuple[Week, WeekRules], ...]

    @property
    def schedule(self) -> Schedule:
        """Give the moments alone."""
        return Schedule(tuple((first, rules.times) for first, rules in self.versions))

    @property
    def newest(self) -> WeekRules:
        """Give the rules that were decided last, which may count from the next week only."""
        return self.versions[-1][1]

    def of(self, week: Week) -> WeekRules:
        """Give the rules of a week."""
        return next((rules for first, rules in reversed(self.versions) if first <= week), self.versions[0][1])

    def counts_from(self, now: datetime) -> Week:
        """Give the week from which the newest rules count, if that is to come; else the next one to open."""
        return max(self.schedule.newest_started(now).shift(1), self.versions[-1][0])

    def changed(self, rules: WeekRules, now: datetime) -> Rules:
        """Give the rules with others from the first week on that has not opened yet.

        Where that week would open before the one that runs freezes, they count a week later: people were told until
        when they have.
        """
        schedule = self.schedule
        first = schedule.newest_started(now).shift(1)
        running = first.shift(-1)
        if rules.times.moment(first, "opens") < schedule.times(running).moment(running, "freezes"):
            first = first.shift(1)
        kept = tuple((week, old) for week, old in self.versions if week < first)
        return Rules((*kept, (first, rules)))


def read_rules(stored: Sequence[Mapping[str, Any]], zone: str) -> Rules:
    """Read rules as they are kept; an empty list means the defaults in the team's time zone."""
    if not stored:
        return Rules(((Week(date(1900, 1, 1)), WeekRules(WeekTimes(ZoneInfo(zone)))),))
    return Rules(tuple((Week(date.fromisoformat(one["from"])), _read(one)) for one in stored))


def stored_rules(rules: Rules) -> list[dict[str, Any]]:
    """Lay rules out as they are kept."""
    return [
        {
            "from": first.monday.isoformat(),
            "timezone": one.times.zone.key,
            **{name: _stored_moment(getattr(one.times, name)) for name in MOMENTS},
            "time_split": one.minimums.time_split,
            "comments": one.minimums.comments,
            "shows_missing": one.shows_missing,
        }
        for first, one in rules.versions
    ]


def _read(stored: Mapping[str, Any]) -> WeekRules:
    moments = {name: DayTime(stored[name][0], time.fromisoformat(stored[name][1])) for name in MOMENTS}
    return WeekRules(
        times=WeekTimes(ZoneInfo(stored["timezone"]), **moments),
        minimums=Minimums(stored["time_split"], stored["comments"]),
        shows_missing=stored["shows_missing"],
    )


def _stored_moment(moment: DayTime) -> list[Any]:
    return [moment.day, f"{moment.at:%H:%M}"]
