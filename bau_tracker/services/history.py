"""What can be known of the changes to a team: who did what, and when, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.services.permissions import team_for
from bau_tracker.storage import history
from bau_tracker.storage.tables import Person, Team, TeamEvent

SHOWN: Final = 100
SERVER_WORDS: Final = "Whoever runs the server"
PROGRAM_WORDS: Final = "The program"
REACHED: Final = "reached"
"""Begins the words of what the program does by itself: it reaches verdicts."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a team: a sentence, and when it was made."""

    happened_at: datetime
    sentence: str


def record(session: Session, team: Team, words: str, *, actor: Actor, now: datetime) -> None:
    """Keep what an actor did to a team: words that begin with a verb, such as “renamed the team ...”.

    The caller holds the team's lock.
    """
    history.record(session, team.id, words, person_id=actor.person_id, now=now)


def changes_of(session: Session, slug: str, *, actor: Actor, now: datetime) -> list[Change]:
    """Give a team's newest changes, newest first, to somebody who may manage it; raises like `team_for`."""
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    events = history.newest_events(session, team.id, limit=SHOWN)
    return [Change(event.happened_at, f"{_by(event, person)} {event.words}") for event, person in events]


def _by(event: TeamEvent, person: Person | None) -> str:
    by_itself = person is None and event.words.startswith(f"{REACHED} ")
    return PROGRAM_WORDS if by_itself else who(person)


def who(person: Person | None) -> str:
    """Name a person in a sentence."""
    return (person.name or person.email) if person else SERVER_WORDS
