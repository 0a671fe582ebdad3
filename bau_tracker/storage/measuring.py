"""Gives what asking costs a team: how long answers took and which came late. Commits nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.weeks import Week
from bau_tracker.storage.tables import Answer


def seconds_by_person(session: Session, team_id: int, weeks: Collection[Week]) -> list[tuple[int, int]]:
    """Give (person, seconds) of the answers with hours of some weeks whose time is known."""
    found = select(col(Answer.person_id), col(Answer.seconds)).where(
        *_in(team_id, weeks),
        col(Answer.away).is_(False),
        col(Answer.seconds).is_not(None),
        col(Answer.person_id).is_not(None),
    )
    return [(person, seconds) for person, seconds in session.exec(found) if person is not None and seconds is not None]


def moments_sent(session: Session, team_id: int, weeks: Collection[Week]) -> list[tuple[Week, datetime]]:
    """Give when each answer of some weeks was sent by the form; leaves out those that were imported."""
    found = select(col(Answer.week), col(Answer.answered_at)).where(*_in(team_id, weeks), col(Answer.run_id).is_(None))
    return [(Week(monday), at) for monday, at in session.exec(found) if at is not None]


def _in(team_id: int, weeks: Collection[Week]) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return col(Answer.team_id) == team_id, col(Answer.week).in_([week.monday for week in weeks])
