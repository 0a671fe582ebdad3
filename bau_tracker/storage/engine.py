"""Decides how the database is reached: one engine for SQLite or PostgreSQL, with the pragmas that SQLite needs."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bau_tracker.domain.errors import InvalidInput

PATIENCE: Final = 30_000
"""So many milliseconds SQLite waits for a lock."""
LITTLE_PATIENCE: Final = 300


def make_engine(url: str) -> sa.Engine:
    """Make the engine for a database URL; raises sqlalchemy's ArgumentError for one that is none."""
    if sa.make_url(url).get_backend_name() != "sqlite":
        engine = sa.create_engine(url, pool_pre_ping=True)
        event.listen(engine, "handle_error", _explain)
        return engine
    engine = sa.create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  (whatever the driver gives)
    """Turn on foreign keys and the write-ahead log; leave beginning a transaction to `_begin`.

    The log is a property of the file: where another process has it just locked, that one has turned it on, or the next
    connection does. SQLite doesn't wait for that lock.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={PATIENCE}", "foreign_keys=ON", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    with suppress(sqlite3.OperationalError):
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    """Begin for real: the driver itself would begin only before the first write.

    Whoever means to write says so by the execution option `writes` and takes the lock at once: a reader that turns
    writer after somebody else has written would be refused.
    """
    options = connection.get_execution_options()
    writes = options.get("writes", False)
    connection.exec_driver_sql(f"PRAGMA busy_timeout={options.get('patience', PATIENCE)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _explain(context: sa.engine.ExceptionContext) -> None:
    """Say what is wrong with text that PostgreSQL can't hold; it can come from any form or address."""
    if "NUL (0x00)" in str(context.original_exception):
        raise InvalidInput("A text here has an invisible NUL character. Type it anew, without it.")


def writing(engine: sa.Engine) -> sa.Engine:
    """Give the engine for transactions that write."""
    return engine.execution_options(writes=True)


def writing_at_once(engine: sa.Engine) -> sa.Engine:
    """Give the engine for transactions that write if nobody else is doing so, and else fail soon."""
    return engine.execution_options(writes=True, patience=LITTLE_PATIENCE)


def insert_into(session: Session, table: sa.Table) -> Any:  # noqa: ANN401  (two dialects' inserts with the same methods)
    """Give an insert that can say what to do on a conflict, in the words of the session's database."""
    module: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return module.insert(table)
