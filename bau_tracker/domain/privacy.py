"""Decides what may be shown of a group's answers, so that no person's values can be read off. Applied in the queries.

Three rules, each against a way to subtract. The minimum: a figure is made of the answers of enough others than the
viewer. The change: a published figure isn't replaced while the difference would be that of a few late answers. The
neighbour: where everybody answered, so that the group is known, a week whose group differs by one or two people from a
week shown shortly before is rounded, since "the others did what they always do" would give a newcomer's week away.
What is hidden is shown four weeks together. Who may see a team at all is left to `permissions`.

Minimums are the domain's defaults (vendors use 5, adjustable to 3; product teams are 4-7); the rest is our judgement.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.statistics import WeekTotals, planned_share
from bau_tracker.domain.surveys import CATEGORIES, shared_out
from bau_tracker.domain.taxonomy import Kind
from bau_tracker.domain.weeks import Week

LEAST_MINIMUM: Final = 3
"""With two, each of them reads the other's answer; vendors go no lower either."""
MOST_MINIMUM: Final = 20
NEIGHBOURS: Final = 4
"""So many weeks back, a week with another group is near enough to be compared: work changes within a month."""
POOLED_WEEKS: Final = 4
ROUNDING: Final = 0.05
"""A rounded share is a multiple of this: of five people, one could then be anywhere within 25 points."""
ROUNDED_HOURS: Final = 10.0
ANONYMOUS: Final = "anonymous:"
"""Begins the name of a respondent without a person, who may have another name in the next week."""

Group = Mapping[str, int]
"""Whose answers with hours a week is made of: respondent -> revision of the answer."""
Known = Mapping[Week, AbstractSet[tuple[str, int]]]
"""The answers of each week, as (respondent, revision), that a viewer could subtract: own and imported ones."""


@dataclass(frozen=True, slots=True)
class Minimums:
    """Of how many people's answers a figure must be made, those that the viewer knows left out.

    Raises InvalidInput for minimums that protect nobody.
    """

    time_split: int = 3
    comments: int = 5

    def __post_init__(self) -> None:
        if not LEAST_MINIMUM <= self.time_split <= MOST_MINIMUM:
            raise InvalidInput(
                f"Figures need at least {LEAST_MINIMUM} and at most {MOST_MINIMUM} people.", "time_split"
            )
        if not self.time_split <= self.comments <= MOST_MINIMUM:
            raise InvalidInput(
                f"Comments need at least as many people as figures, and at most {MOST_MINIMUM}.", "comments"
            )


@dataclass(frozen=True, slots=True)
class Release:
    """A week as it was published, before any viewer's minimums.

    `group` says whose answers it is made of, `names_shown` that the team saw who hadn't answered. `unit` is the hours
    of the smallest amount that the team's form takes.
    """

    totals: WeekTotals
    group: Group
    minimums: Minimums = field(default_factory=Minimums)
    names_shown: bool = False
    unit: float = 0.5

    @property
    def missing(self) -> int:
        """Count the people who were asked and didn't answer."""
        return self.totals.expected - self.totals.respondents


@dataclass(frozen=True, slots=True)
class Pool:
    """Weeks that are too small alone, together: the planned share (0..1, rounded) and the biggest kind of BAU."""

    first: Week
    last: Week
    weeks: int
    answers: int
    planned_share: float | None
    biggest: Kind | None


def changed_people(before: Group, after: Group) -> set[str]:
    """Give the respondents whose answers differ between two states of a week: added, changed or gone."""
    return {name for name, _ in before.items() ^ after.items()}


def is_kept(kept: Group | None, before: Group, minimums: Minimums, *, block_is_over: bool) -> bool:
    """Say whether a published week's state before a change is to be kept as the one that people saw.

    `kept` is an earlier one that still stands if `before` could not be shown in its place. Of a week that was too small
    to be shown nobody saw anything before its block was over.
    """
    if kept is None:
        return block_is_over or len(before) >= minimums.time_split
    return may_replace(kept, before, minimums)


def may_replace(before: Group, after: Group, minimums: Minimums) -> bool:
    """Say whether a week's new state may be shown where the old one was: no few people's answers are the difference.

    Enough for any viewer who is one of them; or everybody's, and then the difference is that of whole groups. A small
    week that is shown together with others stays as it is, since what moves in a sum can be told from the sum.
    """
    if 0 < len(before) < minimums.time_split:
        return False
    changed = changed_people(before, after)
    whole = changed == set(before) | set(after) and len(after) >= minimums.time_split
    return len(changed) > minimums.time_split or whole


def shown_to(releases: Sequence[Release], known: Known, silent: AbstractSet[Week] = frozenset()) -> list[WeekTotals]:
    """Give a team's weeks, oldest first, as a viewer may see them: in units, rounded, or only counts of answers.

    `silent` holds the weeks in which the viewer was asked and gave no answer: they know that one of the missing.
    """
    shown: list[WeekTotals] = []
    exact: list[tuple[Week, set[str]]] = []
    for release in releases:
        others = _others(release, known)
        week = release.totals.week
        group_is_known = release.names_shown or release.missing <= (week in silent)
        if _is_hidden(release, others):
            shown.append(_hidden(release.totals))
        elif group_is_known and _has_near_neighbour(release, others, exact):
            shown.append(_rounded(release.totals))
        else:
            shown.append(_in_units(release, len(release.group) - len(others)))
            if group_is_known and release.group:
                exact.append((week, others))
    return shown


