"""Gives and finds what teams agreed to do about their unplanned work. Commits nothing."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.storage.tables import AgreedAction


def open_actions(session: Session, team_id: int) -> list[AgreedAction]:
    """Give a team's actions that are under way, newest first."""
    found = select(AgreedAction).where(col(AgreedAction.team_id) == team_id, col(AgreedAction.done_on).is_(None))
    return list(session.exec(found.order_by(col(AgreedAction.number).desc())))


def done_actions(session: Session, team_id: int) -> list[AgreedAction]:
    """Give a team's actions that are done, those done last first."""
    found = select(AgreedAction).where(col(AgreedAction.team_id) == team_id, col(AgreedAction.done_on).is_not(None))
    return list(session.exec(found.order_by(col(AgreedAction.done_on).desc(), col(AgreedAction.number).desc())))


def action_with_number(session: Session, team_id: int, number: int) -> AgreedAction | None:
    """Find one of a team's actions."""
    return session.get(AgreedAction, (team_id, number))


def next_number(session: Session, team_id: int) -> int:
    """Give the number of a team's next action; the caller holds the team's lock."""
    newest = session.exec(select(sa.func.max(AgreedAction.number)).where(col(AgreedAction.team_id) == team_id)).one()
    return (newest or 0) + 1
