"""Stages work items under their run until they are taken over. Commits nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.weeks import Week
from bau_tracker.storage.columns import Base
from bau_tracker.storage.engine import insert_into
from bau_tracker.storage.import_tables import StagedItem
from bau_tracker.storage.item_history import Hours, as_json, of_json
from bau_tracker.storage.tables import Item

_STAGE: Final = Base.metadata.tables[StagedItem.__tablename__]
_KEY: Final = ("run_id", "team_id", "source", "external_key")
_BATCH: Final = 1000

Staged = tuple[Item, dict[Week, float], int]
"""An item, the hours logged on it by week, and how many rows of the file it stands for."""


def stage_items(session: Session, run_id: int, items: Iterable[tuple[Item, Hours]]) -> None:
    """Stage items; of two with the same key the later updated stands, else the later row."""
    rows = [_row(run_id, item, hours) for item, hours in items]
    if not rows:
        return
    insert = insert_into(session, _STAGE)
    new = insert.excluded
    later = sa.or_(new.updated_at.is_(None), _STAGE.c.updated_at.is_(None), new.updated_at >= _STAGE.c.updated_at)
    taken = {
        name: sa.case((later, new[name]), else_=_STAGE.c[name]) for name in ("week", "updated_at", "item", "logged")
    }
    values = {**taken, "copies": _STAGE.c.copies + 1}
    session.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=values), rows)


def staged_items(session: Session, run_id: int, *, limit: int | None = None) -> Iterator[list[Staged]]:
    """Go through the items of a run, batch by batch, by key."""
    found = select(StagedItem).where(col(StagedItem.run_id) == run_id).limit(limit)
    ordered = found.order_by(col(StagedItem.team_id), col(StagedItem.source), col(StagedItem.external_key))
    for rows in session.exec(ordered, execution_options={"yield_per": _BATCH}).partitions():
        yield [(of_json(row.item), _hours(row.logged), row.copies) for row in rows]


def weeks_of_staged_items(session: Session, run_id: int) -> dict[int, list[date]]:
    """Give the weeks in which a run's items arrived, each as its Monday, oldest first, by team number in order."""
    keys = sa.select(_STAGE.c.team_id, _STAGE.c.week).where(_STAGE.c.run_id == run_id).distinct()
    weeks: dict[int, list[date]] = {}
    for team_id, monday in session.execute(keys.order_by(_STAGE.c.team_id, _STAGE.c.week)):
        weeks.setdefault(team_id, []).extend([monday] if monday else [])
    return weeks


def _row(run_id: int, item: Item, hours: Hours) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "team_id": item.team_id,
        "source": item.source,
        "external_key": item.external_key,
        "week": item.week,
        "updated_at": item.updated_at,
        "item": as_json(item),
        "logged": {str(week.monday): spent for week, spent in hours.items()},
        "copies": 1,
    }


def _hours(logged: Mapping[str, float]) -> dict[Week, float]:
    return {Week(date.fromisoformat(monday)): spent for monday, spent in logged.items()}
