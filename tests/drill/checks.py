"""Decides what has to hold of a database at every moment, whatever was killed or came at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from bau_tracker.domain.importing import RunState
from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.storage.columns import Base
from tests.drill.place import Failure, Place

_ANSWER: Final = Base.metadata.tables["answer"]
_WEEK: Final = Base.metadata.tables["team_week"]
_RUN: Final = Base.metadata.tables["import_run"]
_KEY: Final = ("team_id", "week")


def check_whole(place: Place) -> None:
    """Raise Failure unless the database is sound, its sums are those of the answers, and runs count whole or not."""
    with place.engine() as engine, engine.connect() as connection:
        faults = [*_unsound(connection), *wrong_sums(connection), *_partly_taken_over(connection)]
    if faults:
        raise Failure("; ".join(faults[:10]))


def check_answers(place: Place, rows: int) -> None:
    """Raise Failure unless there are exactly so many answers, and nothing waits to be taken over."""
    found = {name: place.rows(f"SELECT count(*) FROM {name}")[0][0] for name in ("answer", "staged_answer")}  # noqa: S608
    if found != {"answer": rows, "staged_answer": 0}:
        raise Failure(f"{rows} answers were imported; there are {found}")


def wrong_sums(connection: sa.Connection) -> list[str]:
    """Name the weeks whose sums aren't those of their answers."""
    worked = sa.func.sum(sa.case((_ANSWER.c.away, 0), else_=1))
    columns = [worked, *(sa.func.sum(_ANSWER.c[name]) for name in CATEGORIES)]
    keys = [_ANSWER.c[name] for name in _KEY]
    true = _figures(connection, sa.select(*keys, *columns).group_by(*keys))
    kept = _figures(connection, sa.select(*(_WEEK.c[name] for name in (*_KEY, "respondents", *CATEGORIES))))
    return [
        f"team {key[0]}, week {key[1]}: the sums are {kept.get(key)}, the answers come to {true.get(key)}"
        for key in true.keys() | kept.keys()
        if true.get(key) != kept.get(key)
    ]


def _figures(connection: sa.Connection, statement: sa.Select[Any]) -> dict[tuple[Any, ...], list[float]]:
    found = connection.execute(statement)
    return {tuple(row[:2]): [round(figure, 4) for figure in row[2:]] for row in found}


def _unsound(connection: sa.Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for pragma, sound in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
        found = [tuple(row) for row in connection.exec_driver_sql(f"PRAGMA {pragma}")]
        if found != sound:
            yield f"{pragma} says {found[:5]}"


def _partly_taken_over(connection: sa.Connection) -> Iterator[str]:
    counts = sa.select(_ANSWER.c.run_id, sa.func.count()).group_by(_ANSWER.c.run_id)
    counted = {row[0]: row[1] for row in connection.execute(counts)}
    for run in connection.execute(sa.select(_RUN.c.id, _RUN.c.state, _RUN.c.accepted)):
        expected = run.accepted if run.state == RunState.IMPORTED else 0
        if counted.get(run.id, 0) != expected:
            yield f"of import {run.id} ({run.state}), {counted.get(run.id, 0)} answers count and not {expected}"
