"""Takes answers back that an import stored, so that what stood before stands again. Commits nothing.

An answer's versions form one history: those it replaced, and the one that counts. Undoing an import takes its versions
out of that history, wherever they lie in it, so that the newest of the others counts: imports can be undone in any
order and come to the same. A version that another import said too stays, as that one's. What was taken out is kept,
marked, so that no number of a revision is used twice.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from bau_tracker.storage.columns import Base, UtcDateTime
from bau_tracker.storage.import_tables import AnswerConfirmation, DefinitionBreak

_ANSWER: Final = Base.metadata.tables["answer"]
_REVISION: Final = Base.metadata.tables["answer_revision"]
_CONFIRMATION: Final = Base.metadata.tables[AnswerConfirmation.__tablename__]
_KEY: Final = ("team_id", "week", "respondent")


def weeks_of_run(session: Session, run_id: int) -> dict[int, list[date]]:
    """Give the weeks in which a run has stored answers, those too that were replaced since, by team number in order.

    Each week is its Monday, the oldest first.
    """
    brought = sa.union(
        *(sa.select(table.c.team_id, table.c.week).where(table.c.run_id == run_id) for table in (_ANSWER, _REVISION))
    ).subquery()
    weeks: dict[int, list[date]] = {}
    for team_id, monday in session.execute(sa.select(brought).order_by(brought.c.team_id, brought.c.week)):
        weeks.setdefault(team_id, []).append(monday)
    return weeks


def replaced_later(session: Session, run_id: int) -> dict[int | None, int]:
    """Count the answers of a run that others count in place of, by the run of those; None is the form."""
    same = [_REVISION.c[name] == _ANSWER.c[name] for name in _KEY]
    replaced = sa.select(_ANSWER.c.run_id, sa.func.count()).where(
        *same, _REVISION.c.run_id == run_id, _REVISION.c.withdrawn_at.is_(None)
    )
    counted = replaced.where(_ANSWER.c.run_id.is_distinct_from(run_id)).group_by(_ANSWER.c.run_id)
    return {by: count for by, count in session.execute(counted)}  # noqa: C416  (a row is no pair to mypy)


def hand_on(
    session: Session, run_id: int, now: datetime, *, noted: sa.Table, counting: sa.Table, others: sa.Table
) -> dict[int, int]:
    """Give a run's versions to those that said the same; count the rows that count and stay so, by whose they are now.

    `noted` are the confirmations; it and the tables of the versions, that which count and the others, have one key.
    """
    key = [column.name for column in counting.primary_key]

    def said_too(table: sa.Table) -> sa.ColumnElement[bool]:
        same = [noted.c[name] == table.c[name] for name in (*key, "revision")]
        return sa.and_(*same, noted.c.run_id != run_id, noted.c.withdrawn_at.is_(None))

    def heir(table: sa.Table) -> sa.ScalarSelect[Any]:
        first = sa.select(sa.func.min(noted.c.run_id)).where(said_too(table))
        return first.correlate(table).scalar_subquery()

    owner = sa.select(heir(counting).label("run_id")).where(counting.c.run_id == run_id).subquery()
    kept = sa.select(owner.c.run_id, sa.func.count()).where(owner.c.run_id.is_not(None)).group_by(owner.c.run_id)
    stay = {number: count for number, count in session.execute(kept)}  # noqa: C416  (a row is no pair to mypy)
    for table in (counting, others):
        shared = sa.and_(table.c.run_id == run_id, sa.exists().where(said_too(table)).correlate(table))
        known = [*(table.c[name] for name in (*key, "revision", "run_id")), sa.literal(now, UtcDateTime())]
        columns = [*key, "revision", "run_id", "withdrawn_at"]
        own = sa.exists().where(*(noted.c[name] == table.c[name] for name in (*key, "run_id"))).correlate(table)
        session.execute(sa.insert(noted).from_select(columns, sa.select(*known).where(shared, sa.not_(own))))
        session.execute(sa.update(table).where(shared).values(run_id=heir(table)))
    session.expire_all()
    return stay


def hand_answers_on(session: Session, run_id: int, now: datetime) -> dict[int, int]:
    """Give a run's answers to those that said the same; count those that count, by whose they are now."""
    return hand_on(session, run_id, now, noted=_CONFIRMATION, counting=_ANSWER, others=_REVISION)


