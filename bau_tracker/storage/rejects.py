"""Gives and keeps the rows that imports rejected, with their reasons. Commits nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.importing import Problem
from bau_tracker.storage.tables import ImportReject


def keep_rejects(session: Session, run_id: int, rejects: Sequence[Problem]) -> None:
    """Keep rows that could not be taken, with their reasons."""
    rows = [
        {
            "run_id": run_id,
            "line": reject.line,
            "column": reject.column[:200],
            "message": reject.message[:1000],
            "row": _without_blank_end(reject.row),
        }
        for reject in rejects
    ]
    if rows:
        session.execute(sa.insert(ImportReject), rows)


def _without_blank_end(row: Sequence[str]) -> list[str]:
    """Leave out the empty cells at the end: a short row of a wide table has thousands, and who writes rows fills up."""
    end = next((place for place in range(len(row), 0, -1) if row[place - 1]), 0)
    return list(row[:end])


def rejects_of(session: Session, run_id: int, *, limit: int | None = None) -> Iterator[Problem]:
    """Go through the rows that a run could not take, by line."""
    found = select(ImportReject).where(col(ImportReject.run_id) == run_id)
    ordered = found.order_by(col(ImportReject.line)).limit(limit)
    for reject in session.exec(ordered, execution_options={"yield_per": 1000}):
        yield Problem(reject.line, reject.column, reject.message, tuple(reject.row))


def reasons_of(session: Session, run_id: int, *, limit: int) -> Sequence[tuple[str, int]]:
    """Give the messages of a run's rejected rows, each with how many rows have it, the most frequent first."""
    count, first = sa.func.count(), sa.func.min(col(ImportReject.line))
    found = (
        sa.select(col(ImportReject.message), count)
        .where(col(ImportReject.run_id) == run_id)
        .group_by(col(ImportReject.message))
    )
    return [(words, rows) for words, rows in session.execute(found.order_by(count.desc(), first).limit(limit))]
