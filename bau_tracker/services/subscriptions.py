"""What people can do about the messages they get: leave a team's list by a link, and choose on a page.

A link's token is a signature over team and person, or over the person alone for alerts. It never expires, since old
mails lie around, and it can do nothing but this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session

from bau_tracker.domain.alerts import Wish
from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.services.permissions import roles_in
from bau_tracker.storage import alerts, messages, teams
from bau_tracker.storage.tables import Person, Team


@dataclass(frozen=True, slots=True)
class Subscription:
    """Whether a person gets the messages about a team."""

    team: Team
    person_id: int
    wanted: bool


@dataclass(frozen=True, slots=True)
class AlertChoice:
    """How a person hears of alerts."""

    person_id: int
    wish: Wish


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


def wish_token(person_id: int, *, secret: str) -> str:
    """Make the token by which a person chooses how to hear of alerts."""
    return _signer(secret, "alerts").dumps(person_id)


def find_wish(session: Session, token: str, *, secret: str) -> AlertChoice:
    """Give the choice that a token is about; raises InvalidInput for one that is false, or of nobody here."""
    try:
        person_id = int(_signer(secret, "alerts").loads(token))
    except (BadData, ValueError, TypeError) as error:
        raise InvalidInput("This link isn't complete. Copy the whole link from the message.") from error
    if session.get(Person, person_id) is None:
        raise InvalidInput("This link is of a person that is no longer here, so nothing is sent any more.")
    return _choice(session, person_id)


def own_wish(session: Session, *, actor: Actor, now: datetime) -> AlertChoice | None:
    """Give how a person hears of alerts; None for somebody who leads no team, to whom none is sent."""
    if actor.person_id is None:
        return None
    itself = Actor(actor.person_id)
    mine = teams.teams_of(session, actor.person_id)
    leads = any(Role.LEAD in roles_in(session, itself, team, now) for team in mine)
    return _choice(session, actor.person_id) if leads else None


def choose_wish(session: Session, person_id: int, word: str, *, now: datetime) -> AlertChoice:
    """Keep how a person wants to hear of alerts; raises InvalidInput for no such choice."""
    if word not in {wish.value for wish in Wish}:
        raise InvalidInput("Choose one of the ways to hear of alerts.", "wish")
    if alerts.wishes_of(session, [person_id]).get(person_id) is None or _choice(session, person_id).wish != word:
        alerts.keep_wish(session, person_id, Wish(word), now)
    return _choice(session, person_id)


def _choice(session: Session, person_id: int) -> AlertChoice:
    kept = alerts.wishes_of(session, [person_id]).get(person_id)
    return AlertChoice(person_id, kept.wish if kept else Wish.AT_ONCE)


def _signer(secret: str, salt: str = "unsubscribe") -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=salt, signer_kwargs={"digest_method": hashlib.sha256})
