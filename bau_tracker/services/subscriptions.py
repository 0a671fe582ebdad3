"""What people can do about the messages they get: leave a team's list by a link, and choose on a page.

A link's token is a signature over team and person. It never expires, since old mails lie around, and it can do nothing
but this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Actor
from bau_tracker.services.permissions import roles_in
from bau_tracker.storage import messages, teams
from bau_tracker.storage.tables import Person, Team


@dataclass(frozen=True, slots=True)
class Subscription:
    """Whether a person gets the messages about a team."""

    team: Team
    person_id: int
    wanted: bool


def unsubscribe_token(team_id: int, person_id: int, *, secret: str) -> str:
    """Make the token by which a person leaves a team's list."""
    return _signer(secret).dumps([team_id, person_id])


def find_subscription(session: Session, token: str, *, secret: str) -> Subscription:
    """Give what a token is about; raises InvalidInput for one that is false, or of somebody no longer here."""
    try:
        team_id, person_id = _signer(secret).loads(token)
    except (BadData, ValueError, TypeError) as error:
        raise InvalidInput("This link isn't complete. Copy the whole link from the message.") from error
    team = session.get(Team, team_id)
    if team is None or session.get(Person, person_id) is None:
        raise InvalidInput("This link is of a team or a person that is no longer here, so nothing is sent any more.")
    return Subscription(team, person_id, person_id not in messages.opted_out(session, team.id))


def change_subscription(session: Session, found: Subscription, *, wanted: bool, now: datetime) -> Subscription:
    """Keep whether a person wants the messages about a team; a second time changes nothing."""
    if wanted:
        messages.opt_in(session, found.team.id, found.person_id)
    else:
        messages.opt_out(session, found.team.id, found.person_id, now)
    return Subscription(found.team, found.person_id, wanted)


def own_subscriptions(session: Session, *, actor: Actor, now: datetime) -> list[Subscription]:
    """Give the teams that a person belongs to, by name, each with whether its messages are wanted."""
    if actor.person_id is None:
        return []
    itself = Actor(actor.person_id)  # an administrator gets nothing about teams of others
    mine = [team for team in teams.teams_of(session, actor.person_id) if roles_in(session, itself, team, now)]
    return [
        Subscription(team, actor.person_id, actor.person_id not in messages.opted_out(session, team.id))
        for team in mine
    ]


def choose_subscriptions(session: Session, wanted: Collection[str], *, actor: Actor, now: datetime) -> None:
    """Keep of which of the own teams, by slug, messages are wanted; teams of others are left alone."""
    for found in own_subscriptions(session, actor=actor, now=now):
        if found.wanted != (found.team.slug in wanted):
            change_subscription(session, found, wanted=not found.wanted, now=now)


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="unsubscribe", signer_kwargs={"digest_method": hashlib.sha256})
