"""Claims and marks what is sent because of alarms, several at once, so that each goes once. Commits nothing.

It is done as `messages` does it: the database lets one process insert a row. What became of a notice is read from it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.alerts import NoticeKind
from bau_tracker.domain.messages import Fate, may_send
from bau_tracker.storage.alert_tables import Notice
from bau_tracker.storage.columns import Base
from bau_tracker.storage.engine import insert_into

_LONGEST_FAILURE: Final = 500
_UNTRACKED: Final = {"synchronize_session": False}


@dataclass(frozen=True, order=True, slots=True)
class NoticeKey:
    """What makes a notice one: it goes once."""

    recipient: str
    kind: NoticeKind
    about: str


@dataclass(frozen=True, slots=True)
class NoticeClaim:
    """A notice that this process took on; `before` is how its row stood, (claimed_at, attempts, failure), if any."""

    key: NoticeKey
    claimed_at: datetime
    before: tuple[datetime, int, str] | None = None


def claim(session: Session, keys: Collection[NoticeKey], person_id: int | None, now: datetime) -> list[NoticeClaim]:
    """Take notices on, those that were not sent and no other process has. Counts once the caller commits.

    In one order everywhere, so that two that claim the same don't wait for each other.
    """
    found = [_claim_one(session, key, person_id, now) for key in sorted(keys)]
    return [one for one in found if one is not None]


def mark_sent(session: Session, claims: Collection[NoticeClaim], now: datetime) -> None:
    """Mark notices as sent."""
    for one in claims:
        session.execute(sa.update(Notice).where(*_is(one.key)).values(sent_at=now), execution_options=_UNTRACKED)


def mark_failed(session: Session, claims: Collection[NoticeClaim], fate: Fate, reason: str) -> None:
    """Keep why notices could not be sent, now or ever."""
    for one in claims:
        _update(session, one, failure=f"{fate}: {reason}"[:_LONGEST_FAILURE])


def release(session: Session, claims: Collection[NoticeClaim]) -> None:
    """Give claims back, as if they had never been made."""
    for one in claims:
        if one.before is None:
            session.execute(sa.delete(Notice).where(*_held(one)), execution_options=_UNTRACKED)
        else:
            claimed_at, attempts, failure = one.before
            _update(session, one, claimed_at=claimed_at, attempts=attempts, failure=failure)


def fate_of(notice: Notice) -> Fate:
    """Say what became of a notice."""
    if notice.sent_at is not None:
        return Fate.SENT
    return Fate(notice.failure.partition(":")[0]) if notice.failure else Fate.CLAIMED


def key_of(notice: Notice) -> NoticeKey:
    """Give what makes a notice one."""
    return NoticeKey(notice.recipient, notice.kind, notice.about)


def _claim_one(session: Session, key: NoticeKey, person_id: int | None, now: datetime) -> NoticeClaim | None:
    values = {
        "recipient": key.recipient, "kind": key.kind, "about": key.about,
        "person_id": person_id, "claimed_at": now, "attempts": 1, "failure": "",
    }  # fmt: skip
    insert = insert_into(session, Base.metadata.tables["notice"]).values(**values).on_conflict_do_nothing()
    if session.execute(insert.returning(sa.column("about"))).first():
        return NoticeClaim(key, now)
    fresh = select(Notice).where(*_is(key)).execution_options(populate_existing=True)
    stored = session.exec(fresh).one_or_none()
    if stored is None or not may_send(fate_of(stored), stored.attempts, stored.claimed_at, now):
        return None
    mine = NoticeClaim(key, now, (stored.claimed_at, stored.attempts, stored.failure))
    held = NoticeClaim(key, stored.claimed_at)
    return mine if _update(session, held, claimed_at=now, attempts=stored.attempts + 1, failure="") else None


def _update(session: Session, held: NoticeClaim, **values: object) -> bool:
    """Change a notice that is still claimed as it was then and not sent; false when it isn't."""
    chosen = sa.update(Notice).where(*_held(held)).values(**values).returning(col(Notice.about))
    return len(session.execute(chosen, execution_options=_UNTRACKED).all()) == 1


def _held(held: NoticeClaim) -> tuple[sa.ColumnElement[bool], ...]:
    return *_is(held.key), col(Notice.claimed_at) == held.claimed_at, col(Notice.sent_at).is_(None)


def _is(key: NoticeKey) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Notice.recipient) == key.recipient,
        col(Notice.kind) == key.kind,
        col(Notice.about) == key.about,
    )
