from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bau_tracker.domain.errors import Conflict, Forbidden, NotFound
from bau_tracker.domain.importing import AnswerRecord, RunState
from bau_tracker.domain.permissions import SERVER, Actor, Role
from bau_tracker.domain.surveys import Answer
from bau_tracker.domain.taxonomy import ItemClass, Origin
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import write_table
from bau_tracker.formats.own_answers import OWN_COLUMNS, answer_row
from bau_tracker.services import importing, runs
from bau_tracker.services.recognising import ANSWERS, ITEMS, Request
from bau_tracker.services.reopening import reopen_week
from bau_tracker.storage import tables
from bau_tracker.storage.item_history import key_of
from bau_tracker.storage.surveys import answers_known_to, keep_answer, respondent_key
from bau_tracker.storage.tables import Item, Membership, Person, Team
from tests.factories import AFTER_FREEZE, MONDAY, OPEN_WEEK, answers, make_answer, make_member, make_team, make_team_of

ANSWERED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
EMAIL = "member0@payments.example"
BOOKKEEPING = {"import_run", "import_reject", "answer_revision", "item_revision", "remembered_mapping"}
BOOKKEEPING |= {"answer_confirmation", "item_confirmation"}


def record(email: str = EMAIL, *, week: Week = OPEN_WEEK, answer: Answer | None = None, **values: Any) -> AnswerRecord:
    said: dict[str, Any] = {"team": "payments", "answered_at": ANSWERED, **values}
    return AnswerRecord(line=0, week=week, email=email, answer=answer or make_answer(), **said)


def take(session: Session, folder: Path, *records: AnswerRecord, actor: Actor = SERVER, now: datetime = MONDAY) -> int:
    path = folder / "answers.csv"
    write_table(path, OWN_COLUMNS, map(answer_row, records))
    return taken(session, Request(ANSWERS, path, path.name), actor, now)


def take_items(session: Session, folder: Path, *lines: str, actor: Actor = SERVER) -> int:
    path = folder / "items.csv"
    path.write_text("\n".join(("Summary,Issue key,Issue id,Issue Type,Status,Created,Updated,Log Work", *lines)))
    return taken(session, Request(ITEMS, path, path.name, team="payments"), actor, MONDAY)


def taken(session: Session, request: Request, actor: Actor, now: datetime) -> int:
    run = importing.begin(session, request, actor=actor, now=now)
    for _ in importing.read_on(session, run.id, holder="a test", clock=lambda: now):
        pass
    return importing.take_over(session, run.id, actor=actor, now=now).run


def undo(session: Session, run: int, actor: Actor = SERVER, now: datetime = AFTER_FREEZE) -> runs.Undone:
    return runs.undo(session, run, actor=actor, now=now)


