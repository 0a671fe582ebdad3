"""Makes what the parts of the drill work on: a database with teams and people, a file of answers, and the command."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

import sqlalchemy as sa

from bau_tracker.storage.engine import make_engine
from tests.bench.bench_bulk import WEEKS, make_file, make_roster
from tests.postgresql import running_server


class Failure(Exception):  # noqa: N818  (what the drill found, not a mechanism)
    """Something isn't as it has to be; the message says what."""


@dataclass(frozen=True, slots=True)
class Place:
    """A database whose teams and people a file of answers is of."""

    url: str
    folder: Path
    file: Path

    def made_engine(self) -> sa.Engine:
        return make_engine(self.url)

    @contextmanager
    def engine(self) -> Iterator[sa.Engine]:
        engine = self.made_engine()
        try:
            yield engine
        finally:
            engine.dispose()

    def rows(self, statement: str) -> list[Any]:
        with self.engine() as engine, engine.connect() as connection:
            return list(connection.execute(sa.text(statement)))

    def start(self, *arguments: str, prepare: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        """Start the real command, as somebody at the server would."""
        settings = {"BAU_TRACKER_DATABASE_URL": self.url, "BAU_TRACKER_DATA_DIR": str(self.folder)}
        return subprocess.Popen(
            [sys.executable, "-m", "bau_tracker", *arguments],
            env={**os.environ, **settings},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=prepare,  # noqa: PLW1509  (no threads here)
        )

    def start_import(self, prepare: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        return self.start("import", "answers", str(self.file), prepare=prepare)

    def import_whole(self) -> str:
        """Import the file to its end; give what the command says of it."""
        return ended_well(self.start_import())


def ended_well(process: subprocess.Popen[str]) -> str:
    """Wait for a command, which has to end well; give what it said."""
    said = process.communicate()[1].strip()
    if process.returncode:
        raise Failure(f"A command ended with {process.returncode}: {said[-2000:]}")
    return said


@contextmanager
def sqlite_place(rows: int, file: Path | None = None) -> Iterator[Place]:
    """Make a SQLite database, and a file of so many answers unless one is there already."""
    with tempfile.TemporaryDirectory(prefix="bau-drill-") as name:
        yield _made(f"sqlite:///{name}/bau-tracker.sqlite3", Path(name), rows, file)


@contextmanager
def postgresql_place(rows: int) -> Iterator[Place]:
    """Make a PostgreSQL server with such a database."""
    folder = tempfile.TemporaryDirectory(prefix="bau-drill-")
    with folder as name, running_server() as server, server.database() as url:
        yield _made(url, Path(name), rows, None)


PLACES: Final[Mapping[str, Callable[[int], Any]]] = {"SQLite": sqlite_place, "PostgreSQL": postgresql_place}


def _made(url: str, folder: Path, rows: int, file: Path | None) -> Place:
    place = Place(url, folder, file or folder / "answers.csv")
    if file is None:
        make_file(place.file, rows)
    make_roster(url, -(-rows // WEEKS))
    return place


def number(name: str, usual: float) -> float:
    """Give a number that the environment sets."""
    return float(os.environ.get(name) or usual)


def seeded() -> tuple[int, Random]:
    """Give the seed, which is printed so that a drill can be done again, and what it makes."""
    seed = int(os.environ.get("SEED") or secrets.randbits(32))
    tell(f"seed {seed} (SEED={seed} does the same again)")
    return seed, Random(seed)  # noqa: S311  (nothing secret)


def tell(words: str) -> None:
    """Say at once how far the drill is."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main_of(part: Callable[[], None]) -> None:
    """Run a part; end with what failed, and a status that says so."""
    try:
        part()
    except Failure as failure:
        sys.exit(f"FAILED: {failure}")
