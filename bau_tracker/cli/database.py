"""How commands reach the database: the settings of the environment, a schema that is current, one commit at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, Unavailable
from bau_tracker.settings import Settings, read_settings
from bau_tracker.storage import migrate
from bau_tracker.storage.engine import make_engine, writing


@contextmanager
def reachable(url: str) -> Iterator[sa.Engine]:
    """Give the engine of a database URL; raises Unavailable when the database doesn't answer, or the URL is none."""
    try:
        engine = make_engine(url)
    except (ArgumentError, ValueError) as error:
        raise Unavailable(f"BAU_TRACKER_DATABASE_URL can't be used: {error}") from error
    try:
        yield engine
    except OperationalError as error:
        raise Unavailable(f"The database doesn't answer, or can't be written: {error.orig}") from error
    finally:
        engine.dispose()


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Session]:
    """Give a session that is committed when the command ends well, and rolled back otherwise.

    Raises Conflict when the database wants `bau-tracker migrate`, Unavailable when it doesn't answer.
    """
    with reachable((settings or read_settings()).database_url) as engine:
        check_schema(engine)
        with Session(writing(engine), expire_on_commit=False) as session:
            yield session
            session.commit()


def check_schema(engine: sa.Engine) -> None:
    """Refuse a database that doesn't have the newest schema; raises Conflict with the command that mends it."""
    if not migrate.is_current(engine):
        raise Conflict("The database doesn't have the newest schema. Run: bau-tracker migrate")


def moment() -> datetime:
    """Give the time of this command."""
    return datetime.now(UTC)
