"""What every test may ask for; the fixtures that need a server or a browser are in tests/plugins/."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from bau_tracker.services.people import make_link
from bau_tracker.settings import Settings
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.migrate import upgrade
from bau_tracker.storage.people import person_with_email
from bau_tracker.web.app import create_app
from bau_tracker.web.mail import BACKGROUND
from bau_tracker.web.reading import READERS
from tests.factories import MONDAY

pytest_plugins = [
    "tests.plugins.no_skips",
    "tests.plugins.postgresql",
    "tests.plugins.databases",
    "tests.plugins.browser",
]

SECRET = "a secret of this test run, long enough"

hypothesis.settings.register_profile("project", deadline=None)  # no test asserts how long anything takes
hypothesis.settings.load_profile("project")


class AtOnce(Executor):
    """Does at once what the program would leave to a thread."""

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        work(*arguments, **options)
        return Future()


class Clock:
    """A clock that tests set; begins on a Monday on which 2026-W47 is open."""

    def __init__(self) -> None:
        self.now = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **units: float) -> None:
        self.now += timedelta(**units)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file that the migrations made, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "empty.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def settings(tmp_path: Path, migrated: Path) -> Settings:
    """Give settings with an empty SQLite database of this test's own."""
    path = tmp_path / "bau-tracker.sqlite3"
    shutil.copy(migrated, path)
    return Settings(data_dir=tmp_path, database_url=f"sqlite:///{path}", secret_key=SECRET)


@pytest.fixture
def engine(settings: Settings) -> Iterator[sa.Engine]:
    engine = make_engine(settings.database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: sa.Engine) -> Iterator[Session]:
    """Give a session that may write; what others are to see has to be committed."""
    with Session(writing(engine), expire_on_commit=False) as session:
        yield session


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(settings: Settings, engine: sa.Engine, clock: Clock) -> Flask:
    app = create_app(settings, clock_=clock, engine=engine)
    app.config["WTF_CSRF_ENABLED"] = False  # switched on where the check itself is tested
    app.extensions[BACKGROUND] = app.extensions[READERS] = AtOnce()
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def signed_in(app: Flask, engine: sa.Engine, clock: Clock) -> Callable[[str], FlaskClient]:
    """Give a function that signs a person in by a link, in a browser of their own."""

    def sign_in(email: str) -> FlaskClient:
        with Session(writing(engine)) as session:
            person = person_with_email(session, email)
            assert person is not None, f"make {email} first, and commit"
            token = make_link(session, person, secret=SECRET, now=clock())
            session.commit()
        client = app.test_client()
        assert client.post(f"/sign-in/{token}").status_code == 302
        return client

    return sign_in
