"""Takes answers over in bulk: staged row by row under their run, compared and taken over as a whole. Commits nothing.

A stage is a table like any other, so that whoever goes on with a run finds what was read; nothing of it counts before
it is taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.domain.surveys import CATEGORIES, Answer
from bau_tracker.storage.bulk import Days, Moments, is_sqlite
from bau_tracker.storage.columns import HOURS, Base, UtcDateTime
from bau_tracker.storage.engine import insert_into
from bau_tracker.storage.import_tables import STAGED_ANSWER, STAGED_NAMES, AnswerConfirmation
from bau_tracker.storage.surveys import ANSWER_COLUMNS, CHIP_COLUMNS

_ANSWER: Final = Base.metadata.tables["answer"]
_REVISION: Final = Base.metadata.tables["answer_revision"]
_CONFIRMATION: Final = Base.metadata.tables[AnswerConfirmation.__tablename__]
_STAGE: Final = STAGED_ANSWER
_KEY: Final = ("team_id", "week", "respondent")
_CONTENT: Final = tuple(name for name in STAGED_NAMES if name not in {*_KEY, "person_id", "answered_at"})
_MOST_LAID_OUT: Final = 20_000
_parts: Final = attrgetter(*CATEGORIES)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What staged rows come to beside the stored ones; hours are of the weeks that somebody worked.

    `known` counts the staged answers of which one is stored already, whatever it says; `repeated` are the replaced rows
    that only a later row of the same file replaces.
    """

    known: int
    accepted: int
    replaced: int
    repeated: int
    unchanged: int
    people: int
    least_hours: float | None
    most_hours: float | None
    total_hours: float


StagedAnswer = tuple[int, date, str, int | None, datetime | None, Answer]
"""Team number, the week's Monday, respondent, person number, when it was answered, and the answer itself."""


class Stage:
    """Where a run puts the answers that it reads; of two with the same key the later answered stands, else the later.

    Goes to the driver itself, since a file may hold a million of them.
    """

    def __init__(self, session: Session, run_id: int) -> None:
        self._session, self._run_id = session, run_id
        self._sqlite = is_sqlite(session)
        self._sql = _stage_sql("?" if self._sqlite else "%s")
        self._laid_out: dict[int, tuple[Answer, tuple[Any, ...]]] = {}
        self._days, self._moments = Days(), Moments()

    def add(self, answers: Iterable[StagedAnswer]) -> None:
        """Stage answers."""
        if len(self._laid_out) > _MOST_LAID_OUT:
            self._laid_out.clear()
        run_id, known, days, moment = self._run_id, self._laid_out.get, self._days, self._moments.text
        rows = []
        for team_id, monday, respondent, person_id, at, answer in answers:
            _, content = known(id(answer)) or self._lay_out(answer)
            time, day = (at and moment(at), days[monday]) if self._sqlite else (at, monday)
            rows.append((run_id, team_id, day, respondent, person_id, time, 1, *content))
        if rows:
            self._session.connection().exec_driver_sql(self._sql, rows)

    def _lay_out(self, answer: Answer) -> tuple[Answer, tuple[Any, ...]]:
        """Give what the columns of _CONTENT hold; readers give the same answer often.

        The answer is kept with them, so that no other can come to have its id.
        """
        ticked = answer.excessive or frozenset()
        complaints = (answer.excessive is not None, *(chip in ticked for chip in CHIP_COLUMNS))
        told = (answer.away, answer.hours_available, *complaints, answer.deferred, answer.comment)
        if self._sqlite:  # it has no booleans, and its driver takes long to find that out
            told = tuple(int(value) if isinstance(value, bool) else value for value in told)
        known = self._laid_out[id(answer)] = answer, (*_parts(answer.split), answer.callouts, *told)
        return known


def compare(session: Session, run_id: int) -> Comparison:
    """Say what taking a run's stage over would change."""
    new, newer = _ANSWER.c.respondent.is_(None), _differs()
    copies = _STAGE.c.copies
    hours = sum((_STAGE.c[name] for name in HOURS), sa.literal(0.0))
    figures = (
        sa.select(
            sa.func.count(_ANSWER.c.respondent),
            _total(sa.case((new, 1), else_=0)),
            _total(sa.case((new, copies - 1), (newer, copies), else_=0)),
            _total(sa.case((new, copies - 1), (newer, copies - 1), else_=0)),
            _total(sa.case((new, 0), (newer, 0), else_=copies)),
            sa.func.count(sa.distinct(_STAGE.c.respondent)),
            sa.func.min(sa.case((sa.not_(_STAGE.c.away), hours))),
            sa.func.max(hours),
            _total(hours),
        )
        .select_from(_STAGE.outerjoin(_ANSWER, _same_key()))
        .where(_STAGE.c.run_id == run_id)
    )
    return Comparison(*session.execute(figures).one())


def staged_weeks(session: Session, run_id: int) -> dict[int, list[date]]:
    """Give the weeks that a run has staged, each as its Monday, oldest first, by team number in order."""
    found: dict[int, list[date]] = {}
    weeks = sa.select(_STAGE.c.team_id, _STAGE.c.week).where(_STAGE.c.run_id == run_id).distinct()
    for team_id, monday in session.execute(weeks.order_by(_STAGE.c.team_id, _STAGE.c.week)):
        found.setdefault(team_id, []).append(monday)
    return found


def mondays_staged(session: Session, run_id: int) -> Sequence[date]:
    """Give the weeks that a run has staged, of whichever team, each as its Monday, oldest first."""
    found = sa.select(_STAGE.c.week).where(_STAGE.c.run_id == run_id).distinct().order_by(_STAGE.c.week)
    return session.execute(found).scalars().all()


