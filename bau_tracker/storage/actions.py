"""Gives and finds what teams agreed to do about their unplanned work. Commits nothing."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bau_tracker.storage.tables import AgreedAction


def open_actions(session: Session, team_id: int) -> list[AgreedAction]:
    """Give a team's actions that are under way, newest first."""
    found = select(AgreedAction).where(col(AgreedAction.team_id) == team_id, col(AgreedAction.done_on).is_(None))
    return list(session.exec(found.order_by(col(AgreedAction.number).desc())))
