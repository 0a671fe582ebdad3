"""Decides whose team it is: looks up what a person is to a team and asks the table of actions and roles."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, Forbidden, NotFound
from bau_tracker.domain.permissions import Action, Actor, Role, allows
from bau_tracker.storage import surveys, tables, teams


def roles_in(session: Session, actor: Actor, team: tables.Team, now: datetime) -> set[Role]:
    """Give what an actor is to a team on the team's own day; an administrator is one to every team.

    To an archived team one stays what one was on its last day, so that its history can be found.
    """
    roles = {Role.ADMIN} if actor.is_admin else set()
    if actor.person_id is not None:
        today = now.astimezone(teams.schedule_of(team).zone).date()
        day = min(today, team.archived_on or today)
        for membership in teams.memberships_of(session, team.id, actor.person_id):
            if membership.starts_on <= day and (membership.ends_on is None or membership.ends_on >= day):
                roles.add(membership.role)
    return roles


def team_for(session: Session, slug: str, action: Action, *, actor: Actor, now: datetime) -> tables.Team:
    """Give a team to somebody who may do this with it.

    Raises NotFound when there is none or the actor has no part in it (the two look alike), Forbidden when the actor
    belongs to it and may not do this.
    """
    team = teams.team_with_slug(session, slug)
    roles = roles_in(session, actor, team, now) if team else set()
    if team is None or not roles:
        raise NotFound("There is no such team, or you are not a member of it.")
    if not allows(action, roles):
        raise Forbidden("Your role in this team doesn't allow this. Ask a lead of the team, or an administrator.")
    return team


def teams_allowing(session: Session, action: Action, *, actor: Actor, now: datetime) -> list[tables.Team]:
    """Give the teams with which an actor may do this, by name."""
    if actor.is_admin and allows(action, {Role.ADMIN}):
        return teams.all_teams(session)
    if actor.person_id is None:
        return []
    mine = teams.teams_of(session, actor.person_id)
    return [team for team in mine if allows(action, roles_in(session, actor, team, now))]


def check_administers(actor: Actor) -> None:
    """Refuse whoever isn't an administrator of the installation; raises Forbidden."""
    if not (actor.is_admin and allows(Action.ADMINISTER, {Role.ADMIN})):
        raise Forbidden("Only an administrator of this installation can do this. Ask one of them.")


def managed_team(session: Session, slug: str, *, actor: Actor, now: datetime) -> tables.Team:
    """Give a team to somebody who may change it, held until the end of the transaction, so that changes take turns.

    Raises like `team_for`, and Conflict when the team is archived.
    """
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    surveys.lock_team(session, team.id)
    check_active(team)
    return team


def check_active(team: tables.Team) -> None:
    """Refuse to change a team that is archived, or will be on a day; raises Conflict."""
    if team.archived_on is not None:
        raise Conflict(f"{team.name} is archived. An administrator can bring it back; then it can be changed again.")
