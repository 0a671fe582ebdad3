"""Fixtures for tests that are to run on SQLite and on PostgreSQL alike, each on a database of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.storage.engine import make_engine, writing

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=BOTH)
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database with the newest schema and no rows, once of each kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("migrated_postgresql_url")
        return url
    path = tmp_path / "any.sqlite3"
    shutil.copy(request.getfixturevalue("migrated"), path)
    return f"sqlite:///{path}"


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of a database without any table, once of each kind."""
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgresql_url")
        return url
    return f"sqlite:///{tmp_path / 'empty.sqlite3'}"


@pytest.fixture
def any_engine(any_url: str) -> Iterator[sa.Engine]:
    engine = make_engine(any_url)
    yield engine
    engine.dispose()


@pytest.fixture
def any_session(any_engine: sa.Engine) -> Iterator[Session]:
    """Give a session that may write; what others are to see has to be committed."""
    with Session(writing(any_engine), expire_on_commit=False) as session:
        yield session
