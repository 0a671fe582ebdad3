"""Gives who was, is and will be in a team, with dates. Commits nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.permissions import Role
from bau_tracker.storage.tables import Membership, Person, Team


def roster_of(session: Session, team_id: int) -> list[tuple[Membership, Person]]:
    """Give every membership of a team with its person, by name, then by day."""
    found = select(Membership, Person).join(Person, col(Person.id) == col(Membership.person_id))
    ordered = found.where(col(Membership.team_id) == team_id).order_by(
        sa.func.lower(sa.func.coalesce(sa.func.nullif(col(Person.name), ""), col(Person.email))),
        col(Person.id),
        col(Membership.starts_on),
    )
    return [(membership, person) for membership, person in session.exec(ordered)]


def reaching(session: Session, team_id: int, day: date) -> list[Membership]:
    """Give a team's memberships that hold on a day or later, oldest first."""
    ends = col(Membership.ends_on)
    found = select(Membership).where(col(Membership.team_id) == team_id, sa.or_(ends.is_(None), ends >= day))
    return list(session.exec(found.order_by(col(Membership.starts_on), col(Membership.person_id))))


def ended_on(session: Session, team_id: int, day: date) -> list[Membership]:
    """Give a team's memberships whose last day this is."""
    found = select(Membership).where(col(Membership.team_id) == team_id, col(Membership.ends_on) == day)
    return list(session.exec(found.order_by(col(Membership.person_id))))


def leads_on(session: Session, team_id: int, day: date) -> set[int]:
    """Give the numbers of a team's leads on a day."""
    return {one.person_id for one in reaching(session, team_id, day) if one.role is Role.LEAD and one.starts_on <= day}


def places_of(session: Session, people: Collection[int], day: date) -> dict[int, list[tuple[Team, Role]]]:
    """Give, by person, the teams in which people are on a day or later, by name, with the newest role in each."""
    ends = col(Membership.ends_on)
    found = (
        select(Membership, Team)
        .join(Team, col(Team.id) == col(Membership.team_id))
        .where(col(Membership.person_id).in_(people), sa.or_(ends.is_(None), ends >= day))
        .order_by(col(Team.name), col(Membership.starts_on))
    )
    places: dict[int, dict[int, tuple[Team, Role]]] = {}
    for membership, team in session.exec(found):
        places.setdefault(membership.person_id, {})[team.id] = (team, membership.role)
    return {person: list(teams.values()) for person, teams in places.items()}
