"""Gives, stores and replaces answers and drafts. Commits nothing.

`answer` holds the answer that counts, `answer_revision` those it replaced. What they add up to is in `rollups`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.privacy import ANONYMOUS
from bau_tracker.domain.surveys import CATEGORIES, Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import tables
from bau_tracker.storage.columns import AnswerColumns, Base
from bau_tracker.storage.import_tables import STAGED_ANSWER, AnswerConfirmation

CHIP_COLUMNS: Final[dict[Chip, str]] = {chip: f"excessive_{chip.value}" for chip in Chip}
ANSWER_COLUMNS: Final = tuple(AnswerColumns.model_fields)
BATCH: Final = 2000
_LONGEST_KEY: Final = 100


def respondent_key(person_id: int) -> str:
    """Give the key under which a known person's answers are kept."""
    return f"person:{person_id}"


def anonymous_key(respondent: str) -> str:
    """Give the key under which the answers of a respondent without a person are kept; a long name becomes its hash."""
    short = len(ANONYMOUS) + len(respondent) <= _LONGEST_KEY
    return ANONYMOUS + (respondent if short else blake2b(respondent.encode(), digest_size=20).hexdigest())


def columns_of(answer: Answer) -> dict[str, Any]:
    """Lay an answer out in columns."""
    ticked = answer.excessive or frozenset()
    return {
        "away": answer.away,
        "hours_available": answer.hours_available,
        **{name: answer.split.hours(name) for name in CATEGORIES},
        "callouts": answer.callouts,
        "excessive_asked": answer.excessive is not None,
        **{column: chip in ticked for chip, column in CHIP_COLUMNS.items()},
        "deferred": answer.deferred,
        "comment": answer.comment,
    }


def answer_of(row: Mapping[str, Any]) -> Answer:
    """Read an answer back from its columns."""
    ticked = frozenset(chip for chip, column in CHIP_COLUMNS.items() if row[column])
    return Answer(
        split=TimeSplit(**{name: row[name] for name in CATEGORIES}),
        away=row["away"],
        hours_available=row["hours_available"],
        callouts=row["callouts"],
        excessive=ticked if row["excessive_asked"] else None,
        deferred=row["deferred"],
        comment=row["comment"],
    )


def answer_in_week(session: Session, team_id: int, week: Week, respondent: str) -> tables.Answer | None:
    """Find the answer that counts."""
    return session.get(tables.Answer, (team_id, week.monday, respondent))


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of a week, and when it was sent by the form; None for one that was imported."""

    week: Week
    answer: Answer
    sent_at: datetime | None


def answers_of_person(session: Session, team_id: int, person_id: int) -> list[Answered]:
    """Give a person's own answers in a team, oldest first."""
    found = select(tables.Answer).where(
        col(tables.Answer.team_id) == team_id, col(tables.Answer.person_id) == person_id
    )
    rows = session.exec(found.order_by(col(tables.Answer.week)))
    return [
        Answered(Week(row.week), answer_of(row.model_dump()), None if row.run_id else row.answered_at) for row in rows
    ]


def keep_answer(  # noqa: PLR0913  (a row of the table)
    session: Session,
    *,
    team_id: int,
    week: Week,
    respondent: str,
    person_id: int | None,
    answer: Answer,
    seconds: int | None = None,
    now: datetime,
) -> tables.Answer:
    """Store an answer; one that it replaces goes to the revisions. Leaves the sums to `rollups`.

    `seconds` is how long answering took, None where it isn't known.
    """
    stored = answer_in_week(session, team_id, week, respondent)
    if stored is None:
        stored = tables.Answer(team_id=team_id, week=week.monday, respondent=respondent)
    else:
        session.add(tables.AnswerRevision(**stored.model_dump(), replaced_at=now))
        session.flush()
    stored.revision = _next_revision(session, team_id, week, respondent)
    values = {**columns_of(answer), "person_id": person_id, "answered_at": now, "run_id": None, "seconds": seconds}
    for name, value in values.items():
        setattr(stored, name, value)
    session.add(stored)
    session.flush()
    return stored


