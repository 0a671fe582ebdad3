"""Gives and finds people, their sign-in links and failed tries. Commits nothing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.storage.tables import Person, SignInFailure, SignInLink


def person_with_email(session: Session, email: str) -> Person | None:
    """Find a person by e-mail address, already in its normal form."""
    return session.exec(select(Person).where(col(Person.email) == email)).one_or_none()


def person_with_id(session: Session, person_id: int) -> Person | None:
    """Find a person by number."""
    return session.get(Person, person_id)


def all_people(session: Session) -> list[Person]:
    """Give everybody, by name, or by address where no name is known."""
    name = sa.func.lower(sa.func.coalesce(sa.func.nullif(col(Person.name), ""), col(Person.email)))
    return list(session.exec(select(Person).order_by(name, col(Person.id))))


def administrators(session: Session) -> list[Person]:
    """Give the administrators, held until the end of the transaction, so that no two of them go at once."""
    session.expire_all()
    return list(session.exec(select(Person).where(col(Person.is_admin)).order_by(col(Person.id)).with_for_update()))


def links_used_at(session: Session) -> dict[int, datetime]:
    """Give, by person, when a sign-in link was used last."""
    newest = sa.func.max(col(SignInLink.used_at), type_=SignInLink.__table__.c.used_at.type)  # type: ignore[attr-defined]
    used = select(col(SignInLink.person_id), newest).where(col(SignInLink.used_at).is_not(None))
    return {person_id: moment for person_id, moment in session.exec(used.group_by(col(SignInLink.person_id))) if moment}


def is_empty(session: Session) -> bool:
    """Say whether there is nobody at all yet."""
    return session.exec(select(col(Person.id)).limit(1)).first() is None


def ids_by_email(session: Session) -> dict[str, int]:
    """Give the number of every person by e-mail address."""
    return dict(session.exec(select(col(Person.email), col(Person.id))).all())


def link_with_hash(session: Session, nonce_hash: str) -> SignInLink | None:
    """Find a sign-in link by the hash of its nonce."""
    return session.exec(select(SignInLink).where(col(SignInLink.nonce_hash) == nonce_hash)).one_or_none()


def use_link(session: Session, link_id: int, now: datetime) -> bool:
    """Mark a link as used; false when somebody else did so first."""
    unused = sa.update(SignInLink).where(col(SignInLink.id) == link_id, col(SignInLink.used_at).is_(None))
    return len(session.execute(unused.values(used_at=now).returning(col(SignInLink.id))).all()) == 1


def use_up_links(session: Session, person_id: int, now: datetime) -> None:
    """Mark all links of a person as used."""
    unused = sa.update(SignInLink).where(col(SignInLink.person_id) == person_id, col(SignInLink.used_at).is_(None))
    session.execute(unused.values(used_at=now))


def count_failures(session: Session, subject: str, since: datetime) -> int:
    """Count the failed tries of a subject since a moment."""
    failed = select(sa.func.count()).select_from(SignInFailure)
    return session.exec(
        failed.where(col(SignInFailure.subject) == subject, col(SignInFailure.failed_at) >= since)
    ).one()


def forget_failures(session: Session, before: datetime) -> None:
    """Delete the failed tries that no longer count."""
    session.execute(sa.delete(SignInFailure).where(col(SignInFailure.failed_at) < before))
