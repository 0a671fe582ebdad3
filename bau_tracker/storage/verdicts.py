"""Keeps verdicts as they were reached, and knows in one query which teams' could have changed. Commits nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bau_tracker.domain.weeks import Week
from bau_tracker.storage.import_tables import DefinitionBreak
from bau_tracker.storage.tables import Absence, Membership, PublishedWeek, Reopening, Team, TeamWeek
from bau_tracker.storage.teams import newest_frozen
from bau_tracker.storage.verdict_tables import SettledTeam, StoredVerdict

_PEOPLE_APART: Final = 97


def standing_verdicts(
    session: Session, team_ids: Collection[int], *, since: Week | None = None
) -> dict[int, dict[Week, StoredVerdict]]:
    """Give the verdict that stands of each week, by team number and week."""
    other = aliased(StoredVerdict)
    newest = (
        sa.select(sa.func.max(col(other.number)))
        .where(col(other.team_id) == col(StoredVerdict.team_id), col(other.week) == col(StoredVerdict.week))
        .scalar_subquery()
    )
    found = select(StoredVerdict).where(col(StoredVerdict.team_id).in_(team_ids), col(StoredVerdict.number) == newest)
    if since is not None:
        found = found.where(col(StoredVerdict.week) >= since.monday)
    standing: dict[int, dict[Week, StoredVerdict]] = defaultdict(dict)
    for one in session.exec(found):
        standing[one.team_id][Week(one.week)] = one
    return standing


def verdicts_of(session: Session, team_id: int) -> dict[Week, list[StoredVerdict]]:
    """Give all that was ever reached on a team, by week, newest week first, and in a week the newest last."""
    found = select(StoredVerdict).where(col(StoredVerdict.team_id) == team_id)
    ordered = found.order_by(col(StoredVerdict.week).desc(), col(StoredVerdict.number))
    by_week: dict[Week, list[StoredVerdict]] = defaultdict(list)
    for one in session.exec(ordered):
        by_week[Week(one.week)].append(one)
    return by_week


def hold_unless_held(session: Session, team_id: int) -> bool:
    """Hold a team like `surveys.lock_team`, without waiting; false when somebody else holds it.

    SQLite's own write lock does the same, and there this locks nothing.
    """
    session.expire_all()
    held = select(col(Team.id)).where(col(Team.id) == team_id).with_for_update(key_share=True, skip_locked=True)
    return session.exec(held).one_or_none() is not None


def keep_settled(session: Session, team: Team, mark: str, now: datetime) -> None:
    """Keep that a team's verdicts are settled as of a moment, on what this mark stands for."""
    session.merge(SettledTeam(team_id=team.id, mark=mark, settled_at=now))
    session.flush()


def mark_of(session: Session, team: Team, now: datetime) -> str:
    """Give the mark of all that a team's verdicts hang on."""
    return marks_of(session, [team], now)[team.id][0]


def unsettled(session: Session, teams: Sequence[Team], now: datetime) -> list[Team]:
    """Give the teams whose verdicts may be missing, or were reached on something else than what stands now."""
    marks = marks_of(session, teams, now)
    return [team for team in teams if marks[team.id][0] != marks[team.id][1]]


def marks_of(session: Session, teams: Sequence[Team], now: datetime) -> dict[int, tuple[str, str | None]]:
    """Give each team's mark of all that verdicts hang on, and the one when they were settled, by number; in one query.

    It is made of counts and sums, so that it costs little; the timer looks at the evidence itself.
    """
    by_id = {team.id: team for team in teams}
    found = sa.select(Team.id, col(SettledTeam.mark), *_counts(now)).outerjoin(  # type: ignore[call-overload]  # a row of computed columns
        SettledTeam, col(SettledTeam.team_id) == col(Team.id)
    )
    rows = session.execute(found.where(col(Team.id).in_(by_id)))
    return {row[0]: (_mark(by_id[row[0]], row[2:], now), row[1]) for row in rows}


def _mark(team: Team, counted: Sequence[Any], now: datetime) -> str:
    figures = [float(one or 0) for one in counted]
    said = team.rules, team.holidays, team.hours_per_week, str(newest_frozen(team, now)), figures
    return blake2b(repr(said).encode(), digest_size=16).hexdigest()


def _counts(now: datetime) -> list[sa.ScalarSelect[Any]]:
    """Give what is counted of a team: frozen weeks, kept ones, reopenings, questions, memberships, days away."""
    mine = sa.select(col(Membership.person_id)).where(col(Membership.team_id) == col(Team.id)).correlate(Team)
    frozen = col(TeamWeek.freezes_at) <= now
    over = col(Reopening.freezes_at) <= now
    of_weeks: list[tuple[type[Any], Sequence[sa.ColumnElement[bool]], Sequence[str]]] = [
        (TeamWeek, [frozen], ("revision", "respondents", "expected", "planned", "complaining")),
        (PublishedWeek, [], ("respondents", "expected", "planned", "complaining")),
        (Reopening, [over], ()),
        (DefinitionBreak, [], ()),
    ]
    counts = [
        one
        for table, conditions, names in of_weeks
        for one in _sums(table, [table.team_id == Team.id, *conditions], [_day(table.week)], names)
    ]
    stints, days = [col(Membership.person_id).in_(mine)], [col(Absence.person_id).in_(mine)]
    for table, conditions, names in ((Membership, stints, ("team_id", "hours_per_week")), (Absence, days, ())):
        counts += _sums(table, conditions, [_by_person(table, name) for name in ("starts_on", "ends_on")], names)
    return counts


def _sums(
    table: type[Any], conditions: Sequence[Any], days: Sequence[sa.ColumnElement[Any]], names: Sequence[str]
) -> list[sa.ScalarSelect[Any]]:
    wanted = [
        sa.func.count(),
        *(sa.func.sum(day) for day in days),
        *(sa.func.sum(getattr(table, name)) for name in names),
    ]
    return [sa.select(one).select_from(table).where(*conditions).correlate(Team).scalar_subquery() for one in wanted]


def _by_person(table: type[Any], name: str) -> sa.ColumnElement[Any]:
    """Give a day so that two people who swap theirs make a difference."""
    factor: sa.ColumnElement[Any] = col(table.person_id) % _PEOPLE_APART + 1
    return _day(getattr(table, name)) * factor


def _day(column: Any) -> sa.ColumnElement[Any]:  # noqa: ANN401  (a column of any table)
    """Number a day in the order of days, on every database."""
    return sa.extract("year", column) * 372 + sa.extract("month", column) * 31 + sa.extract("day", column)


def add_verdicts(session: Session, verdicts: Sequence[StoredVerdict]) -> None:
    """Keep new verdicts."""
    session.add_all(verdicts)
    session.flush()


def next_number(standing: Mapping[Week, StoredVerdict], week: Week) -> int:
    """Give the number that the next verdict on a week has."""
    return standing[week].number + 1 if week in standing else 1
