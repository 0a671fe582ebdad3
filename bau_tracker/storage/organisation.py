"""Gives and keeps what was decided for all teams, and what was changed about it. Commits nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.verdict_settings import VerdictSettings, read_verdict_settings
from bau_tracker.storage.organisation_tables import Organisation, OrganisationEvent
from bau_tracker.storage.tables import Person

_ONLY: Final = 1
_LONGEST = 500


def organisation_settings(session: Session) -> VerdictSettings:
    """Give what the organisation has decided about verdicts."""
    return read_verdict_settings(session.get_one(Organisation, _ONLY).thresholds)


def lock_organisation(session: Session) -> None:
    """Let those who change the organisation's settings take turns until the end of the transaction.

    SQLite's own write lock does the same. What the session read before is read anew.
    """
    session.expire_all()
    session.exec(select(col(Organisation.id)).where(col(Organisation.id) == _ONLY).with_for_update()).one()


def keep_organisation_settings(session: Session, settings: VerdictSettings) -> None:
    """Keep what the organisation has decided; the caller holds the lock."""
    organisation = session.get_one(Organisation, _ONLY)
    organisation.thresholds = settings.stored()
    session.add(organisation)
    session.flush()


def record_for_all(session: Session, words: str, *, person_id: int | None, now: datetime) -> None:
    """Keep that something was changed for all teams; the caller holds the lock, so that numbers don't collide."""
    newest = session.exec(select(sa.func.max(OrganisationEvent.number))).one()
    event = OrganisationEvent(number=(newest or 0) + 1, happened_at=now, person_id=person_id, words=words[:_LONGEST])
    session.add(event)
    session.flush()


def newest_for_all(session: Session, *, limit: int) -> list[tuple[OrganisationEvent, Person | None]]:
    """Give the newest events with who caused each, newest first; None is whoever runs the server."""
    found = select(OrganisationEvent, Person).outerjoin(Person, col(Person.id) == col(OrganisationEvent.person_id))
    ordered = found.order_by(col(OrganisationEvent.number).desc())
    return [(event, person) for event, person in session.exec(ordered.limit(limit))]
