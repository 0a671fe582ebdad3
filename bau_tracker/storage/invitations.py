"""Gives, makes and revokes invitations: who may answer which week by a link. Commits nothing."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.weeks import Week
from bau_tracker.storage.columns import Base
from bau_tracker.storage.engine import insert_into
from bau_tracker.storage.tables import Invitation


def serial_in_force(session: Session, team_id: int, week: Week, person_id: int) -> int | None:
    """Give the serial whose link counts; None when there never was one, or when it was revoked."""
    found = select(col(Invitation.serial)).where(*_is(team_id, week, person_id), col(Invitation.revoked_at).is_(None))
    return session.exec(found).one_or_none()


def make_invitation(session: Session, team_id: int, week: Week, person_id: int) -> int:
    """Give the serial that counts, made when there is none; two at once get the same."""
    values = {"team_id": team_id, "week": week.monday, "person_id": person_id, "serial": 1}
    insert = insert_into(session, Base.metadata.tables["invitation"]).values(**values)
    session.execute(insert.on_conflict_do_nothing())
    # The serial went up when the invitation was revoked, so that no link made before counts again.
    again = sa.update(Invitation).where(*_is(team_id, week, person_id), col(Invitation.revoked_at).is_not(None))
    session.execute(again.values(revoked_at=None), execution_options={"synchronize_session": False})
    return session.exec(select(col(Invitation.serial)).where(*_is(team_id, week, person_id))).one()


def revoke(
    session: Session, person_id: int, now: datetime, *, team_id: int | None = None, week: Week | None = None
) -> int:
    """Make the links of a person worthless, all or those of one team or week; count those that counted."""
    chosen = sa.update(Invitation).where(col(Invitation.person_id) == person_id, col(Invitation.revoked_at).is_(None))
    if team_id is not None:
        chosen = chosen.where(col(Invitation.team_id) == team_id)
    if week is not None:
        chosen = chosen.where(col(Invitation.week) == week.monday)
    values = chosen.values(serial=col(Invitation.serial) + 1, revoked_at=now).returning(col(Invitation.team_id))
    return len(session.execute(values, execution_options={"synchronize_session": False}).all())


def revoke_week(session: Session, team_id: int, week: Week, now: datetime) -> None:
    """Make everybody's link to a week worthless; the next message makes them anew."""
    chosen = sa.update(Invitation).where(col(Invitation.team_id) == team_id, col(Invitation.week) == week.monday)
    values = chosen.values(serial=col(Invitation.serial) + 1, revoked_at=now)
    session.execute(values, execution_options={"synchronize_session": False})


def _is(team_id: int, week: Week, person_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Invitation.team_id) == team_id,
        col(Invitation.week) == week.monday,
        col(Invitation.person_id) == person_id,
    )
