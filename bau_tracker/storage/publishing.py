"""Keeps what was published of a week while it changes, and gives each week as it stands published. Commits nothing.

A week is published by its freeze. When its answers change afterwards, the sums of before are kept in `published_week`
and stand until the change is large enough to show (`domain.privacy.may_replace`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from bau_tracker.domain.privacy import Group, Release, changed_people, is_kept, last_of_block, may_replace
from bau_tracker.domain.rules import Rules
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.surveys import CATEGORIES, Unit
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import tables
from bau_tracker.storage.availability import members_in_weeks
from bau_tracker.storage.columns import WeekColumns
from bau_tracker.storage.surveys import CHIP_COLUMNS
from bau_tracker.storage.teams import rules_of

_COLUMNS: Final = tuple(WeekColumns.model_fields)


def releases(session: Session, teams: Sequence[tables.Team], now: datetime) -> dict[int, dict[Week, Release]]:
    """Give every week with answers that is published, by team number and week, as it stands; oldest first."""
    ids = [team.id for team in teams]
    kept = {(row.team_id, row.week): row for row in _rows(session, tables.PublishedWeek, ids)}
    rules = {team.id: rules_of(team) for team in teams}
    units = {team.id: Unit.of(team.step, team.hours_per_week, team.hours_per_week) for team in teams}
    found: dict[int, dict[Week, Release]] = defaultdict(dict)
    for row in _rows(session, tables.TeamWeek, ids):
        release = _release(row, kept.get((row.team_id, row.week)), rules[row.team_id], now)
        if release is not None:
            found[row.team_id][release.totals.week] = replace(release, unit=units[row.team_id].smallest)
    return found


def keep_published(session: Session, team: tables.Team, week: Week, now: datetime) -> None:
    """Keep the sums of a published week as they stand, before it is opened again; also that nobody had answered."""
    row = session.get(tables.TeamWeek, (team.id, week.monday))
    if row is not None:
        keep_sums(session, row.model_dump(), rules_of(team), now)
    elif block_is_over(rules_of(team), week, now):
        expected = members_in_weeks(session, [team], [week]).get((team.id, week), 0)
        keep_nothing(session, team.id, week, expected)


def keep_sums(session: Session, row: Mapping[str, Any], rules: Rules, now: datetime) -> None:
    """Keep the sums of a published week, given by column, unless earlier ones stand because these don't show."""
    week, key = Week(row["week"]), (row["team_id"], row["week"])
    minimums, over = rules.of(week).minimums, block_is_over(rules, week, now)
    stands = session.get(tables.PublishedWeek, key)
    kept = read_group(stands.made_of) if stands else None
    if not is_kept(kept, read_group(row["made_of"]), minimums, block_is_over=over):
        return
    session.merge(tables.PublishedWeek(**{name: row[name] for name in _COLUMNS}))
    session.flush()


def block_is_over(rules: Rules, week: Week, now: datetime) -> bool:
    """Say whether the weeks that a small week is shown together with have all frozen."""
    return rules.schedule.freezes(last_of_block(week)) <= now


def weeks_open_again(session: Session, ids: Sequence[int], now: datetime) -> dict[int, set[Week]]:
    """Give the published weeks that are open again, by team number."""
    reopening = tables.Reopening
    found = select(col(reopening.team_id), col(reopening.week)).where(
        col(reopening.team_id).in_(ids), col(reopening.freezes_at) > now
    )
    weeks: dict[int, set[Week]] = defaultdict(set)
    for team_id, monday in session.exec(found):
        weeks[team_id].add(Week(monday))
    return weeks


def keep_nothing(session: Session, team_id: int, week: Week, expected: int) -> None:
    """Keep that nobody had answered a week when it was published, unless that is known."""
    if session.get(tables.PublishedWeek, (team_id, week.monday)) is None:
        session.add(tables.PublishedWeek(team_id=team_id, week=week.monday, expected=expected))
        session.flush()


def read_group(made_of: str) -> Group:
    """Read the respondents of a week, and the revisions of their answers."""
    entries = (entry.rpartition("=") for entry in made_of.split("\n") if entry)
    return {name: int(revision) for name, _, revision in entries}


def _rows(session: Session, table: type[Any], ids: Sequence[int]) -> Sequence[Any]:
    found = select(table).where(col(table.team_id).in_(ids))
    return session.exec(found.order_by(col(table.team_id), col(table.week))).all()


def _release(row: tables.TeamWeek, kept: tables.PublishedWeek | None, rules: Rules, now: datetime) -> Release | None:
    """Give what stands published of a week: the newest sums, or those of before while the change is too small."""
    frozen, week_rules = row.freezes_at <= now, rules.of(Week(row.week))
    newest = read_group(row.made_of)
    group = read_group(kept.made_of) if kept else newest
    stands: tables.TeamWeek | tables.PublishedWeek = row
    waiting = 0
    if kept is not None and not (frozen and may_replace(group, newest, week_rules.minimums)):
        stands, waiting = kept, len(changed_people(group, newest)) if frozen else 0
    elif not frozen:
        return None
    return Release(
        totals=replace(totals_of(stands), waiting=waiting),
        group=newest if stands is row else group,
        minimums=week_rules.minimums,
        names_shown=week_rules.shows_missing,
    )


def totals_of(row: WeekColumns) -> WeekTotals:
    """Read a week's sums from their columns."""
    return WeekTotals(
        week=Week(row.week),
        hours={name: getattr(row, name) for name in CATEGORIES},
        callouts=row.callouts,
        respondents=row.respondents,
        away=row.away,
        expected=row.expected,
        complaint_answers=row.complaint_answers,
        complaining=row.complaining,
        chips={chip: getattr(row, column) for chip, column in CHIP_COLUMNS.items()},
        deferred=row.deferred,
        deferred_answers=row.deferred_answers,
        revision=row.revision,
    )


def reopenings_of(session: Session, team_id: int) -> list[tuple[tables.Reopening, tables.Person | None]]:
    """Give the reopenings of a team's weeks with who opened each, newest first."""
    reopening, person = tables.Reopening, tables.Person
    found = select(reopening, person).outerjoin(person, col(person.id) == col(reopening.person_id))
    ordered = found.where(col(reopening.team_id) == team_id).order_by(col(reopening.reopened_at).desc())
    return [(one, who) for one, who in session.exec(ordered)]
