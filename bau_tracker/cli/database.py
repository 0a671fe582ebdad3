"""How commands reach the database: the settings of the environment, a schema that is current, one commit at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict
from bau_tracker.settings import Settings, read_settings
from bau_tracker.storage import migrate
from bau_tracker.storage.engine import make_engine, writing


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Session]:
    """Give a session that is committed when the command ends well, and rolled back otherwise.

    Raises Conflict when the database wants `bau-tracker migrate`.
    """
    engine = make_engine((settings or read_settings()).database_url)
    try:
        if not migrate.is_current(engine):
            raise Conflict("The database doesn't have the newest schema. Run: bau-tracker migrate")
        with Session(writing(engine), expire_on_commit=False) as session:
            yield session
            session.commit()
    finally:
        engine.dispose()


def moment() -> datetime:
    """Give the time of this command."""
    return datetime.now(UTC)
