"""Keeps a week's sums as they were published, beside those that still move. Commits nothing."""

from __future__ import annotations

from sqlmodel import Session, col, select

from bau_tracker.domain.weeks import Week
from bau_tracker.storage.columns import WeekColumns
from bau_tracker.storage.tables import Person, PublishedWeek, Reopening, TeamWeek


def keep_published(session: Session, team_id: int, week: Week) -> None:
    """Keep a week's sums as they stand, unless they are kept already or nobody ever answered in it."""
    key = (team_id, week.monday)
    row = session.get(TeamWeek, key)
    if row is None or session.get(PublishedWeek, key) is not None:
        return
    session.add(PublishedWeek(**{name: getattr(row, name) for name in WeekColumns.model_fields}))
    session.flush()


def reopenings_of(session: Session, team_id: int) -> list[tuple[Reopening, Person | None]]:
    """Give the reopenings of a team's weeks with who opened each, newest first."""
    found = select(Reopening, Person).outerjoin(Person, col(Person.id) == col(Reopening.person_id))
    ordered = found.where(col(Reopening.team_id) == team_id).order_by(col(Reopening.reopened_at).desc())
    return [(reopening, person) for reopening, person in session.exec(ordered)]
