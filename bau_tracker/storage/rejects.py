"""Gives the rows that an import rejected, counted by reason. Commits nothing."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.storage.columns import Base
from bau_tracker.storage.tables import ImportReject

_REJECT = Base.metadata.tables[ImportReject.__tablename__]


def reasons_of(session: Session, run_id: int, *, limit: int) -> Sequence[tuple[str, int]]:
    """Give the messages of a run's rejected rows, each with how many rows have it, the most frequent first."""
    count, first = sa.func.count(), sa.func.min(_REJECT.c.line)
    found = sa.select(_REJECT.c.message, count).where(_REJECT.c.run_id == run_id).group_by(_REJECT.c.message)
    return [(message, rows) for message, rows in session.execute(found.order_by(count.desc(), first).limit(limit))]
