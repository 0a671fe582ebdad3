"""Writes many rows at once, by the driver itself: SQLAlchemy's work on each value would cost more than the database's.

Values are those of the columns' own types, in the order of the names; SQLite has no dates, so there they become text in
the form in which SQLAlchemy keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.storage.columns import UtcDateTime

_MOST_TIMES: Final = 24 * 60 * 60


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


class Days(dict[date, str]):
    """Days as SQLite keeps them, each written once."""

    def __missing__(self, day: date) -> str:
        self[day] = str(day)
        return self[day]


class Moments:
    """Writes moments as SQLAlchemy keeps them in SQLite; days and times of day are put together, each written once."""

    def __init__(self) -> None:
        self._days, self._times = Days(), _TimesOfDay()

    def text(self, moment: datetime) -> str:
        """Write a moment."""
        utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
        return f"{self._days[utc.date()]} {self._times[utc.time()]}"


class _TimesOfDay(dict[time, str]):
    """Times as SQLite keeps them, each written once; forgotten when there are more than a day has seconds."""

    def __missing__(self, moment: time) -> str:
        if len(self) > _MOST_TIMES:
            self.clear()
        self[moment] = moment.isoformat("microseconds")
        return self[moment]


def _for_sqlite(table: sa.Table, names: Sequence[str]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    days, moments = Days(), Moments()
    writers: list[tuple[int, Callable[[Any], str]]] = []
    for place, name in enumerate(names):
        if isinstance(table.c[name].type, UtcDateTime):
            writers.append((place, moments.text))
        elif isinstance(table.c[name].type, sa.Date):
            writers.append((place, days.__getitem__))

    def write(row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for place, writer in writers:
            if values[place] is not None:
                values[place] = writer(values[place])
        return tuple(values)

    return write
