"""Kills an import at random moments while it reads and while it takes over, and goes on with it each time.

Run by `make drill`, or `python -m tests.drill.kill`. One import of KILL_ROWS answers is killed KILLS times. After each
kill the database is whole and none of the answers counts; the command given again goes on where the last one stopped,
and in the end there is what an import without any trouble gives.
"""

from __future__ import annotations

import hashlib
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Final, Self

import sqlalchemy as sa

from bau_tracker.domain.importing import RunState
from bau_tracker.services.importing import BATCH
from bau_tracker.storage.columns import Base
from tests.drill.checks import check_answers, check_whole
from tests.drill.place import PLACES, Failure, Place, ended_well, main_of, number, seeded, tell

ROWS, FEWER_ROWS, KILLS, FEWER_KILLS = 1_000_000, 100_000, 10, 4
_LOOK: Final = 0.02
"""Seconds between two looks at how far an import has come."""
_PATIENCE: Final = 900.0
"""Seconds without any progress that are taken for standing still."""
_ALMOST: Final = 0.97
"""How much of an import's usual course is drilled: later, it might be over before the kill."""
_RUN: Final = Base.metadata.tables["import_run"]
_ANSWER: Final = Base.metadata.tables["answer"]
_WAITING: Final = (RunState.READ, RunState.TAKING_OVER)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far imports have come: `runs` of them, the newest with so many rows, held until a moment."""

    runs: int = 0
    rows: int = 0
    state: str = ""
    leased_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Usual:
    """How many seconds an import without any trouble took to read, and to take over; and what it stored."""

    reading: float
    taking_over: float
    stored: str


def drill(where: str, rows: int, kills: int, random: Random) -> None:
    """Kill an import so many times; raise Failure when anything is lost, doubled, broken or begun anew."""
    with PLACES[where](rows) as place:
        usual = _measure(place, rows)
    tell(f"{where}, {rows:,} rows: reading takes {usual.reading:.1f} s, taking over {usual.taking_over:.1f} s")
    whole = (usual.reading + usual.taking_over) * _ALMOST
    with PLACES[where](rows) as place:
        before = Progress()
        for kill in range(kills):
            before = _killed(place, rows, whole * (kill + random.random()) / kills, usual, before, random)
            tell(f"  killed with {before.rows:,} rows read, {before.state}: the database is whole")
        said = place.import_whole()
        _check_end(place, rows, usual)
    tell(f"  {kills} kills, and then: {said.splitlines()[-2]}")


def _measure(place: Place, rows: int) -> Usual:
    """Import without any trouble."""
    started = time.perf_counter()
    with place.start_import() as process, _Looking(place) as looking:
        _wait(process, lambda: looking.look().state in _WAITING)
        read = time.perf_counter()
        ended_well(process)
    ended = time.perf_counter()
    check_whole(place)
    check_answers(place, rows)
    return Usual(read - started, ended - read, _stored(place))


def _killed(place: Place, rows: int, moment: float, usual: Usual, before: Progress, random: Random) -> Progress:
    """Go on with an import and kill it at a moment of its usual course; give how far it had come."""
    with place.start_import() as process, _Looking(place) as looking:
        if moment < usual.reading:
            target = max(before.rows + 1, int(rows * moment / usual.reading))
            _wait(process, lambda: looking.look().rows >= target or looking.look().state in _WAITING)
            time.sleep(random.uniform(0, usual.reading * BATCH / rows))
        else:
            _wait(process, lambda: looking.look().state in _WAITING and _is_free(before))
            time.sleep(moment - usual.reading)
        if process.poll() is not None:
            raise Failure(f"The import ended before it could be killed: {process.communicate()[1]}")
        process.kill()
        process.communicate()
    check_whole(place)
    with _Looking(place) as looking:
        after = looking.look()
    if after.runs != 1 or after.rows < before.rows:
        raise Failure(f"The import went on from {before}, and began anew: {after}")
    return after


def _is_free(before: Progress) -> bool:
    """Say whether an import that was killed while it was taken over is free for the next command by now."""
    until = before.leased_until
    return before.state not in _WAITING or until is None or until <= datetime.now(UTC)


def _check_end(place: Place, rows: int, usual: Usual) -> None:
    check_whole(place)
    check_answers(place, rows)
    if _stored(place) != usual.stored:
        raise Failure("After all kills there are other answers than an import without any trouble gives.")
    said = place.import_whole()
    counts = tuple(place.rows("SELECT accepted, replaced, unchanged, rejected FROM import_run WHERE id = 2")[0])
    if counts != (0, 0, rows, 0) or _stored(place) != usual.stored:
        raise Failure(f"The same file again changed something: {said}")
    check_whole(place)


class _Looking:
    """Looks at how far imports have come, from outside."""

    def __init__(self, place: Place) -> None:
        self._engine = place.made_engine()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()

    def look(self) -> Progress:
        newest = sa.select(_RUN.c.id, _RUN.c.rows, _RUN.c.state, _RUN.c.leased_until).order_by(_RUN.c.id.desc())
        with self._engine.connect() as connection:
            row = connection.execute(newest.limit(1)).first()
        return Progress(*row) if row else Progress()


def _wait(process: subprocess.Popen[str], ready: Callable[[], bool]) -> None:
    until = time.perf_counter() + _PATIENCE
    while not ready():
        if process.poll() is not None:
            raise Failure(f"The import ended too early, with {process.returncode}: {process.communicate()[1]}")
        if time.perf_counter() > until:
            process.kill()
            raise Failure("The import stands still.")
        time.sleep(_LOOK)


def _stored(place: Place) -> str:
    """Give a hash of all answers, whichever import they are of."""
    digest = hashlib.sha256()
    columns = [column for column in _ANSWER.columns if column.name != "run_id"]
    ordered = sa.select(*columns).order_by(_ANSWER.c.team_id, _ANSWER.c.week, _ANSWER.c.respondent)
    with place.engine() as engine, engine.connect() as connection:
        for row in connection.execution_options(yield_per=10_000).execute(ordered):
            digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


def main() -> None:
    """Drill on SQLite, and with fewer rows on PostgreSQL."""
    _, random = seeded()
    rows = int(number("KILL_ROWS", ROWS))
    drill("SQLite", rows, int(number("KILLS", KILLS)), random)
    drill("PostgreSQL", min(rows, FEWER_ROWS), FEWER_KILLS, random)


if __name__ == "__main__":
    main_of(main)