def add_answers(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store many answers by column that nobody has given before."""
    if rows:
        session.execute(
            sa.insert(tables.Answer), [{"revision": 1, "run_id": None, "seconds": None, **row} for row in rows]
        )


def _next_revision(session: Session, team_id: int, week: Week, respondent: str) -> int:
    """Number an answer after all its revisions, those of undone imports included."""
    revision = tables.AnswerRevision
    used = select(sa.func.max(col(revision.revision))).where(
        col(revision.team_id) == team_id, col(revision.week) == week.monday, col(revision.respondent) == respondent
    )
    return (session.exec(used).one() or 0) + 1


def newest_replaced(session: Session, team_id: int, week: Week, respondent: str) -> Answer | None:
    """Give the newest answer with hours that another one replaced."""
    revision = tables.AnswerRevision
    found = select(revision).where(
        col(revision.team_id) == team_id,
        col(revision.week) == week.monday,
        col(revision.respondent) == respondent,
        col(revision.away).is_(False),
        col(revision.withdrawn_at).is_(None),
    )
    row = session.exec(found.order_by(col(revision.revision).desc())).first()
    return answer_of(row.model_dump()) if row else None


def draft_of(session: Session, team_id: int, week: Week, person_id: int) -> tables.Draft | None:
    """Find what a person has typed and not sent."""
    return session.get(tables.Draft, (team_id, week.monday, person_id))


def keep_draft(
    session: Session, team_id: int, week: Week, person_id: int, *, typed: dict[str, Any], now: datetime
) -> None:
    """Keep what a person has typed, in place of what was kept before."""
    draft = tables.Draft(team_id=team_id, week=week.monday, person_id=person_id, typed=typed, saved_at=now)
    session.merge(draft)
    session.flush()


def drop_draft(session: Session, team_id: int, week: Week, person_id: int) -> None:
    """Delete what a person has typed and not sent."""
    draft = draft_of(session, team_id, week, person_id)
    if draft is not None:
        session.delete(draft)
        session.flush()


def answers_known_to(
    session: Session, viewer_id: int, team_ids: Sequence[int]
) -> dict[int, dict[Week, set[tuple[str, int]]]]:
    """Give, by team and week, the answers that a viewer knows, as (respondent, revision), replaced ones included.

    They know the own ones, and those that own imports said, undone ones too.
    """
    known: dict[int, dict[Week, set[tuple[str, int]]]] = defaultdict(lambda: defaultdict(set))
    run = tables.ImportRun
    for answer in (tables.Answer, tables.AnswerRevision):
        found = (
            select(col(answer.team_id), col(answer.week), col(answer.respondent), col(answer.revision))
            .outerjoin(run, col(run.id) == col(answer.run_id))
            .where(
                col(answer.team_id).in_(team_ids),
                sa.or_(col(answer.person_id) == viewer_id, col(run.person_id) == viewer_id),
            )
        )
        for team_id, monday, respondent, revision in session.exec(found):
            known[team_id][Week(monday)].add((respondent, revision))
    said = AnswerConfirmation
    found = (
        select(col(said.team_id), col(said.week), col(said.respondent), col(said.revision))
        .join(run, col(run.id) == col(said.run_id))
        .where(col(said.team_id).in_(team_ids), col(run.person_id) == viewer_id)
    )
    for team_id, monday, respondent, revision in session.exec(found):
        known[team_id][Week(monday)].add((respondent, revision))
    return known


def weeks_answered_elsewhere(session: Session, team_id: int, importer_id: int | None) -> set[Week]:
    """Give the weeks with answers that weren't imported by this person: sent by the form, or imported by others.

    Those that others imported as they stood already count too: how many stay would tell which were right.
    """
    run = tables.ImportRun
    weeks: set[Week] = set()
    for table, counts in (
        (tables.Answer, sa.true()),
        (AnswerConfirmation, col(AnswerConfirmation.withdrawn_at).is_(None)),
    ):
        found = select(col(table.week)).outerjoin(run, col(run.id) == col(table.run_id))
        others = found.where(col(table.team_id) == team_id, col(run.person_id).is_distinct_from(importer_id), counts)
        weeks.update(Week(monday) for monday in session.exec(others.distinct()))
    return weeks


def weeks_imported(session: Session, team_id: int) -> set[Week]:
    """Give the weeks in which an imported answer counts."""
    found = select(col(tables.Answer.week)).where(
        col(tables.Answer.team_id) == team_id, col(tables.Answer.run_id).is_not(None)
    )
    return {Week(monday) for monday in session.exec(found.distinct())}


def latest_answer_before(
    session: Session, team_id: int, person_id: int, week: Week, *, not_before: Week
) -> tuple[Week, Answer] | None:
    """Find a person's newest answer with hours that lies before a week."""
    found = select(tables.Answer).where(
        col(tables.Answer.team_id) == team_id,
        col(tables.Answer.person_id) == person_id,
        col(tables.Answer.week) < week.monday,
        col(tables.Answer.week) >= not_before.monday,
        col(tables.Answer.away).is_(False),
    )
    row = session.exec(found.order_by(col(tables.Answer.week).desc())).first()
    return (Week(row.week), answer_of(row.model_dump())) if row else None


def weeks_open_again(session: Session, team_id: int, now: datetime) -> list[tables.Reopening]:
    """Give the newest reopening of each published week of a team that is open again now, oldest week first."""
    reopening = tables.Reopening
    found = select(reopening).where(col(reopening.team_id) == team_id).order_by(col(reopening.reopened_at))
    newest = {row.week: row for row in session.exec(found)}
    return [newest[week] for week in sorted(newest) if newest[week].freezes_at > now]


def forget_texts(session: Session, person_id: int) -> int:
    """Empty the comment of every answer, replaced answer and draft of a person; count those that had one.

    Also of answers that an import has read and not taken over yet.
    """
    emptied = 0
    for name in ("answer", "answer_revision", STAGED_ANSWER.name):
        table = Base.metadata.tables[name]
        has_text = sa.update(table).where(table.c.person_id == person_id, table.c.comment != "")
        emptied += len(session.execute(has_text.values(comment="").returning(table.c.week)).all())
    session.expire_all()
    for draft in session.exec(select(tables.Draft).where(col(tables.Draft.person_id) == person_id)):
        if any(draft.typed.get("comment", ())):
            draft.typed = {name: typed for name, typed in draft.typed.items() if name != "comment"}
            session.add(draft)
            emptied += 1
    session.flush()
    return emptied


def lock_team(session: Session, team_id: int) -> None:
    """Let writers of one team's weeks take turns until the end of the transaction, so that no sum misses an answer.

    SQLite's own write lock does the same, and there this locks nothing. What the session read before is read anew.
    """
    session.expire_all()
    session.exec(
        select(col(tables.Team.id)).where(col(tables.Team.id) == team_id).with_for_update(key_share=True)
    ).one()


def stream_answers(
    session: Session, team_ids: Sequence[int], *, since: Week | None, until: Week | None
) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    """Go through answers with their team's slug and their person's address, by team, week and respondent."""
    answer = Base.metadata.tables["answer"]
    chosen: list[sa.ColumnElement[bool]] = [answer.c.team_id.in_(team_ids)]
    if since is not None:
        chosen.append(answer.c.week >= since.monday)
    if until is not None:
        chosen.append(answer.c.week <= until.monday)
    return _stream(session, sa.and_(*chosen))


def stream_answers_of(session: Session, person_id: int) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    """Go through the answers of one person in all teams, in the same way."""
    return _stream(session, Base.metadata.tables["answer"].c.person_id == person_id)


def _stream(session: Session, which: sa.ColumnElement[bool]) -> Iterator[tuple[str, str | None, Mapping[str, Any]]]:
    answer = Base.metadata.tables["answer"]
    found = (
        sa.select(col(tables.Team.slug), col(tables.Person.email), answer)
        .join(answer, answer.c.team_id == col(tables.Team.id))
        .outerjoin(tables.Person, col(tables.Person.id) == answer.c.person_id)
        .where(which)
    )
    ordered = found.order_by(answer.c.team_id, answer.c.week, answer.c.respondent)
    for row in session.execute(ordered.execution_options(yield_per=BATCH)).mappings():
        yield row["slug"], row["email"], {column.name: row[column] for column in answer.columns}
