"""Gives and keeps what was said about files, by their headings, and where questions changed. Commits nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.storage.import_tables import DefinitionBreak, RememberedMapping
from bau_tracker.storage.tables import TeamWeek


def remembered(session: Session, what: str, *, team_id: int | None, person_id: int | None) -> list[RememberedMapping]:
    """Give what a team's imports, or where it is None a person's, have said about files, newest first."""
    memory = RememberedMapping
    whose = [col(memory.team_id).is_not_distinct_from(team_id)]
    if team_id is None:
        whose.append(col(memory.person_id).is_not_distinct_from(person_id))
    found = select(memory).where(col(memory.what) == what, *whose)
    return list(session.exec(found.order_by(col(memory.saved_at).desc(), col(memory.id).desc())))


def remember(session: Session, memory: RememberedMapping) -> None:
    """Keep what was said about a file in place of what was said about one with the same headings before."""
    stored = remembered(session, memory.what, team_id=memory.team_id, person_id=memory.person_id)
    same = next((one for one in stored if one.fingerprint == memory.fingerprint), None)
    if same is not None:
        memory.id = same.id
    session.merge(memory)
    session.flush()


def keep_breaks(session: Session, run_id: int, weeks: Mapping[int, Iterable[date]], words: str) -> None:
    """Note that figures come from other questions from a run's first week on, in teams that have earlier weeks."""
    for team_id, mondays in weeks.items():
        first = min(mondays)
        earlier = sa.exists().where(col(TeamWeek.team_id) == team_id, col(TeamWeek.week) < first)
        if session.execute(sa.select(earlier)).scalar_one():
            session.merge(DefinitionBreak(team_id=team_id, week=first, run_id=run_id, words=words[:1000]))
    session.flush()
