"""Decides what the answers of each week tell of a team, apart from anything that can be set.

A look at a week uses the answers up to it and none later, of a window of a year in which the same questions were asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from bau_tracker.domain.alarms import Reading
from bau_tracker.domain.change_fit import NORMAL_95, Change, fit_change
from bau_tracker.domain.evidence import Evidence
from bau_tracker.domain.like_for_like import ANSWER_VARIANCE, Effects, Floats, week_effects
from bau_tracker.domain.surprise import EARLIER, RECENT, Surprise, row_medians, surprise
from bau_tracker.domain.weeks import Week

WINDOW: Final = 53
"""A week is held against those of the year before it."""
LEAST_WEEKS: Final = 6
"""A surprise needs so many weeks with answers, the newest included."""
EARLIER_THAN: Final = 6
"""A team's own earlier level is that of the EARLIER newest weeks that are so many weeks old or older."""
LEAST_EARLIER: Final = 3
WORTH_DATING: Final = 2.0
"""A fall of fewer points isn't dated."""
PRESENT: Final = 8
"""Where it isn't known who belongs to a team, those do who answered in so many of its newest weeks."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A week's planned share (0..100) as the people who are there now would have had it, with its interval of 95 %.

    `fitted` is the line of the fitted change, None where there is none; `clipped` marks a week that counts in part.
    """

    week: Week
    share: float
    low: float
    high: float
    clipped: bool
    fitted: float | None


@dataclass(frozen=True, slots=True)
class Look:
    """What a week told: its reading, whether it was limited, and the fall so far with the week that it began with."""

    reading: Reading
    clipped: bool
    change: Change | None
    since: Week | None


@dataclass(frozen=True, slots=True)
class _View:
    """What is known at the end of a week: the window's weeks and places, their effects, and who is in the team."""

    weeks: list[Week]
    places: Floats
    effects: Effects
    surprise: Surprise
    present: Floats


class Answers:
    """A team's answers as arrays of people by weeks, of the weeks in which somebody answered by name."""

    def __init__(self, evidence: Sequence[Evidence], *, dated: bool = True) -> None:
        """Lay the answers out; `dated` False says that the weeks' days are made up, so that no quarter ends."""
        self._given = [one for one in evidence if one.said]
        names = sorted({person for one in self._given for person in one.said})
        self._row = {person: row for row, person in enumerate(names)}
        self._shares = np.full((len(names), len(self._given)), np.nan)
        self._hours = np.zeros((len(names), len(self._given)))
        for column, one in enumerate(self._given):
            for person, said in one.said.items():
                self._shares[self._row[person], column] = said.share * 100
                self._hours[self._row[person], column] = said.hours
        ends = [float(dated and _ends_a_quarter(one.week)) for one in self._given]
        self._quarter_ends = np.array(ends)
        self._anew = _asked_anew(evidence, [one.week for one in self._given])

    def looks(self) -> Iterator[tuple[Week, int, Look | None]]:
        """Give each week with answers, how many weeks it can be compared with (itself included), and what it told."""
        for week, weeks, view in self._views():
            yield week, weeks, _look(view) if view else None

    def adjusted(self) -> list[Adjusted]:
        """Give the newest window week by week, oldest first, as the newest look saw it; empty where it saw nothing."""
        newest = deque((view for *_, view in self._views()), maxlen=1)
        return _adjusted(newest[0]) if newest and newest[0] else []

    def _views(self) -> Iterator[tuple[Week, int, _View | None]]:
        """Give each week, how many weeks its window holds, and its view; None of fewer than LEAST_WEEKS.

        The variance of an answer that a week is seen with was learned from the view before, and not from the week.
        """
        variance = ANSWER_VARIANCE
        for last, one in enumerate(self._given):
            columns = self._window(last)
            view = self._view(columns, variance) if len(columns) >= LEAST_WEEKS else None
            yield one.week, len(columns), view
            variance = view.effects.variance if view else variance

    def _window(self, last: int) -> list[int]:
        newest, anew = self._given[last].week, self._anew[last]
        first = last
        while first > 0 and newest - self._given[first - 1].week < WINDOW and self._anew[first - 1] == anew:
            first -= 1
        return list(range(first, last + 1))

    def _view(self, columns: list[int], variance: float) -> _View:
        window = slice(columns[0], columns[-1] + 1)
        shares = self._shares[:, window]
        known = ~np.isnan(shares).all(axis=1)
        hours = self._hours[:, window][known]
        effects = week_effects(shares[known], hours, variance)
        weeks = [self._given[column].week for column in columns]
        places = np.array([week - weeks[0] for week in weeks], dtype=float)
        found = surprise(effects, places, self._quarter_ends[window])
        present = self._present(columns)[known] * _usual_hours(hours)
        return _View(weeks, places, effects, found, present / present.sum())

    def _present(self, columns: list[int]) -> Floats:
        """Give 1 for each person who belongs to the team in the newest week, of those who answered in the window."""
        shares = self._shares[:, columns]
        members = self._given[columns[-1]].members
        known = ~np.isnan(shares).all(axis=1)
        if members is None:
            here = ~np.isnan(shares[:, -PRESENT:]).all(axis=1)
        else:
            here = known & np.array([person in members for person in self._row])
        return np.where(here if here.any() else known, 1.0, 0.0)


