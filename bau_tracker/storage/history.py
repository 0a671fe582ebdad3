"""Gives and keeps what was changed about teams, who did it and when. Commits nothing.

The words begin with a verb in the past, so that a page puts the person's name before them.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.storage.tables import Person, TeamEvent

_LONGEST = 500


def record(session: Session, team_id: int, words: str, *, person_id: int | None, now: datetime) -> None:
    """Keep that something was done to a team; the caller holds the team's lock, so that numbers don't collide."""
    newest = session.exec(select(sa.func.max(TeamEvent.number)).where(col(TeamEvent.team_id) == team_id)).one()
    event = TeamEvent(
        team_id=team_id, number=(newest or 0) + 1, happened_at=now, person_id=person_id, words=words[:_LONGEST]
    )
    session.add(event)
    session.flush()


def newest_events(session: Session, team_id: int, *, limit: int) -> list[tuple[TeamEvent, Person | None]]:
    """Give a team's newest events with who caused each, newest first; None is whoever runs the server."""
    found = select(TeamEvent, Person).outerjoin(Person, col(Person.id) == col(TeamEvent.person_id))
    ordered = found.where(col(TeamEvent.team_id) == team_id).order_by(col(TeamEvent.number).desc())
    return [(event, person) for event, person in session.exec(ordered.limit(limit))]