def contents(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Give all rows of all tables, but for those that only tell what happened."""
    session.flush()
    return {
        name: sorted(map(tuple, session.execute(sa.select(*table.columns)).all()), key=repr)
        for name, table in tables.Person.metadata.tables.items()
        if name not in BOOKKEEPING
    }


def answer_now(session: Session, team: Team, member: Actor, planned: float) -> None:
    assert member.person_id is not None
    given_answer = make_answer(planned=planned)
    key = respondent_key(member.person_id)
    keep_answer(
        session,
        team_id=team.id,
        week=OPEN_WEEK,
        respondent=key,
        person_id=member.person_id,
        answer=given_answer,
        now=MONDAY,
    )


def planned(session: Session) -> list[float]:
    session.expire_all()
    return [answer.planned for answer in session.exec(select(tables.Answer).order_by(sa.text("week, respondent")))]


def test_undoing_an_import_takes_new_answers_away_and_brings_replaced_ones_back(
    any_session: Session, tmp_path: Path
) -> None:
    make_team_of(any_session, 3)
    take(any_session, tmp_path, record(), record("member1@payments.example"))
    before = contents(any_session)
    later = ANSWERED + timedelta(hours=1)
    run = take(
        any_session,
        tmp_path,
        record(answer=make_answer(planned=1), answered_at=later),
        record("member1@payments.example", answered_at=later),
        record("member2@payments.example"),
        record(week=OPEN_WEEK.shift(-1)),
    )
    assert undo(any_session, run, now=MONDAY) == runs.Undone(gone=2, back=1, later={}, stay={})
    assert contents(any_session) == before
    assert runs.run_of(any_session, run, actor=SERVER, now=AFTER_FREEZE).state is RunState.UNDONE


def test_what_was_replaced_later_stays_and_the_undone_import_is_no_longer_beneath_it(
    any_session: Session, tmp_path: Path
) -> None:
    make_team_of(any_session, 1)
    moments = [ANSWERED + timedelta(hours=hours) for hours in range(3)]
    first, second, third = (
        take(any_session, tmp_path, record(answer=make_answer(planned=hours), answered_at=at))
        for hours, at in zip((10, 20, 30), moments, strict=True)
    )
    assert undo(any_session, second) == runs.Undone(gone=0, back=0, later={third: 1}, stay={})
    assert planned(any_session) == [30]
    assert undo(any_session, third) == runs.Undone(gone=0, back=1, later={}, stay={})
    assert planned(any_session) == [10]
    assert undo(any_session, first) == runs.Undone(gone=1, back=0, later={}, stay={})
    assert planned(any_session) == []


def test_an_answer_of_the_form_stays_and_is_counted_as_such(session: Session, tmp_path: Path) -> None:
    team, members = make_team_of(session, 1)
    run = take(session, tmp_path, record())
    answer_now(session, team, members[0], 7)
    assert undo(session, run) == runs.Undone(gone=0, back=0, later={None: 1}, stay={})
    assert planned(session) == [7]


def test_no_number_of_a_revision_is_used_twice(any_session: Session, tmp_path: Path) -> None:
    team, members = make_team_of(any_session, 1)
    undo(any_session, take(any_session, tmp_path, record()))
    again = take(any_session, tmp_path, record(answer=make_answer(planned=1)))
    (answer,) = any_session.exec(select(tables.Answer)).all()
    assert (answer.revision, answer.run_id) == (2, again)
    undo(any_session, again)
    answer_now(any_session, team, members[0], 7)
    any_session.expire_all()
    assert [row.revision for row in any_session.exec(select(tables.Answer))] == [3]


def test_later_times_are_taken_back_too_in_any_order(any_session: Session, tmp_path: Path) -> None:
    make_team_of(any_session, 1)
    moments = [ANSWERED + timedelta(hours=hours) for hours in range(3)]
    _, second, third = (take(any_session, tmp_path, record(answered_at=at)) for at in moments)
    undo(any_session, second)
    any_session.expire_all()
    assert [row.answered_at for row in any_session.exec(select(tables.Answer))] == [moments[2]]
    undo(any_session, third)
    any_session.expire_all()
    assert [row.answered_at for row in any_session.exec(select(tables.Answer))] == [moments[0]]


def test_a_later_time_that_two_imports_gave_stays_while_one_of_them_stands(
    any_session: Session, tmp_path: Path
) -> None:
    make_team_of(any_session, 1)
    later = ANSWERED + timedelta(hours=1)
    _, second, third = (take(any_session, tmp_path, record(answered_at=at)) for at in (ANSWERED, later, later))
    for run, at in ((second, later), (third, ANSWERED)):
        undo(any_session, run)
        any_session.expire_all()
        assert [row.answered_at for row in any_session.exec(select(tables.Answer))] == [at]


def test_an_answer_that_was_given_earlier_than_the_one_that_stood_isnt_handed_on(
    any_session: Session, tmp_path: Path
) -> None:
    make_team_of(any_session, 1)
    first = take(any_session, tmp_path, record(answer=make_answer(planned=4), answered_at=ANSWERED))
    second = take(any_session, tmp_path, record(answered_at=ANSWERED + timedelta(hours=1)))
    take(any_session, tmp_path, record(answered_at=ANSWERED - timedelta(hours=1)))
    assert undo(any_session, second) == runs.Undone(gone=0, back=1, later={}, stay={})
    assert [(row.planned, row.run_id) for row in any_session.exec(select(tables.Answer))] == [(4, first)]


def test_who_imported_an_answer_knows_it_also_when_it_is_another_imports_now(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 1)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    run = take(session, tmp_path, record(), actor=lead, now=AFTER_FREEZE)
    take(session, tmp_path, record(), now=AFTER_FREEZE)
    before = answers_known_to(session, lead.person_id or 0, [team.id])
    undo(session, run)
    assert answers_known_to(session, lead.person_id or 0, [team.id]) == before != {}


some_files = st.lists(
    st.lists(
        st.builds(
            record,
            st.sampled_from([EMAIL, "member1@payments.example"]),
            answer=answers,
            answered_at=st.none() | st.integers(0, 3).map(lambda hours: ANSWERED + timedelta(hours=hours)),
        ),
        min_size=1,
        max_size=3,
    ),
    min_size=1,
    max_size=4,
)


@given(files=some_files, data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undoing_imports_in_any_order_comes_to_never_having_made_them(
    session: Session, tmp_path: Path, files: list[list[AnswerRecord]], data: st.DataObject
) -> None:
    session.rollback()
    make_team_of(session, 2)
    before = contents(session)
    made = [take(session, tmp_path, *rows) for rows in files]
    for run in data.draw(st.permutations(made)):
        undo(session, run, now=MONDAY)
    assert contents(session) == before


said = st.dictionaries(st.sampled_from([EMAIL, "member1@payments.example"]), st.integers(1, 2), min_size=1)


@given(steps=st.lists(said | st.integers(0, 5), min_size=2, max_size=8))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_stands_is_what_the_last_import_says_that_isnt_undone(
    session: Session, tmp_path: Path, steps: list[dict[str, int] | int]
) -> None:
    session.rollback()
    make_team_of(session, 2)
    standing: dict[int, dict[str, int]] = {}
    for step in steps:
        if isinstance(step, dict):
            rows = [record(email, answer=make_answer(planned=hours), answered_at=None) for email, hours in step.items()]
            standing[take(session, tmp_path, *rows)] = step
        elif standing:
            run = list(standing)[step % len(standing)]
            undo(session, run, now=MONDAY)
            del standing[run]
    expected: dict[str, int] = {}
    for file in standing.values():
        expected |= file
    people = dict(session.exec(select(col(Person.id), col(Person.email))).all())
    session.expire_all()
    found = session.exec(select(tables.Answer)).all()
    assert {people[row.person_id or 0]: row.planned for row in found} == expected
    assert {row.run_id for row in found} <= standing.keys()


def test_what_another_import_said_too_stays_as_that_ones(any_session: Session, tmp_path: Path) -> None:
    make_team_of(any_session, 2)
    first = take(any_session, tmp_path, record(), record("member1@payments.example"))
    second = take(any_session, tmp_path, record(), record("member1@payments.example", answer=make_answer(planned=1)))
    third = take(any_session, tmp_path, record(answered_at=ANSWERED + timedelta(hours=1)))
    assert undo(any_session, first) == runs.Undone(gone=0, back=0, later={second: 1}, stay={second: 1})
    assert undo(any_session, second) == runs.Undone(gone=1, back=0, later={}, stay={third: 1})
    assert undo(any_session, third) == runs.Undone(gone=1, back=0, later={}, stay={})
    assert planned(any_session) == []


def test_a_lead_learns_from_an_undo_nothing_of_who_answered_over_their_import(session: Session, tmp_path: Path) -> None:
    team, members = make_team_of(session, 2)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    rows = record(), record(week=OPEN_WEEK.shift(-1))
    run = take(session, tmp_path, *rows, actor=lead, now=AFTER_FREEZE)
    answer_now(session, team, members[0], 7)
    with pytest.raises(Conflict, match="Ask an administrator to undo this import"):
        undo(session, run, lead)


@pytest.mark.parametrize("answers_again", [True, False])
def test_a_week_opened_again_is_closed_to_a_leads_undo_whether_anybody_answered_or_not(
    session: Session, tmp_path: Path, *, answers_again: bool
) -> None:
    team, members = make_team_of(session, 2)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    run = take(session, tmp_path, record(), actor=lead, now=AFTER_FREEZE)
    admin = Actor(person_id=lead.person_id, is_admin=True)
    reopened = reopen_week(session, team.slug, OPEN_WEEK, "two were away", actor=admin, now=AFTER_FREEZE)
    if answers_again:
        answer_now(session, team, members[0], 7)
    for now in (AFTER_FREEZE, reopened.freezes_at + timedelta(days=1)):
        with pytest.raises(Conflict, match="was opened again, so only an administrator"):
            undo(session, run, lead, now=now)


def test_how_many_rows_another_said_too_is_told_to_no_lead(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 2)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    guess = take(session, tmp_path, record(), actor=lead, now=AFTER_FREEZE)
    take(session, tmp_path, record(), now=AFTER_FREEZE)
    with pytest.raises(Conflict, match="Ask an administrator to undo this import"):
        undo(session, guess, lead)


def test_the_sums_follow_and_a_week_without_answers_is_gone(any_session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(any_session, 5)
    run = take(any_session, tmp_path, *(record(f"member{number}@payments.example") for number in range(5)))
    key = (team.id, OPEN_WEEK.monday)
    assert any_session.get_one(tables.TeamWeek, key).respondents == 5
    undo(any_session, run)
    assert any_session.get(tables.TeamWeek, key) is None
    assert any_session.get(tables.PublishedWeek, key) is None


def test_an_import_is_undone_once_and_only_when_it_was_taken_over(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    run = take(session, tmp_path, record())
    undo(session, run)
    with pytest.raises(Conflict, match="only once"):
        undo(session, run)
    with pytest.raises(Conflict, match="Undo it instead"):
        runs.discard(session, run, actor=SERVER, now=AFTER_FREEZE)


def test_whoever_made_an_import_undoes_it_and_nobody_else_but_administrators(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 1)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    other = make_member(session, team, "other@example.org", role=Role.LEAD)
    run = take(session, tmp_path, record(), actor=lead, now=AFTER_FREEZE)
    with pytest.raises(NotFound):
        undo(session, run, other)
    assert undo(session, run, lead).gone == 1


def test_a_lead_takes_no_answers_out_of_a_week_that_others_have_answered_since(
    session: Session, tmp_path: Path
) -> None:
    team, members = make_team_of(session, 2)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    run = take(session, tmp_path, record(), actor=lead, now=AFTER_FREEZE)
    answer_now(session, team, members[1], 7)
    with pytest.raises(Conflict, match="Ask an administrator to undo this import"):
        undo(session, run, lead)
    assert undo(session, run).gone == 1


def test_who_no_longer_leads_the_team_undoes_nothing(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 1)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    run = take(session, tmp_path, record(), actor=lead, now=AFTER_FREEZE)
    for membership in session.exec(select(Membership).where(Membership.person_id == lead.person_id)):
        membership.ends_on = date(2026, 11, 1)
    with pytest.raises(Forbidden, match="no longer lead"):
        undo(session, run, lead)


def test_items_and_their_hours_are_taken_back(any_session: Session, tmp_path: Path) -> None:
    make_team(any_session)
    take_items(any_session, tmp_path, "Fix crash,PAY-1,1,Bug,Open,2026-11-17,2026-11-17,;2026-11-17;ada;3600")
    before = contents(any_session)
    run = take_items(
        any_session,
        tmp_path,
        "Fix the crash,PAY-1,1,Bug,Done,2026-11-17,2026-11-18,;2026-11-18;ada;7200",
        "Rotate key,PAY-2,2,Task,Open,2026-11-17,2026-11-18,;2026-11-18;ada;3600",
    )
    assert undo(any_session, run) == runs.Undone(gone=1, back=1, later={}, stay={})
    any_session.expire_all()
    assert contents(any_session) == before


def test_an_item_that_another_import_said_too_stays_as_that_ones(any_session: Session, tmp_path: Path) -> None:
    make_team(any_session)
    line = "Fix crash,PAY-1,1,Bug,Open,2026-11-17,2026-11-17,;2026-11-17;ada;3600"
    first, second = (take_items(any_session, tmp_path, line) for _ in range(2))
    changed = take_items(
        any_session, tmp_path, line.replace("Open,2026-11-17,2026-11-17", "Done,2026-11-17,2026-11-18")
    )
    assert undo(any_session, first) == runs.Undone(gone=0, back=0, later={changed: 1}, stay={})
    assert undo(any_session, changed) == runs.Undone(gone=0, back=1, later={}, stay={})
    assert [(item.status, item.run_id) for item in any_session.exec(select(Item))] == [("Open", second)]
    assert undo(any_session, second) == runs.Undone(gone=1, back=0, later={}, stay={})


def test_an_item_that_was_changed_later_stays(any_session: Session, tmp_path: Path) -> None:
    make_team(any_session)
    first = take_items(any_session, tmp_path, "Fix crash,PAY-1,1,Bug,Open,2026-11-17,2026-11-17,")
    second = take_items(any_session, tmp_path, "Fix the crash,PAY-1,1,Bug,Done,2026-11-17,2026-11-18,")
    assert undo(any_session, first) == runs.Undone(gone=0, back=0, later={second: 1}, stay={})
    assert undo(any_session, second) == runs.Undone(gone=1, back=0, later={}, stay={})
    assert any_session.exec(select(Item)).all() == []


def test_what_a_person_decided_about_an_item_outlives_imports_and_their_undoing(
    any_session: Session, tmp_path: Path
) -> None:
    team = make_team(any_session)
    lead = make_member(any_session, team, "lead@example.org", role=Role.LEAD)
    first = take_items(any_session, tmp_path, "Fix crash,PAY-1,1,Bug,Open,2026-11-17,2026-11-17,")
    (item,) = any_session.exec(select(Item)).all()
    item.origin, item.origin_by_id, item.origin_reason = Origin.PLANNED, lead.person_id, "Decided by hand."
    item.item_class, item.class_by_id = ItemClass.FEATURE, lead.person_id
    any_session.flush()
    second = take_items(any_session, tmp_path, "Fix the crash,PAY-1,1,Bug,Done,2026-11-17,2026-11-18,")
    for run in (second, first):
        (item,) = any_session.exec(select(Item)).all()
        assert (item.origin, item.origin_reason, item.item_class) == (
            Origin.PLANNED,
            "Decided by hand.",
            ItemClass.FEATURE,
        )
        undo(any_session, run)
    take_items(any_session, tmp_path, "Fix crash,PAY-1,1,Bug,Open,2026-11-17,2026-11-17,")
    (item,) = any_session.exec(select(Item)).all()
    assert (key_of(item)[2], item.origin, item.revision) == ("PAY-1", Origin.PLANNED, 3)


def test_only_own_imports_are_listed_and_to_an_administrator_all(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 1)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    own = take(session, tmp_path, record(), actor=lead, now=AFTER_FREEZE)
    servers = take(session, tmp_path, record(week=OPEN_WEEK.shift(-1)))
    assert [(run.id, email) for run, email in runs.runs_shown(session, actor=lead)] == [(own, "lead@example.org")]
    assert [run.id for run, _ in runs.runs_shown(session, actor=SERVER)] == [servers, own]
