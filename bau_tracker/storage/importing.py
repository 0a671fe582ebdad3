"""Takes answers and items in bulk: staged row by row, compared and taken over as whole sets. Commits nothing.

The stage is a temporary table of the connection, so that memory stays flat and nothing is seen before the commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.importing import Problem
from bau_tracker.storage import tables
from bau_tracker.storage.columns import HOURS, Base, UtcDateTime
from bau_tracker.storage.engine import insert_into
from bau_tracker.storage.surveys import ANSWER_COLUMNS

_ANSWER: Final = Base.metadata.tables["answer"]
_REVISION: Final = Base.metadata.tables["answer_revision"]
_KEY: Final = ("team_id", "week", "respondent")
_CONTENT: Final = tuple(
    name for name in ANSWER_COLUMNS if name not in {"person_id", "answered_at", "run_id", "seconds"}
)
_STAGE: Final = sa.Table(
    "staged_answer",
    sa.MetaData(),
    *(sa.Column(column.name, column.type, primary_key=column.primary_key) for column in _ANSWER.columns),
    sa.Column("copies", sa.Integer, nullable=False),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What staged rows come to beside the stored ones; hours are of the weeks that somebody worked."""

    accepted: int
    replaced: int
    unchanged: int
    people: int
    least_hours: float | None
    most_hours: float | None
    total_hours: float


def open_stage(session: Session) -> None:
    """Make the stage, empty."""
    connection = session.connection()
    _STAGE.drop(connection, checkfirst=True)
    _STAGE.create(connection)


def close_stage(session: Session) -> None:
    """Remove the stage."""
    _STAGE.drop(session.connection(), checkfirst=True)


def stage(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Stage answers by column; of two with the same key the later answered stands, else the later line."""
    insert = insert_into(session, _STAGE)
    new = insert.excluded
    later = sa.or_(new.answered_at.is_(None), _STAGE.c.answered_at.is_(None), new.answered_at >= _STAGE.c.answered_at)
    taken = {
        column.name: sa.case((later, new[column.name]), else_=_STAGE.c[column.name])
        for column in _STAGE.columns
        if column.name not in {*_KEY, "copies"}
    }
    statement = insert.on_conflict_do_update(index_elements=_KEY, set_={**taken, "copies": _STAGE.c.copies + 1})
    session.execute(statement, [{**row, "revision": 1, "copies": 1} for row in rows])


def compare(session: Session) -> Comparison:
    """Say what taking the stage over would change."""
    new, newer = _ANSWER.c.respondent.is_(None), _differs()
    copies = _STAGE.c.copies
    hours = sum((_STAGE.c[name] for name in HOURS), sa.literal(0.0))
    figures = sa.select(
        _total(sa.case((new, 1), else_=0)),
        _total(sa.case((new, copies - 1), (newer, copies), else_=0)),
        _total(sa.case((new, 0), (newer, 0), else_=copies)),
        sa.func.count(sa.distinct(_STAGE.c.respondent)),
        sa.func.min(sa.case((sa.not_(_STAGE.c.away), hours))),
        sa.func.max(hours),
        _total(hours),
    ).select_from(_STAGE.outerjoin(_ANSWER, _same_key()))
    return Comparison(*session.execute(figures).one())


def staged_mondays(session: Session) -> list[date]:
    """Give the weeks that are staged, oldest first, each as its Monday."""
    return list(session.scalars(sa.select(_STAGE.c.week).distinct().order_by(_STAGE.c.week)))


def staged_teams(session: Session) -> list[int]:
    """Give the numbers of the teams that are staged, in order."""
    return list(session.scalars(sa.select(_STAGE.c.team_id).distinct().order_by(_STAGE.c.team_id)))


def take_over(session: Session, now: datetime) -> None:
    """Store what is staged: new answers are added; those that differ and aren't older replace, into the revisions.

    The same answer given again at a later time only takes on that time, so that the order of imports doesn't matter.
    """
    replaced = sa.select(*_ANSWER.columns, sa.literal(now, UtcDateTime())).where(_same_key(), _differs())
    names = [*_ANSWER.columns.keys(), "replaced_at"]
    session.execute(sa.insert(_REVISION).from_select(names, replaced))
    columns = [column.name for column in _ANSWER.columns]
    staged = sa.select(*(_STAGE.c[name] for name in columns)).where(sa.true())
    insert = insert_into(session, _ANSWER).from_select(columns, staged)
    values = {name: insert.excluded[name] for name in ANSWER_COLUMNS}
    differs, revision = _differs(insert.excluded), _ANSWER.c.revision
    first_time = sa.and_(_ANSWER.c.answered_at.is_(None), insert.excluded.answered_at.is_not(None))
    given_at = sa.func.coalesce(insert.excluded.answered_at, _ANSWER.c.answered_at)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=_KEY,
            set_={**values, "answered_at": given_at, "revision": sa.case((differs, revision + 1), else_=revision)},
            where=sa.or_(differs, given_at > _ANSWER.c.answered_at, first_time),
        )
    )


def staged_weeks() -> sa.ColumnElement[bool]:
    """Give the condition that an answer lies in a team's week that the stage touches."""
    touched = sa.exists().where(_STAGE.c.team_id == _ANSWER.c.team_id, _STAGE.c.week == _ANSWER.c.week)
    return touched.correlate(_ANSWER)


def _same_key() -> sa.ColumnElement[bool]:
    return sa.and_(*(_ANSWER.c[name] == _STAGE.c[name] for name in _KEY))


def _differs(new: Any = None) -> sa.ColumnElement[bool]:  # noqa: ANN401  (columns of a table, or of `excluded`)
    """Say in SQL that the new answer says something else than the stored one and wasn't given earlier."""
    columns: Any = _STAGE.c if new is None else new
    other = sa.or_(*(columns[name].is_distinct_from(_ANSWER.c[name]) for name in _CONTENT))
    times = (columns.answered_at, _ANSWER.c.answered_at)
    return sa.and_(other, sa.or_(times[0].is_(None), times[1].is_(None), times[0] >= times[1]))


def _total(figure: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.sum(figure), 0)


def add_run(session: Session, run: tables.ImportRun) -> int:
    """Store a run and give its number."""
    session.add(run)
    session.flush()
    return run.id


def run_with_id(session: Session, run_id: int) -> tables.ImportRun | None:
    """Find a run by number."""
    return session.get(tables.ImportRun, run_id)


def keep_rejects(session: Session, run_id: int, rejects: Sequence[Problem]) -> None:
    """Keep rows that could not be taken, with their reasons."""
    rows = [
        {
            "run_id": run_id,
            "line": reject.line,
            "column": reject.column[:200],
            "message": reject.message[:1000],
            "row": list(reject.row),
        }
        for reject in rejects
    ]
    if rows:
        session.execute(sa.insert(tables.ImportReject), rows)


def rejects_of(session: Session, run_id: int) -> Iterator[Problem]:
    """Go through the rows that a run could not take, by line."""
    found = select(tables.ImportReject).where(col(tables.ImportReject.run_id) == run_id)
    for reject in session.exec(found.order_by(col(tables.ImportReject.line))):
        yield Problem(reject.line, reject.column, reject.message, tuple(reject.row))
