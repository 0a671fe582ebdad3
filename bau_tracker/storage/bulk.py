"""Writes many rows at once, by the driver itself: SQLAlchemy's work on each value would cost more than the database's.

Values are those of the columns' own types, in the order of the names; SQLite has no dates, so there they become text in
the form in which SQLAlchemy keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.storage.columns import UtcDateTime


def insert_many(session: Session, table: sa.Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows into a table, all of them new."""
    sqlite = is_sqlite(session)
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join(["?" if sqlite else "%s"] * len(names))
    laid_out = [*(map(_for_sqlite(table, names), rows) if sqlite else map(tuple, rows))]
    if laid_out:
        statement = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608  (the table's own names)
        session.connection().exec_driver_sql(statement, laid_out)


def is_sqlite(session: Session) -> bool:
    """Say whether the session's database is SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def utc_text(moment: datetime) -> str:
    """Write a moment as SQLAlchemy keeps it in SQLite."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[:26]


class Days(dict[date, str]):
    """Days as SQLite keeps them, each written once."""

    def __missing__(self, day: date) -> str:
        self[day] = str(day)
        return self[day]


def _for_sqlite(table: sa.Table, names: Sequence[str]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    days = Days()
    writers: list[tuple[int, Callable[[Any], str]]] = []
    for place, name in enumerate(names):
        if isinstance(table.c[name].type, UtcDateTime):
            writers.append((place, utc_text))
        elif isinstance(table.c[name].type, sa.Date):
            writers.append((place, days.__getitem__))

    def write(row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, writer in writers:
            if values[place] is not None:
                values[place] = writer(values[place])
        return tuple(values)

    return write
