"""Gives and keeps the runs of imports: how far each has come, who holds it, what it rejected. Commits nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.importing import RunState
from bau_tracker.storage import tables
from bau_tracker.storage.bulk import is_sqlite
from bau_tracker.storage.import_tables import STAGED_ANSWER, StagedItem

UNFINISHED: Final = (RunState.READING, RunState.READ, RunState.TAKING_OVER)

_Run = tables.ImportRun


def add_run(session: Session, run: tables.ImportRun) -> int:
    """Store a run and give its number."""
    session.add(run)
    session.flush()
    return run.id


def run_with_id(session: Session, run_id: int) -> tables.ImportRun | None:
    """Find a run by number, as it stands in the database now."""
    return session.get(_Run, run_id, populate_existing=True)


def runs_by(session: Session, person_id: int | None, *, limit: int) -> list[tuple[tables.ImportRun, str | None]]:
    """Give the newest runs with the address of who made each; of one person, or of all where that is None."""
    found = select(_Run, col(tables.Person.email)).outerjoin(
        tables.Person, col(tables.Person.id) == col(_Run.person_id)
    )
    if person_id is not None:
        found = found.where(col(_Run.person_id) == person_id)
    return [(run, email) for run, email in session.exec(found.order_by(col(_Run.id).desc()).limit(limit))]


def unfinished_like(session: Session, run: tables.ImportRun) -> tables.ImportRun | None:
    """Find an unfinished run by the same person of the same file, about which the same was said."""
    found = select(_Run).where(
        col(_Run.what) == run.what,
        col(_Run.sha256) == run.sha256,
        col(_Run.person_id).is_not_distinct_from(run.person_id),
        col(_Run.state).in_(UNFINISHED),
    )
    return next((one for one in session.exec(found.order_by(col(_Run.id))) if one.request == run.request), None)


def imported_before(session: Session, what: str, sha256: str) -> list[tables.ImportRun]:
    """Give the runs that have taken the same file over, newest first."""
    found = select(_Run).where(col(_Run.what) == what, col(_Run.sha256) == sha256, col(_Run.state) == RunState.IMPORTED)
    return list(session.exec(found.order_by(col(_Run.id).desc())))


def left_since(session: Session, moment: datetime, now: datetime) -> list[tables.ImportRun]:
    """Give the unfinished runs that were begun before a moment and that nobody works on now."""
    found = select(_Run).where(
        col(_Run.state).in_((*UNFINISHED, RunState.FAILED)),
        col(_Run.started_at) < moment,
        sa.or_(col(_Run.leased_until).is_(None), col(_Run.leased_until) <= now),
    )
    return list(session.exec(found))


def claim(session: Session, run_id: int, holder: str, *, now: datetime, until: datetime) -> bool:
    """Give a run to a holder until a moment, unless somebody else holds it; say whether that went well."""
    free = sa.or_(col(_Run.holder).in_(("", holder)), col(_Run.leased_until).is_(None), col(_Run.leased_until) <= now)
    return _update(session, run_id, free, holder=holder, leased_until=until)


def renew(session: Session, run_id: int, *, holder: str | None, **values: Any) -> bool:  # noqa: ANN401  (its columns)
    """Write down how far a run has come, as who holds it; False when that is somebody else by now.

    The run is held until the end of the transaction; for that alone, whoever holds it, `holder` is None.
    """
    return _update(session, run_id, sa.true() if holder is None else col(_Run.holder) == holder, **values)


def drop(session: Session, run: tables.ImportRun) -> None:
    """Delete a run that nothing was taken over from, with all that it has read."""
    empty_stage(session, run.id)
    session.execute(sa.delete(tables.ImportReject).where(col(tables.ImportReject.run_id) == run.id))
    session.delete(run)
    session.flush()


def empty_stage(session: Session, run_id: int) -> None:
    """Delete what a run has read and not taken over."""
    session.execute(sa.delete(STAGED_ANSWER).where(*_all_or(session, STAGED_ANSWER.c.run_id == run_id)))
    session.execute(sa.delete(StagedItem).where(col(StagedItem.run_id) == run_id))


def _all_or(session: Session, condition: sa.ColumnElement[bool]) -> list[sa.ColumnElement[bool]]:
    """Give no condition where it holds for the whole stage: SQLite empties that at once instead of row by row.

    Nobody else can add to it meanwhile, as SQLite has one writer at a time; elsewhere the condition stays.
    """
    others = sa.select(STAGED_ANSWER.c.week).where(sa.not_(condition)).limit(1)
    return [] if is_sqlite(session) and session.execute(others).first() is None else [condition]


def _update(session: Session, run_id: int, condition: sa.ColumnElement[bool], **values: Any) -> bool:  # noqa: ANN401
    changed = sa.update(_Run).where(col(_Run.id) == run_id, condition).values(**values).returning(col(_Run.id))
    return session.execute(changed, execution_options={"synchronize_session": False}).first() is not None
