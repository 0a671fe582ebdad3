"""What a team can do about what it agreed: write an action down, mark it as done, and take that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput, NotFound
from bau_tracker.domain.memberships import today_of
from bau_tracker.domain.permissions import Action, Actor, allows
from bau_tracker.services.permissions import check_active, roles_in, team_for
from bau_tracker.storage import actions, surveys, teams
from bau_tracker.storage.tables import AgreedAction, Team

LONGEST: Final = 200
MOST_OPEN: Final = 20
"""A list that is longer is no agreement (judgement)."""


@dataclass(frozen=True, slots=True)
class TeamActions:
    """A team's actions, newest first: under way, and done; `may_agree` says whether the viewer may change them."""

    team: Team
    open: Sequence[AgreedAction]
    done: Sequence[AgreedAction]
    may_agree: bool


def team_actions(session: Session, slug: str, *, actor: Actor, now: datetime) -> TeamActions:
    """Give a team's actions to somebody who may see the team; raises like `team_for`."""
    team = team_for(session, slug, Action.VIEW_TEAM, actor=actor, now=now)
    may_agree = team.archived_on is None and allows(Action.AGREE, roles_in(session, actor, team, now))
    return TeamActions(team, actions.open_actions(session, team.id), actions.done_actions(session, team.id), may_agree)


def agree_action(session: Session, slug: str, text: str, *, actor: Actor, now: datetime) -> AgreedAction:
    """Write down what a team agreed to do; raises InvalidInput for no text or too long a one, and for too many."""
    team = _held(session, slug, actor, now)
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if not words:
        raise InvalidInput("Write what you agreed to do.", "text")
    if len(words) > LONGEST:
        raise InvalidInput(f"This has {len(words)} characters; shorten it to {LONGEST}.", "text")
    if len(actions.open_actions(session, team.id)) >= MOST_OPEN:
        raise InvalidInput(f"{MOST_OPEN} actions are under way. Mark some as done first.", "text")
    number = actions.next_number(session, team.id)
    action = AgreedAction(team_id=team.id, number=number, text=words, agreed_at=now, person_id=actor.person_id)
    session.add(action)
    session.flush()
    return action


def finish_action(session: Session, slug: str, number: int, *, actor: Actor, now: datetime) -> AgreedAction:
    """Mark an action as done today; raises NotFound for none of that number, Conflict when it is done already."""
    team = _held(session, slug, actor, now)
    action = _action(session, team, number)
    if action.done_on is not None:
        raise Conflict("Somebody marked this as done already. Go back to the team's page to see it.")
    action.done_on = today_of(teams.schedule_of(team), now)
    session.add(action)
    session.flush()
    return action


def resume_action(session: Session, slug: str, number: int, *, actor: Actor, now: datetime) -> AgreedAction:
    """Take back that an action is done; raises like `finish_action`."""
    team = _held(session, slug, actor, now)
    action = _action(session, team, number)
    if action.done_on is None:
        raise Conflict("This is under way already. Go back to the team's page to see it.")
    action.done_on = None
    session.add(action)
    session.flush()
    return action


def _held(session: Session, slug: str, actor: Actor, now: datetime) -> Team:
    team = team_for(session, slug, Action.AGREE, actor=actor, now=now)
    surveys.lock_team(session, team.id)
    check_active(team)
    return team


def _action(session: Session, team: Team, number: int) -> AgreedAction:
    action = actions.action_with_number(session, team.id, number)
    if action is None:
        raise NotFound(f"{team.name} has agreed on no such action.")
    return action
