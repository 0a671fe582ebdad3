"""Fixtures for tests that need a real PostgreSQL; a test that asks for one is marked `postgresql`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bau_tracker.storage.engine import make_engine
from bau_tracker.storage.migrate import upgrade
from tests.postgresql import Server, running_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and "postgresql_server" in item.fixturenames:
            item.add_marker(pytest.mark.postgresql)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """Give this worker's server; fixtures of a wider scope than a test make their databases with `database()`."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """Give the URL of an empty database for one test."""
    with postgresql_server.database() as url:
        yield url


@pytest.fixture(scope="session")
def _postgresql_template(postgresql_server: Server) -> Iterator[str]:
    with postgresql_server.database() as url:
        engine = make_engine(url)
        upgrade(engine)
        engine.dispose()
        yield url


@pytest.fixture
def migrated_postgresql_url(postgresql_server: Server, _postgresql_template: str) -> Iterator[str]:
    """Give the URL of a database with the newest schema and no rows, for one test."""
    with postgresql_server.database(template=_postgresql_template) as url:
        yield url
