"""Gives and finds teams and memberships as of a day or a week. Commits nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.weeks import Schedule, Week
from bau_tracker.storage.tables import Membership, Person, Team


def schedule_of(team: Team) -> Schedule:
    """Give the moments at which a team's weeks open and freeze."""
    return Schedule(ZoneInfo(team.timezone))


def team_with_slug(session: Session, slug: str) -> Team | None:
    """Find a team by the name it has in addresses."""
    return session.exec(select(Team).where(col(Team.slug) == slug)).one_or_none()


def all_teams(session: Session) -> list[Team]:
    """Give every team, by name."""
    return list(session.exec(select(Team).order_by(col(Team.name))))


def teams_by_name(session: Session) -> dict[str, Team]:
    """Give every team by its slug and by its name in lower case, the slug winning."""
    teams = all_teams(session)
    return {team.name.casefold(): team for team in teams} | {team.slug: team for team in teams}


def teams_of(session: Session, person_id: int) -> list[Team]:
    """Give the teams that a person ever was in, by name."""
    mine = select(col(Membership.team_id)).where(col(Membership.person_id) == person_id)
    return list(session.exec(select(Team).where(col(Team.id).in_(mine)).order_by(col(Team.name))))


def membership_in_week(session: Session, team_id: int, person_id: int, week: Week) -> Membership | None:
    """Find the newest membership that a person has in a team at any time of a week."""
    found = select(Membership).where(
        col(Membership.team_id) == team_id,
        col(Membership.person_id) == person_id,
        *_reaches(week.monday, week.sunday),
    )
    return session.exec(found.order_by(col(Membership.starts_on).desc())).first()


def memberships_of(session: Session, team_id: int, person_id: int) -> list[Membership]:
    """Give all memberships of a person in a team, oldest first."""
    found = select(Membership).where(col(Membership.team_id) == team_id, col(Membership.person_id) == person_id)
    return list(session.exec(found.order_by(col(Membership.starts_on))))


def people_of(session: Session, team_id: int) -> dict[str, int]:
    """Give the number of every person who ever was in a team, by e-mail address."""
    found = select(col(Person.email), col(Person.id)).join(Membership, col(Membership.person_id) == col(Person.id))
    return dict(session.exec(found.where(col(Membership.team_id) == team_id)).all())


def members_in_weeks(session: Session, teams: Iterable[Team], weeks: Collection[Week]) -> dict[tuple[int, Week], int]:
    """Count, for each team (by number) and week, the people asked: members for any part of it, with hours over 0.

    Of several memberships of a person in a week the newest counts, as in `membership_in_week`.
    """
    if not weeks:
        return {}
    first, last = min(weeks), max(weeks)
    found = select(Membership).where(
        col(Membership.team_id).in_([team.id for team in teams]), *_reaches(first.monday, last.sunday)
    )
    asked: dict[tuple[int, Week], dict[int, bool]] = defaultdict(dict)
    for membership in session.exec(found.order_by(col(Membership.starts_on))):
        begin = max(first, Week.containing(membership.starts_on))
        end = min(last, Week.containing(membership.ends_on)) if membership.ends_on else last
        for week in begin.until(end):
            asked[membership.team_id, week][membership.person_id] = membership.hours_per_week != 0
    return {key: count for key, people in asked.items() if (count := sum(people.values()))}


def _reaches(first: date, last: date) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    ends = col(Membership.ends_on)
    return col(Membership.starts_on) <= last, sa.or_(ends.is_(None), ends >= first)