def take_back(session: Session, run_id: int, now: datetime) -> tuple[int, int]:
    """Take a run's answers out of their histories; give how many are gone, and how many that they replaced stand again.

    Also the later times that it gave to answers, and the breaks in definition that came with it. What others said too
    is handed on before.
    """
    _take_back_times(session, run_id, now)
    session.execute(
        sa.update(_REVISION)
        .where(_REVISION.c.run_id == run_id, _REVISION.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    names = _ANSWER.columns.keys()
    at = sa.literal(now, UtcDateTime())
    counting = sa.select(*_ANSWER.columns, at, at).where(_ANSWER.c.run_id == run_id)
    session.execute(sa.insert(_REVISION).from_select([*names, "replaced_at", "withdrawn_at"], counting))
    taken = _count(session, _ANSWER, _ANSWER.c.run_id == run_id)
    session.execute(sa.delete(_ANSWER).where(_ANSWER.c.run_id == run_id))
    back = _count(session, _REVISION, _stands_again(run_id))
    restored = sa.select(*(_REVISION.c[name] for name in names)).where(_stands_again(run_id))
    session.execute(sa.insert(_ANSWER).from_select(names, restored))
    session.execute(sa.delete(_REVISION).where(_REVISION.c.withdrawn_at.is_(None), _is_answer()))
    session.execute(sa.delete(DefinitionBreak).where(col(DefinitionBreak.run_id) == run_id))
    session.expire_all()
    return taken - back, back


def _stands_again(run_id: int) -> sa.ColumnElement[bool]:
    """Say of a revision that it is the newest one left of an answer that a run has just been taken out of."""
    taken, newer = _REVISION.alias(), _REVISION.alias()
    same = [taken.c[name] == _REVISION.c[name] for name in _KEY]
    touched = sa.exists().where(*same, taken.c.run_id == run_id, taken.c.withdrawn_at.is_not(None))
    later = sa.exists().where(
        *(newer.c[name] == _REVISION.c[name] for name in _KEY),
        newer.c.withdrawn_at.is_(None),
        newer.c.revision > _REVISION.c.revision,
    )
    standing = sa.exists().where(*(_ANSWER.c[name] == _REVISION.c[name] for name in _KEY))
    return sa.and_(
        _REVISION.c.withdrawn_at.is_(None),
        *(sa.not_(one.correlate(_REVISION)) for one in (later, standing)),
        touched.correlate(_REVISION),
    )


def _is_answer() -> sa.ColumnElement[bool]:
    """Say of a revision that it counts as the answer: it was put back."""
    same = [_ANSWER.c[name] == _REVISION.c[name] for name in (*_KEY, "revision")]
    return sa.exists().where(*same).correlate(_REVISION)


def _take_back_times(session: Session, run_id: int, now: datetime) -> None:
    """Give answers back the time they had; a run that gave them a later one still does, over that time."""
    mine, other = (_CONFIRMATION.alias(name) for name in ("mine", "other"))
    of_run = [mine.c.run_id == run_id, mine.c.withdrawn_at.is_(None)]
    for table in (_ANSWER, _REVISION):
        same = [mine.c[name] == table.c[name] for name in (*_KEY, "revision")]
        given = [*of_run, *same, mine.c.after == table.c.answered_at]
        too = [other.c[name] == table.c[name] for name in (*_KEY, "revision")]
        too += [other.c.run_id != run_id, other.c.withdrawn_at.is_(None), other.c.after == table.c.answered_at]
        before = sa.select(mine.c.before).where(*given).correlate(table).scalar_subquery()
        alone = [sa.exists().where(*given).correlate(table), sa.not_(sa.exists().where(*too).correlate(table))]
        session.execute(sa.update(table).where(*alone).values(answered_at=before))
    same = [mine.c[name] == _CONFIRMATION.c[name] for name in (*_KEY, "revision")]
    over = [*of_run, *same, mine.c.after == _CONFIRMATION.c.before]
    before = sa.select(mine.c.before).where(*over).correlate(_CONFIRMATION).scalar_subquery()
    moved = sa.exists().where(*over).correlate(_CONFIRMATION)
    session.execute(sa.update(_CONFIRMATION).where(moved).values(before=before))
    session.execute(sa.update(_CONFIRMATION).where(_CONFIRMATION.c.run_id == run_id).values(withdrawn_at=now))


def _count(session: Session, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(table).where(condition)).scalar_one())
