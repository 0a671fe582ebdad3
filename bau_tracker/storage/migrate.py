"""Decides how a database comes to the newest schema; the steps themselves are in migrations/.

Safe to run twice, and by two processes at once: they take turns on a lock of the database itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bau_tracker.resources import resource

_LOCK: Final = 0x0BA0_7AC4


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """Give alembic's configuration for the shipped migrations, on a connection that its environment uses."""
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the database up to a revision, the newest unless told; a change is made whole or not at all."""
    with _alone(engine) as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Take the database back to a revision; `base` empties it."""
    with _alone(engine) as connection:
        command.downgrade(alembic_config(connection), revision)


def is_current(engine: sa.Engine) -> bool:
    """Say whether the database has the newest schema; only compares."""
    with engine.connect() as connection:
        return current_revision(connection) == newest_revision()


def current_revision(connection: sa.Connection) -> str | None:
    """Give the revision that the database has; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Give the revision that the program was written for."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Hold the database's own lock for one transaction, with SQLite's foreign keys off while tables are rebuilt."""
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            _outside_transaction(connection, "PRAGMA foreign_keys=OFF")
        try:
            with _transaction(connection, sqlite=sqlite):
                yield connection
        finally:
            if sqlite:
                _outside_transaction(connection, "PRAGMA foreign_keys=ON")


@contextmanager
def _transaction(connection: sa.Connection, *, sqlite: bool) -> Iterator[None]:
    with connection.begin():
        if sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield
        if sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
            raise sa.exc.IntegrityError("PRAGMA foreign_key_check", None, ValueError(f"{len(broken)} rows lost theirs"))


def _outside_transaction(connection: sa.Connection, statement: str) -> None:
    """Run a pragma that SQLite ignores inside a transaction."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(statement)
