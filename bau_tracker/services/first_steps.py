"""Decides what somebody who has just begun is to do next: add a team, add its people and a lead, tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bau_tracker.domain.memberships import today_of
from bau_tracker.domain.permissions import Action, Actor, Role
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.storage import availability, memberships, rollups, teams
from bau_tracker.storage.tables import Team


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """How far an actor's teams are: `people` counts those asked; `guided` says that nobody has ever answered.

    `empty` teams ask nobody; `leaderless` ones have people and no lead, looked for while an actor is guided.
    """

    teams: Sequence[Team]
    empty: Sequence[Team]
    leaderless: Sequence[Team]
    people: int
    guided: bool


def first_steps(session: Session, *, actor: Actor, now: datetime) -> FirstSteps:
    """Say how far the teams are that an actor manages; an administrator of an empty installation is guided."""
    found = teams_allowing(session, Action.MANAGE_TEAM, actor=actor, now=now)
    managed = [team for team in found if team.archived_on is None]
    asked = {team.id: _asked(session, team, now) for team in managed}
    empty = [team for team in managed if not asked[team.id]]
    guided = actor.is_admin and not rollups.any_sums(session)
    leaderless = [team for team in managed if asked[team.id] and not _has_lead(session, team, now)] if guided else []
    return FirstSteps(managed, empty, leaderless, sum(asked.values()), guided)


def _has_lead(session: Session, team: Team, now: datetime) -> bool:
    today = today_of(teams.schedule_of(team), now)
    return any(one.role is Role.LEAD for one in memberships.reaching(session, team.id, today))


def _asked(session: Session, team: Team, now: datetime) -> int:
    """Count the people whom a team asks in its next week."""
    week = teams.schedule_of(team).newest_started(now).shift(1)
    return availability.members_in_weeks(session, [team], [week]).get((team.id, week), 0)