def _ends_a_quarter(week: Week) -> bool:
    """Say whether a week is one of the last two that begin in a quarter."""
    in_two_weeks = week.monday + timedelta(weeks=2)
    return (in_two_weeks.month - 1) // 3 != (week.monday.month - 1) // 3


def _asked_anew(evidence: Sequence[Evidence], weeks: Sequence[Week]) -> list[int]:
    """Number, for each week with answers, how often the questions had changed by then."""
    changed = [one.week for one in evidence if one.asked_anew]
    return [sum(change <= week for change in changed) for week in weeks]


def _usual_hours(hours: Floats) -> Floats:
    """Give the median of the hours of each person's answers, of which each has one at least."""
    return row_medians(np.where(hours > 0, hours, np.nan))


def _look(view: _View) -> Look:
    found, newest = view.surprise, len(view.weeks) - 1
    level, error = _level(view)
    fall = _fall(found, view.places)
    change = fit_change(found.believed, found.covariance, view.places) if fall >= WORTH_DATING else None
    return Look(
        reading=Reading(found.z, level, error, fall),
        clipped=bool(found.clipped[newest]),
        change=change,
        since=view.weeks[change.onset] if change else None,
    )


def _level(view: _View) -> tuple[float, float]:
    """Give where those present stand in the newest weeks, and how sure that is as the team's lasting level."""
    found, effects = view.surprise, view.effects
    recent = np.zeros(len(view.weeks))
    recent[-RECENT:] = 1 / RECENT
    own_noise = found.covariance - effects.covariance
    levels, errors = effects.levels(view.present, recent[None, :])
    moved = float(recent @ (found.believed - effects.weeks + np.median(effects.weeks)))
    return float(levels[0]) + moved, float(np.sqrt(errors[0] ** 2 + recent @ own_noise @ recent))


def _fall(found: Surprise, places: Floats) -> float:
    """Give how far the newest weeks lie under the earlier ones; 0 while there are too few of those."""
    old = places <= places[-1] - EARLIER_THAN
    if old.sum() < LEAST_EARLIER:
        return 0.0
    return float(found.believed[old][-EARLIER:].mean() - found.believed[-RECENT:].mean())


def _adjusted(view: _View) -> list[Adjusted]:
    shares, errors = view.effects.levels(view.present, np.eye(len(view.weeks)))
    look = _look(view)
    shift = float(shares[0] - view.effects.weeks[0] + np.median(view.effects.weeks))
    lines: list[float | None] = [None] * len(view.weeks)
    if look.change:
        lines = [float(value) + shift for value in look.change.fitted]
    return [
        Adjusted(week, float(share), float(share - doubt), float(share + doubt), bool(clipped), line)
        for week, share, doubt, clipped, line in zip(
            view.weeks, shares, NORMAL_95 * errors, view.surprise.clipped, lines, strict=True
        )
    ]