def first_staged(session: Session, run_id: int, limit: int) -> Sequence[sa.RowMapping]:
    """Give some of the answers that a run has staged, as they will be stored."""
    some = sa.select(_STAGE).where(_STAGE.c.run_id == run_id).order_by(_STAGE.c.week.desc(), _STAGE.c.respondent)
    return session.execute(some.limit(limit)).mappings().all()


def take_over(session: Session, run_id: int, now: datetime, *, all_new: bool = False) -> None:
    """Store what a run has staged: new answers are added; those that differ and aren't older replace what stands.

    `all_new` says that a comparison in this transaction has found none of them stored.

    The same answer given again at a later time only takes on that time, so that the order of imports doesn't matter.
    That a run has said the same is noted, for the day on which another is undone.
    """
    if not all_new:
        _archive_replaced(session, run_id, now)
        _note_confirmed(session, run_id)
    used = sa.select(sa.func.max(_REVISION.c.revision) + 1).where(
        *(_REVISION.c[name] == _STAGE.c[name] for name in _KEY)
    )
    staged = {name: _STAGE.c[name] for name in STAGED_NAMES} | {
        "run_id": _STAGE.c.run_id,
        "revision": sa.func.coalesce(used.scalar_subquery(), 1),
    }
    rows = sa.select(*staged.values()).where(_STAGE.c.run_id == run_id)
    insert = insert_into(session, _ANSWER).from_select(list(staged), rows)
    new, differs = insert.excluded, _differs(insert.excluded)
    values = {name: sa.case((differs, new[name]), else_=_ANSWER.c[name]) for name in (*ANSWER_COLUMNS, "revision")}
    later_time = sa.and_(_is_same(new), _is_later(new))
    values["answered_at"] = sa.case(
        (differs, new.answered_at), (later_time, new.answered_at), else_=_ANSWER.c.answered_at
    )
    session.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=values, where=sa.or_(differs, later_time)))


def _archive_replaced(session: Session, run_id: int, now: datetime) -> None:
    columns = [*_ANSWER.columns.keys(), "replaced_at"]
    replaced = sa.select(*_ANSWER.columns, sa.literal(now, UtcDateTime())).where(
        _STAGE.c.run_id == run_id, _same_key(), _differs()
    )
    session.execute(sa.insert(_REVISION).from_select(columns, replaced))


def _note_confirmed(session: Session, run_id: int) -> None:
    """Note which answers a run gives as they stand, and when; the form's own need no other word but a later time.

    What was given earlier than the answer that stands isn't noted, as nothing older is.
    """
    columns, later = ["run_id", *_KEY, "revision", "before", "after"], _is_later(_STAGE.c)
    shared = sa.and_(_ANSWER.c.run_id.is_not(None), _isnt_earlier(_STAGE.c))
    confirmed = sa.select(
        _STAGE.c.run_id,
        *(_STAGE.c[name] for name in _KEY),
        _ANSWER.c.revision,
        _ANSWER.c.answered_at,
        _STAGE.c.answered_at,
    ).where(_STAGE.c.run_id == run_id, _same_key(), _is_same(_STAGE.c), sa.or_(later, shared))
    session.execute(sa.insert(_CONFIRMATION).from_select(columns, confirmed))


def _stage_sql(mark: str) -> str:
    order = ("run_id", *_KEY, "person_id", "answered_at", "copies", *_CONTENT)
    names = ", ".join(f'"{name}"' for name in order)
    marks = ", ".join([mark] * len(order))
    old = _STAGE.name
    later = f"(excluded.answered_at IS NULL OR {old}.answered_at IS NULL OR excluded.answered_at >= {old}.answered_at)"
    taken = ", ".join(
        f'"{name}" = CASE WHEN {later} THEN excluded."{name}" ELSE {old}."{name}" END'
        for name in STAGED_NAMES
        if name not in _KEY
    )
    return (
        f"INSERT INTO {old} ({names}) VALUES ({marks}) "  # noqa: S608  (made of the table's own names)
        f"ON CONFLICT (run_id, {', '.join(_KEY)}) DO UPDATE SET {taken}, copies = {old}.copies + 1"
    )


def _same_key() -> sa.ColumnElement[bool]:
    return sa.and_(*(_ANSWER.c[name] == _STAGE.c[name] for name in _KEY))


def _is_same(new: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401  (columns of a table, or of `excluded`)
    return sa.and_(*(new[name].is_not_distinct_from(_ANSWER.c[name]) for name in _CONTENT))


def _is_later(new: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401  (as above)
    """Say in SQL that an answer's time is known and the stored one's isn't, or is before it."""
    return sa.and_(
        new.answered_at.is_not(None), sa.or_(_ANSWER.c.answered_at.is_(None), new.answered_at > _ANSWER.c.answered_at)
    )


def _differs(new: Any = None) -> sa.ColumnElement[bool]:  # noqa: ANN401  (as above)
    """Say in SQL that the new answer says something else than the stored one and wasn't given earlier."""
    columns: Any = _STAGE.c if new is None else new
    return sa.and_(sa.not_(_is_same(columns)), _isnt_earlier(columns))


def _isnt_earlier(new: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401  (as above)
    times = (new.answered_at, _ANSWER.c.answered_at)
    return sa.or_(times[0].is_(None), times[1].is_(None), times[0] >= times[1])


def _total(figure: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.sum(figure), 0)
