from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.place import Place, served_place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Place]:
    """Give the example data, served on a Monday on which 2026-W47 is open."""
    with served_place(tmp_path_factory.mktemp("place"), migrated) as place:
        yield place


@pytest.fixture(scope="module")
def mailing_place(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Place]:
    """Give the example data, served by an installation that keeps its mail in the mailbox."""
    with served_place(tmp_path_factory.mktemp("mailing"), migrated, mail="mailbox") as place:
        yield place


@pytest.fixture(scope="module")
def empty_place(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Place]:
    """Give a program that nobody has set up yet."""
    with served_place(tmp_path_factory.mktemp("empty"), migrated, seeded=False) as place:
        yield place