def pools(
    releases: Sequence[Release], known: Known, *, last_frozen: Week, open_again: AbstractSet[Week] = frozenset()
) -> list[Pool]:
    """Put the weeks that are hidden from a viewer together, in blocks of POOLED_WEEKS that never overlap.

    A block shows once all its weeks have frozen and while none is open again, since one that grew week by week would
    give each week away. It is made of the hidden weeks alone, of enough others, and rounded.
    """
    moving = {block_of(week) for week in open_again}
    found = []
    for block, members in groupby(releases, key=lambda release: block_of(release.totals.week)):
        hidden = [
            (release, others)
            for release in members
            if (others := _others(release, known)) and _is_hidden(release, others)
        ]
        if not hidden or block in moving or last_of_block(hidden[0][0].totals.week) > last_frozen:
            continue
        enough = max(release.minimums.time_split for release, _ in hidden)
        if _people([others for _, others in hidden]) >= enough:
            found.append(_pool([release.totals for release, _ in hidden]))
    return found


def may_show_comments(release: Release, known: Known) -> bool:
    """Say whether the comments of a week may be shown: enough others answered (not: enough commented)."""
    return _is_enough(release.group, _others(release, known), release.minimums.comments)


def _others(release: Release, known: Known) -> set[str]:
    """Give the respondents of a week whose answers the viewer doesn't know."""
    return {name for name, _ in release.group.items() - known.get(release.totals.week, frozenset())}


def _is_enough(group: Group, others: AbstractSet[str], minimum: int) -> bool:
    """Say whether a group is large enough, and those in it whom the viewer doesn't know are too, or nobody."""
    return len(group) >= minimum and (len(others) >= minimum or not others)


def _is_hidden(release: Release, others: AbstractSet[str]) -> bool:
    return bool(release.group) and not _is_enough(release.group, others, release.minimums.time_split)


def _has_near_neighbour(release: Release, others: set[str], exact: Sequence[tuple[Week, set[str]]]) -> bool:
    return any(
        0 < len(others ^ earlier) < release.minimums.time_split
        for week, earlier in exact
        if release.totals.week - week <= NEIGHBOURS
    )


def _in_units(release: Release, known: int) -> WeekTotals:
    """Give a week's hours as multiples of the form's unit, and what too few were asked about not at all.

    An amount that is no multiple, of somebody with other hours than the rest, could be read off the sum's remainder.
    """
    totals = release.totals
    units = {name: _nearest(value, release.unit) for name, value in totals.hours.items()}
    kept = replace(totals, hours=units)
    if 0 < totals.complaint_answers < release.minimums.time_split + known:
        kept = replace(kept, complaint_answers=0, complaining=0, chips=dict.fromkeys(totals.chips, 0))
    if 0 < totals.deferred_answers < release.minimums.time_split + known:
        kept = replace(kept, deferred=0, deferred_answers=0)
    return kept


def _hidden(totals: WeekTotals) -> WeekTotals:
    return replace(_counts_of(totals), hidden=True)


def _rounded(totals: WeekTotals) -> WeekTotals:
    """Round a week's hours so that the planned share is a multiple of ROUNDING and each kind a tenth of the BAU.

    Callouts and complaints go: a count of two or three can't be rounded.
    """
    share = totals.planned_share
    if share is None:
        return _hidden(totals)
    overhead, placed = totals.hours["overhead"], totals.hours["planned"] + totals.bau
    placed, share = _nearest(placed, ROUNDED_HOURS), _nearest(share, ROUNDING)
    bau = placed * (1 - share)
    tenths = shared_out(10, [totals.hours[kind.value] for kind in Kind])
    hours = {kind.value: round(bau * tenth / 10, 1) for kind, tenth in zip(Kind, tenths, strict=True)}
    hours |= {"planned": round(placed * share, 1), "overhead": _nearest(overhead, ROUNDED_HOURS)}
    return replace(_counts_of(totals), hours=hours, rounded=True)


def _counts_of(totals: WeekTotals) -> WeekTotals:
    """Give what is no secret of a week: how many answered, were away, were expected, and what came later."""
    return WeekTotals(
        week=totals.week,
        respondents=totals.respondents,
        away=totals.away,
        expected=totals.expected,
        revision=totals.revision,
        waiting=totals.waiting,
    )


def _nearest(value: float, step: float) -> float:
    return round(round(value / step) * step, 2)


def block_of(week: Week) -> int:
    """Number the block of POOLED_WEEKS that a week lies in."""
    return (week.monday.toordinal() // 7) // POOLED_WEEKS


def last_of_block(week: Week) -> Week:
    """Give the last week of the block that a week lies in."""
    return Week(date.fromordinal(((block_of(week) + 1) * POOLED_WEEKS - 1) * 7 + 1))


def _people(groups: Sequence[AbstractSet[str]]) -> int:
    """Count the people in several weeks at least; nameless answers of different weeks may be one person's."""
    named = {name for group in groups for name in group if not name.startswith(ANONYMOUS)}
    nameless = max((sum(name.startswith(ANONYMOUS) for name in group) for group in groups), default=0)
    return len(named) + nameless


def _pool(weeks: Sequence[WeekTotals]) -> Pool:
    hours = {name: math.fsum(totals.hours.get(name, 0.0) for totals in weeks) for name in CATEGORIES}
    biggest = max(Kind, key=lambda kind: hours[kind.value])
    bau = math.fsum(hours[kind.value] for kind in Kind)
    share = planned_share(hours["planned"], bau)
    return Pool(
        first=weeks[0].week,
        last=weeks[-1].week,
        weeks=len(weeks),
        answers=sum(totals.respondents for totals in weeks),
        planned_share=None if share is None else _nearest(share, ROUNDING),
        biggest=biggest if bau else None,
    )
