"""Gives and keeps the rows that imports rejected, with their reasons. Commits nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

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
            "row": _packed(reject.row),
        }
        for reject in rejects
    ]
    if rows:
        session.execute(sa.insert(ImportReject), rows)


def _packed(row: Sequence[str]) -> list[str | int]:
    """Write how many empty cells come before each other cell: a row of a wide table has thousands of them.

    Those at the end are left out; who writes rows fills them up.
    """
    packed: list[str | int] = []
    end = 0
    for place, cell in enumerate(row):
        if cell:
            packed += [place - end, cell] if place > end else [cell]
            end = place + 1
    return packed


def _unpacked(packed: Sequence[str | int]) -> tuple[str, ...]:
    return tuple(chain.from_iterable([""] * part if isinstance(part, int) else [part] for part in packed))


def rejects_of(session: Session, run_id: int, *, limit: int | None = None) -> Iterator[Problem]:
    """Go through the rows that a run could not take, by line."""
    found = select(ImportReject).where(col(ImportReject.run_id) == run_id)
    ordered = found.order_by(col(ImportReject.line)).limit(limit)
    for reject in session.exec(ordered, execution_options={"yield_per": 1000}):
        yield Problem(reject.line, reject.column, reject.message, _unpacked(reject.row))


def reasons_of(session: Session, run_id: int, *, limit: int) -> Sequence[tuple[str, int]]:
    """Give the messages of a run's rejected rows, each with how many rows have it, the most frequent first."""
    count, first = sa.func.count(), sa.func.min(col(ImportReject.line))
    found = (
        sa.select(col(ImportReject.message), count)
        .where(col(ImportReject.run_id) == run_id)
        .group_by(col(ImportReject.message))
    )
    return [(words, rows) for words, rows in session.execute(found.order_by(count.desc(), first).limit(limit))]
