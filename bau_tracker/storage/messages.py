"""Gives, claims and marks messages, so that each goes once, and keeps who wants none. Commits nothing.

A message is claimed by inserting its row: the database lets one process do so. What became of it is read from the row:
`failure` begins with the word of the fate.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.messages import Fate, MessageKind, may_send
from bau_tracker.domain.weeks import Week
from bau_tracker.storage.columns import Base
from bau_tracker.storage.engine import insert_into
from bau_tracker.storage.tables import Answer, Draft, Membership, Message, OptOut, Person, Reopening

CHANNEL: Final = "channel"
"""The recipient of what goes to a team's channel."""
_LONGEST_FAILURE: Final = 500
_UNTRACKED: Final = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Key:
    """What makes a message one: it goes once."""

    team_id: int
    week: Week
    kind: MessageKind
    recipient: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this process took on; `before` is how its row stood, (claimed_at, attempts, failure), if any."""

    key: Key
    claimed_at: datetime
    before: tuple[datetime, int, str] | None = None


def claim(session: Session, key: Key, person_id: int | None, now: datetime) -> Claim | None:
    """Take a message on; None when it was sent, or another process has it. Counts once the caller commits."""
    values = {
        "team_id": key.team_id, "week": key.week.monday, "kind": key.kind, "recipient": key.recipient,
        "person_id": person_id, "claimed_at": now, "attempts": 1, "failure": "",
    }  # fmt: skip
    insert = insert_into(session, Base.metadata.tables["message"]).values(**values).on_conflict_do_nothing()
    if session.execute(insert.returning(sa.column("team_id"))).first():
        return Claim(key, now)
    stored = session.exec(_fresh(select(Message).where(*_is(key)))).one_or_none()
    if stored is None or not may_send(fate_of(stored), stored.attempts, stored.claimed_at, now):
        return None
    before = stored.claimed_at, stored.attempts, stored.failure
    mine = Claim(key, now, before)
    taken = _update(session, Claim(key, stored.claimed_at), claimed_at=now, attempts=stored.attempts + 1, failure="")
    return mine if taken else None


def mark_sent(session: Session, claimed: Claim, now: datetime) -> None:
    """Mark a message as sent."""
    session.execute(sa.update(Message).where(*_is(claimed.key)).values(sent_at=now), execution_options=_UNTRACKED)


def mark_failed(session: Session, claimed: Claim, fate: Fate, reason: str) -> None:
    """Keep why a message could not be sent, now or ever."""
    _update(session, claimed, failure=f"{fate}: {reason}"[:_LONGEST_FAILURE])


def release(session: Session, claimed: Claim) -> None:
    """Give a claim back, as if it had never been made."""
    if claimed.before is None:
        session.execute(sa.delete(Message).where(*_held(claimed)), execution_options=_UNTRACKED)
    else:
        claimed_at, attempts, failure = claimed.before
        _update(session, claimed, claimed_at=claimed_at, attempts=attempts, failure=failure)


def fate_of(message: Message) -> Fate:
    """Say what became of a message."""
    if message.sent_at is not None:
        return Fate.SENT
    return Fate(message.failure.partition(":")[0]) if message.failure else Fate.CLAIMED


def messages_about(session: Session, team_id: int, week: Week) -> list[Message]:
    """Give all messages about a week of a team."""
    found = select(Message).where(col(Message.team_id) == team_id, col(Message.week) == week.monday)
    return list(session.exec(_fresh(found)))


def last_sent(session: Session, team_id: int, kind: MessageKind, recipient: str, *, before: Week) -> datetime | None:
    """Give when somebody was sent a message of a kind about a team's earlier weeks last; None when never."""
    found = select(sa.func.max(Message.sent_at)).where(
        col(Message.team_id) == team_id,
        col(Message.kind) == kind,
        col(Message.recipient) == recipient,
        col(Message.week) < before.monday,
    )
    return session.exec(found).one()


def answered_by(session: Session, team_id: int, week: Week) -> set[str]:
    """Give the respondents that a week has an answer of, those away included."""
    found = select(col(Answer.respondent)).where(col(Answer.team_id) == team_id, col(Answer.week) == week.monday)
    return set(session.exec(found))


def drafted_by(session: Session, team_id: int, week: Week) -> set[int]:
    """Give the people who have typed something and not sent it."""
    found = select(col(Draft.person_id)).where(col(Draft.team_id) == team_id, col(Draft.week) == week.monday)
    return set(session.exec(found))


def weeks_reopened(session: Session, team_id: int, now: datetime) -> list[Week]:
    """Give the weeks that were opened again until a moment that has not come, oldest first."""
    found = select(col(Reopening.week)).where(col(Reopening.team_id) == team_id, col(Reopening.freezes_at) > now)
    return [Week(monday) for monday in session.exec(found.distinct().order_by(col(Reopening.week)))]


def people_with_ids(session: Session, ids: Collection[int]) -> dict[int, Person]:
    """Give people by number."""
    return {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(ids)))}


def members_between(session: Session, team_id: int, week: Week) -> set[int]:
    """Give the people who belonged to a team on any day of a week, whether they were asked or not."""
    ends = col(Membership.ends_on)
    found = select(col(Membership.person_id)).where(
        col(Membership.team_id) == team_id,
        col(Membership.starts_on) <= week.sunday,
        sa.or_(ends.is_(None), ends >= week.monday),
    )
    return set(session.exec(found))


def opted_out(session: Session, team_id: int) -> set[int]:
    """Give the people who want no messages about a team."""
    return set(session.exec(select(col(OptOut.person_id)).where(col(OptOut.team_id) == team_id)))


def opt_out(session: Session, team_id: int, person_id: int, now: datetime) -> None:
    """Keep that a person wants no messages about a team; a second time changes nothing."""
    values = {"team_id": team_id, "person_id": person_id, "opted_out_at": now}
    session.execute(insert_into(session, Base.metadata.tables["opt_out"]).values(**values).on_conflict_do_nothing())


def opt_in(session: Session, team_id: int, person_id: int) -> None:
    """Keep that a person wants the messages about a team; a second time changes nothing."""
    session.execute(sa.delete(OptOut).where(col(OptOut.team_id) == team_id, col(OptOut.person_id) == person_id))


def _update(session: Session, held: Claim, **values: object) -> bool:
    """Change a message that is still claimed as it was then and not sent; false when it isn't."""
    chosen = sa.update(Message).where(*_held(held)).values(**values).returning(col(Message.team_id))
    return len(session.execute(chosen, execution_options=_UNTRACKED).all()) == 1


def _held(held: Claim) -> tuple[sa.ColumnElement[bool], ...]:
    return *_is(held.key), col(Message.claimed_at) == held.claimed_at, col(Message.sent_at).is_(None)


def _is(key: Key) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Message.team_id) == key.team_id,
        col(Message.week) == key.week.monday,
        col(Message.kind) == key.kind,
        col(Message.recipient) == key.recipient,
    )


def _fresh(found: Any) -> Any:  # noqa: ANN401  (a select of whatever it selects)
    """Read rows anew: other processes change them."""
    return found.execution_options(populate_existing=True)
