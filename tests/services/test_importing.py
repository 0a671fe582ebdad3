from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from bau_tracker.domain.errors import Conflict, Forbidden, NotFound, UnreadableInput
from bau_tracker.domain.importing import AnswerRecord, Mapping
from bau_tracker.domain.permissions import SERVER, Actor, Role
from bau_tracker.domain.surveys import Answer
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import write_table
from bau_tracker.formats.own_answers import OWN_COLUMNS, answer_row
from bau_tracker.services import importing, runs
from bau_tracker.services.exporting import answer_records
from bau_tracker.services.importing import Result
from bau_tracker.services.recognising import ANSWERS, ITEMS, Request
from bau_tracker.storage import importing as stages
from bau_tracker.storage import tables
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.item_history import Change, keep_items
from bau_tracker.storage.staged_items import Staged, staged_items
from bau_tracker.storage.surveys import answer_of
from bau_tracker.storage.tables import ImportRun, Item, LoggedTime, Team
from bau_tracker.storage.trends import published_weeks
from tests.factories import (
    AFTER_FREEZE,
    MONDAY,
    OPEN_WEEK,
    answers,
    give_answer,
    make_answer,
    make_member,
    make_person,
    make_team,
    make_team_of,
)

ANSWERED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
EMAIL = "member0@payments.example"
JIRA = ["Issue Type", "Issue key", "Issue id", "Summary", "Status", "Created", "Updated", "Log Work", "Labels"]


def record(email: str = EMAIL, *, week: Week = OPEN_WEEK, answer: Answer | None = None, **values: Any) -> AnswerRecord:
    given: dict[str, Any] = {"team": "payments", "answered_at": ANSWERED, **values}
    return AnswerRecord(line=0, week=week, email=email, answer=answer or make_answer(), **given)


def own_file(tmp_path: Path, *records: AnswerRecord, name: str = "answers.csv") -> Request:
    path = tmp_path / name
    write_table(path, OWN_COLUMNS, map(answer_row, records))
    return Request(ANSWERS, path, name)


def csv_file(tmp_path: Path, header: Sequence[str], *rows: Sequence[str], **values: Any) -> Request:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    path = tmp_path / "file.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return Request(ANSWERS, path, "file.csv", **values)


def jira_file(tmp_path: Path, *rows: dict[str, str], **values: Any) -> Request:
    usual = {"Issue Type": "Bug", "Issue key": "PAY-1", "Issue id": "1", "Summary": "Card payments fail"}
    usual |= {
        "Status": "Done",
        "Created": "2026-11-17 09:00",
        "Updated": "2026-11-18 09:00",
        "Log Work": "",
        "Labels": "",
    }
    return csv_file(tmp_path, JIRA, *(list((usual | row).values()) for row in rows), **values)


def read(session: Session, request: Request, actor: Actor = SERVER, now: datetime = MONDAY) -> ImportRun:
    """Read a file to its end."""
    run = importing.begin(session, request, actor=actor, now=now)
    for _ in importing.read_on(session, run.id, holder="a test", clock=lambda: now):
        pass
    return run


def take(session: Session, request: Request, actor: Actor = SERVER, now: datetime = MONDAY) -> Result:
    """Take a file over."""
    run = read(session, request, actor, now)
    return importing.take_over(session, run.id, actor=actor, now=now)


def compare(session: Session, request: Request) -> Result:
    """Say what taking a file over would change, and give it up."""
    run = read(session, request)
    result = importing.result_of(session, run)
    runs.discard(session, run.id, actor=SERVER, now=AFTER_FREEZE)
    return result


def take_items(session: Session, request: Request, actor: Actor = SERVER) -> Result:
    return take(session, replace(request, what=ITEMS, team="payments"), actor)


def counts(result: Result) -> tuple[int, int, int, int]:
    return result.accepted, result.replaced, result.unchanged, result.rejected


OF_RUNS = ("import_run", "import_reject", "remembered_mapping", "answer_confirmation", "item_confirmation")
"""What every import adds to, whatever its file says."""


def contents(session: Session, *without: str) -> dict[str, list[tuple[Any, ...]]]:
    """Give all rows of all tables but some."""
    session.flush()
    return {
        name: sorted(map(tuple, session.execute(sa.select(*table.columns)).all()), key=repr)
        for name, table in tables.Person.metadata.tables.items()
        if name not in without
    }


def stored(session: Session) -> list[tables.Answer]:
    session.expire_all()
    return list(session.exec(select(tables.Answer)))


def sums(session: Session, team: Team, week: Week = OPEN_WEEK) -> tables.TeamWeek:
    session.expire_all()
    return session.get_one(tables.TeamWeek, (team.id, week.monday))


def test_answers_are_taken_and_added_up(any_session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(any_session, 3)
    full = make_answer(excessive=(Chip.ALERTS,), comment="=1+1", callouts=2)
    request = own_file(tmp_path, record(answer=full), record("member1@payments.example", answer=Answer(away=True)))
    result = take(any_session, request)
    assert (result.rows, counts(result), result.people) == (2, (2, 0, 0, 0), 2)
    assert (result.weeks, result.least_hours, result.most_hours, result.total_hours) == ([OPEN_WEEK], 40, 40, 40)
    first, _ = stored(any_session)
    assert answer_of(first.model_dump()) == full
    assert (first.answered_at, first.run_id, first.revision) == (ANSWERED, result.run, 1)
    row = sums(any_session, team)
    assert (row.respondents, row.away, row.expected, row.planned, row.complaining) == (1, 1, 2, 24, 1)


def test_the_same_file_twice_leaves_the_same_database(any_session: Session, tmp_path: Path) -> None:
    make_team_of(any_session, 2)
    request = own_file(
        tmp_path,
        record(),
        record(week=OPEN_WEEK.shift(-1), answered_at=None),
        record("", respondent="r-1", answer=make_answer(planned=9)),
        record(answer=make_answer(planned=12), answered_at=ANSWERED + timedelta(hours=1)),
    )
    assert counts(take(any_session, request)) == (3, 1, 0, 0)
    before = contents(any_session, *OF_RUNS)
    again = take(any_session, request, now=AFTER_FREEZE)
    assert counts(again) == (0, 0, 4, 0)
    assert contents(any_session, *OF_RUNS) == before
    assert len(any_session.exec(select(tables.ImportRun)).all()) == 2


def test_what_is_exported_comes_back_without_loss(session: Session, tmp_path: Path, migrated: Path) -> None:
    team, members = make_team_of(session, 2)
    give_answer(
        session, team, members[0], answer=make_answer(comment="-1 is “not” a =formula", excessive=(Chip.ALERTS,))
    )
    give_answer(session, team, members[1], OPEN_WEEK.shift(-2), Answer(away=True))
    unasked = replace(make_answer(), excessive=None, deferred=None, hours_available=None)
    take(session, own_file(tmp_path, record("", respondent="=r", answer=unasked, answered_at=None), name="first.csv"))
    request = own_file(tmp_path, *answer_records(session, [team]), name="export.csv")
    before = contents(session, *OF_RUNS)
    assert counts(take(session, request)) == (0, 0, 3, 0)
    assert contents(session, *OF_RUNS) == before

    path = tmp_path / "other.sqlite3"
    path.write_bytes(migrated.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    with Session(writing(engine)) as other:
        moved, _ = make_team_of(other, 2)
        assert counts(take(other, request)) == (3, 0, 0, 0)
        exported = [replace(found, line=0) for found in answer_records(other, [moved])]
    assert exported == [replace(found, line=0) for found in answer_records(session, [team])]
    engine.dispose()


def test_a_newer_answer_replaces_the_older_and_both_are_kept(any_session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(any_session, 1)
    take(any_session, own_file(tmp_path, record(answer=make_answer(comment="first"))))
    later = ANSWERED + timedelta(hours=1)
    newer = own_file(tmp_path, record(answer=make_answer(planned=10, comment="second"), answered_at=later))
    result = take(any_session, newer, now=MONDAY + timedelta(hours=1))
    assert counts(result) == (0, 1, 0, 0)
    (answer,) = stored(any_session)
    assert (answer.comment, answer.revision, answer.answered_at, answer.run_id) == ("second", 2, later, result.run)
    (replaced,) = any_session.exec(select(tables.AnswerRevision))
    assert (replaced.comment, replaced.revision, replaced.answered_at) == ("first", 1, ANSWERED)
    assert replaced.replaced_at == MONDAY + timedelta(hours=1)
    assert sums(any_session, team).planned == 10


def test_an_older_answer_changes_nothing_that_is_stored(any_session: Session, tmp_path: Path) -> None:
    make_team_of(any_session, 1)
    take(any_session, own_file(tmp_path, record()))
    before = contents(any_session, *OF_RUNS)
    earlier = ANSWERED - timedelta(seconds=1)
    older = own_file(tmp_path, record(answer=make_answer(planned=1), answered_at=earlier))
    assert counts(take(any_session, older)) == (0, 0, 1, 0)
    assert contents(any_session, *OF_RUNS) == before


def test_a_lead_cannot_make_a_small_group_readable_by_inventing_rows(any_session: Session, tmp_path: Path) -> None:
    team, members = make_team_of(any_session, 2)
    lead = make_member(any_session, team, "lead@example.org", role=Role.LEAD, hours=0)
    invented = [record(email="", respondent=str(number)) for number in range(4)]
    assert counts(take(any_session, own_file(tmp_path, *invented), actor=lead, now=AFTER_FREEZE)) == (4, 0, 0, 0)
    give_answer(any_session, team, members[0])
    give_answer(any_session, team, members[1])
    ((week,),) = published_weeks(any_session, [team], viewer_id=lead.person_id, now=AFTER_FREEZE).values()
    assert (week.respondents, week.hidden, week.hours) == (6, True, {})
    ((week,),) = published_weeks(any_session, [team], viewer_id=None, now=AFTER_FREEZE).values()
    assert not week.hidden
    more = own_file(tmp_path, record(email="", respondent="5"))
    assert counts(take(any_session, more, actor=lead, now=AFTER_FREEZE)) == (0, 0, 0, 1)


def test_a_lead_cannot_replace_what_another_imported(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 1)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    take(session, own_file(tmp_path, record()))
    result = take(session, own_file(tmp_path, record(answer=make_answer(planned=1))), actor=lead, now=AFTER_FREEZE)
    assert counts(result) == (0, 0, 0, 1)
    assert "only an administrator imports into it" in result.problems[0].message


def test_an_answer_of_the_future_is_refused(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    result = take(session, own_file(tmp_path, record(answered_at=MONDAY + timedelta(days=2))))
    assert counts(result) == (0, 0, 0, 1)
    assert "given in the future" in result.problems[0].message


def test_rows_given_again_in_the_same_file_are_told_apart_from_those_stored(
    any_session: Session, tmp_path: Path
) -> None:
    make_team_of(any_session, 2)
    take(any_session, own_file(tmp_path, record(), name="first.csv"))
    at = ANSWERED + timedelta(hours=1)
    later = [record(answer=make_answer(planned=hours), answered_at=at) for hours in (1, 2)]
    other, stranger = record("member1@payments.example"), record("who@payments.example")
    run = read(any_session, own_file(tmp_path, *later, other, other, stranger))
    found = importing.result_of(any_session, run)
    assert (found.accepted, found.replaced, found.repeated, found.rejected) == (1, 3, 2, 1)
    assert found.accepted + found.replaced + found.unchanged + found.rejected == found.rows
    done = importing.take_over(any_session, run.id, actor=SERVER, now=MONDAY)
    assert (done.replaced, done.repeated) == (3, 2)
    assert importing.result_of(any_session, run).repeated == 2


def test_an_item_given_again_in_the_same_file_replaces_nothing_stored(session: Session, tmp_path: Path) -> None:
    make_team(session)
    result = take_items(session, jira_file(tmp_path, {}, {"Summary": "Card payments fail again"}))
    assert (result.accepted, result.replaced, result.repeated) == (1, 1, 1)


def test_an_answer_given_again_later_counts_from_then(any_session: Session, tmp_path: Path) -> None:
    make_team_of(any_session, 1)
    first, between = record(), record(answer=make_answer(planned=10), answered_at=ANSWERED + timedelta(hours=1))
    again = record(answered_at=ANSWERED + timedelta(hours=2))
    for number, said in enumerate((first, again, between)):
        result = take(any_session, own_file(tmp_path, said, name=f"{number}.csv"))
    assert (result.replaced, result.unchanged) == (0, 1)
    (stored,) = any_session.exec(select(tables.Answer)).all()
    assert (stored.planned, stored.revision) == (24, 1)


def test_an_item_whose_key_is_too_long_to_keep_is_rejected_not_cut(session: Session, tmp_path: Path) -> None:
    make_team(session)
    result = take_items(session, jira_file(tmp_path, {"Issue key": "K" * 101, "Summary": "A title"}))
    assert (result.accepted, result.rejected) == (0, 1)
    assert "101 characters" in result.problems[0].message


def test_an_answer_of_the_form_is_not_replaced_by_an_older_export(session: Session, tmp_path: Path) -> None:
    team, members = make_team_of(session, 1)
    give_answer(session, team, members[0], answer=make_answer(planned=20))
    older = own_file(tmp_path, record(answer=make_answer(planned=1), answered_at=ANSWERED - timedelta(hours=2)))
    assert counts(take(session, older)) == (0, 0, 1, 0)
    assert stored(session)[0].planned == 20


@pytest.mark.parametrize("backwards", [False, True])
def test_of_two_rows_of_one_person_and_week_the_later_answered_stands(
    any_session: Session, tmp_path: Path, backwards: bool
) -> None:
    make_team_of(any_session, 1)
    rows = [
        record(answer=make_answer(planned=1)),
        record(answer=make_answer(planned=2), answered_at=ANSWERED + timedelta(hours=1)),
    ]
    result = take(any_session, own_file(tmp_path, *(reversed(rows) if backwards else rows)))
    assert (result.rows, counts(result)) == (2, (1, 1, 0, 0))
    assert [answer.planned for answer in stored(any_session)] == [2]


def test_of_two_rows_without_a_time_the_last_stands(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    rows = [record(answer=make_answer(planned=hours), answered_at=None) for hours in (3, 2, 1)]
    assert counts(take(session, own_file(tmp_path, *rows))) == (1, 2, 0, 0)
    assert [answer.planned for answer in stored(session)] == [1]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "stranger@example.org"}, "stranger@example.org is not a member of Payments"),
        ({"email": "member0@search.example"}, "member0@search.example is not a member of Payments"),
        ({"team": "nowhere"}, "There is no team “nowhere”"),
        ({"team": ""}, "The file doesn't say which team"),
        ({"week": OPEN_WEEK.shift(2)}, "2026-W49 lies in the future"),
        ({"email": ""}, "neither an e-mail address nor a response id"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_the_others_go_on(
    session: Session, tmp_path: Path, changed: dict[str, Any], words: str
) -> None:
    make_team_of(session, 1)
    make_team_of(session, 1, "Search")
    result = take(session, own_file(tmp_path, record(), record(**changed)))
    assert (result.rows, counts(result)) == (2, (1, 0, 0, 1))
    (problem,) = result.problems
    assert words in problem.message
    assert problem.line == 3
    assert len(stored(session)) == 1


def test_a_lead_imports_into_no_week_that_is_still_answered_in_the_form(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 3)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    result = take(session, own_file(tmp_path, record()), actor=lead, now=AFTER_FREEZE - timedelta(seconds=1))
    assert counts(result) == (0, 0, 0, 1)
    assert "isn't published yet, so its members still answer it in the form" in result.problems[0].message


def test_rejects_are_kept_with_their_reason_for_whoever_made_the_run(any_session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(any_session, 1)
    lead = make_member(any_session, team, "lead@example.org", role=Role.LEAD)
    request = own_file(tmp_path, record("who@example.org", answer=make_answer(comment="kept")), record())
    result = take(any_session, request, lead, AFTER_FREEZE)
    assert result.people_unknown == ["who@example.org"]
    run = runs.run_of(any_session, result.run, actor=lead, now=AFTER_FREEZE)
    (reject,) = runs.rejects_of(any_session, result.run, actor=lead, now=AFTER_FREEZE)
    assert (run.rows, run.accepted, run.rejected, run.file_name) == (2, 1, 1, "answers.csv")
    assert (reject.line, reject.message) == (2, result.problems[0].message)
    assert "kept" in reject.row
    assert runs.run_of(any_session, result.run, actor=SERVER, now=AFTER_FREEZE)
    for actor in (make_member(any_session, team, "other@example.org", role=Role.LEAD), Actor(4711)):
        with pytest.raises(NotFound):
            runs.run_of(any_session, result.run, actor=actor, now=AFTER_FREEZE)
    with pytest.raises(NotFound):
        runs.run_of(any_session, result.run + 1, actor=SERVER, now=AFTER_FREEZE)


def test_an_address_of_the_file_can_stand_for_one_of_ours(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    request = own_file(tmp_path, record("Old.Name@Example.org"))
    assert counts(take(session, replace(request, people={"old.name@example.org": EMAIL.upper()}))) == (1, 0, 0, 0)


def test_an_address_is_ours_whatever_its_letters(session: Session, tmp_path: Path) -> None:
    team = make_team(session)
    make_member(session, team, "GROß@example.org")
    make_member(session, team, "j\u00fcrgen@example.org")
    request = own_file(tmp_path, record("groß@Example.org "), record("Ju\u0308rgen@example.org"))
    assert counts(take(session, request)) == (2, 0, 0, 0)


def test_anonymous_rows_are_told_apart_and_belong_to_nobody(session: Session, tmp_path: Path) -> None:
    team = make_team(session)
    long = "r" * 95
    names = ["1", "2", f"{long}1", f"{long}2"]
    request = own_file(tmp_path, *(record("", respondent=name) for name in names))
    assert counts(take(session, request)) == (4, 0, 0, 0)
    assert all(answer.person_id is None for answer in stored(session))
    assert counts(take(session, request)) == (0, 0, 4, 0)
    assert counts(take(session, own_file(tmp_path, *answer_records(session, [team])))) == (0, 0, 4, 0)


def test_a_run_says_what_it_would_change_and_given_up_leaves_nothing(any_session: Session, tmp_path: Path) -> None:
    make_team_of(any_session, 2)
    take(any_session, own_file(tmp_path, record()))
    before = contents(any_session)
    later = ANSWERED + timedelta(hours=1)
    request = own_file(
        tmp_path,
        record(answer=make_answer(planned=1), answered_at=later),
        record("member1@payments.example"),
        record("who@example.org"),
    )
    result = compare(any_session, request)
    assert counts(result) == (1, 1, 0, 1)
    assert contents(any_session) == before
    assert counts(take(any_session, request)) == counts(result)


def test_a_change_of_a_frozen_week_is_counted_where_it_can_be_seen(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 2)
    take(session, own_file(tmp_path, record()), now=MONDAY)
    take(session, own_file(tmp_path, record()), now=AFTER_FREEZE)
    assert sums(session, team).revision == 0
    take(session, own_file(tmp_path, record("member1@payments.example")), now=AFTER_FREEZE)
    assert (sums(session, team).revision, sums(session, team).respondents) == (1, 2)


def test_a_lead_imports_for_own_teams_and_nobody_else_imports_at_all(session: Session, tmp_path: Path) -> None:
    team, (member,) = make_team_of(session, 1)
    make_team_of(session, 1, "Search")
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    foreign = record("member0@search.example", team="search")
    request = own_file(tmp_path, record(), foreign)
    before = contents(session)
    for actor in (member, Actor(make_person(session, "nobody@example.org").id)):
        with pytest.raises(Forbidden, match="Only a lead"):
            take(session, request, actor)
        with pytest.raises((Forbidden, NotFound)):
            take(session, replace(request, team="payments"), actor)
    assert contents(session, "person") == {name: rows for name, rows in before.items() if name != "person"}
    result = take(session, request, lead, AFTER_FREEZE)
    assert counts(result) == (1, 0, 0, 1)
    assert "There is no team “search”, or you may not import for it" in result.problems[0].message
    with pytest.raises(NotFound):
        take(session, replace(request, team="search"), lead)


def test_a_file_for_one_team_takes_no_rows_of_another(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    make_team_of(session, 1, "Search")
    request = own_file(tmp_path, record(), record("member0@search.example", team="search"), record(team=""))
    result = take(session, replace(request, team="payments"))
    assert counts(result) == (1, 1, 0, 1)
    assert "The row is of the team “search”, and the import is for Payments" in result.problems[0].message


def test_a_survey_in_percent_is_taken_of_the_teams_own_hours(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1, hours_per_week=30, timezone="Europe/Berlin")
    header = ["Timestamp", "Email", "Planned work (%)", "Defect fix (%)"]
    request = csv_file(tmp_path, header, ["2026-11-22 23:30:00", EMAIL, "60", "40"], team="payments")
    take(session, request)
    (answer,) = stored(session)
    assert (answer.planned, answer.defect, answer.week) == (18, 12, OPEN_WEEK.monday)


def test_the_week_can_be_given_for_all_rows(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    given_week = OPEN_WEEK.shift(-3)
    take(session, replace(own_file(tmp_path, record()), week=given_week))
    assert [answer.week for answer in stored(session)] == [given_week.monday]


def test_a_file_that_is_not_recognised_stores_nothing(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    before = contents(session)
    request = csv_file(tmp_path, ["Fruit", "Colour"], ["apple", "red"])
    for what in (ANSWERS, ITEMS):
        with pytest.raises(UnreadableInput):
            read(session, replace(request, what=what))
    assert contents(session) == before


class Broken(Exception):  # noqa: N818
    pass


def fail(*_: object, **__: object) -> None:
    raise Broken


def test_a_failure_while_taking_over_leaves_nothing(
    any_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_team_of(any_session, 1)
    request = own_file(tmp_path, record(), record("who@example.org"))
    run = read(any_session, request)
    any_session.commit()
    before = contents(any_session)
    with monkeypatch.context() as broken:
        broken.setattr(stages, "take_over", fail)
        with pytest.raises(Broken):
            importing.take_over(any_session, run.id, actor=SERVER, now=MONDAY)
    any_session.rollback()
    assert contents(any_session) == before
    assert counts(importing.take_over(any_session, run.id, actor=SERVER, now=MONDAY)) == (1, 0, 0, 1)


def long_file(tmp_path: Path) -> Request:
    rows = [record("" if number % 2 else "who@example.org", respondent=f"r{number}") for number in range(10)]
    return own_file(tmp_path, *rows)


def test_many_rows_go_in_by_batches_and_progress_is_told(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    team = make_team(session)
    run = importing.begin(session, long_file(tmp_path), actor=SERVER, now=MONDAY)
    told = list(importing.read_on(session, run.id, holder="a test", clock=lambda: MONDAY))
    result = importing.take_over(session, run.id, actor=SERVER, now=MONDAY)
    assert (counts(result), told) == ((5, 0, 0, 5), [3, 6, 9, 10, 10])
    assert sums(session, team).respondents == 5
    assert len(session.exec(select(tables.ImportReject)).all()) == 5


def test_a_reader_that_died_is_followed_by_another_once_its_lease_is_over(
    any_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 3)
    make_team(any_session)
    request = long_file(tmp_path)
    run = importing.begin(any_session, request, actor=SERVER, now=MONDAY)
    dead = importing.read_on(any_session, run.id, holder="dead", clock=lambda: MONDAY)
    assert [next(dead), next(dead)] == [3, 6]
    any_session.commit()
    again = importing.begin(any_session, request, actor=SERVER, now=MONDAY)
    assert again.id == run.id
    with pytest.raises(Conflict, match="being read by another process, 6 rows so far"):
        next(importing.read_on(any_session, run.id, holder="alive", clock=lambda: MONDAY))
    later = MONDAY + importing.LEASE
    assert list(importing.read_on(any_session, run.id, holder="alive", clock=lambda: later)) == [9, 10, 10]
    with pytest.raises(Conflict, match="Another process has taken this import on"):
        next(dead)
    result = importing.take_over(any_session, run.id, actor=SERVER, now=later)
    assert (result.rows, counts(result)) == (10, (5, 0, 0, 5))


def test_a_file_that_was_changed_meanwhile_is_not_read_on(session: Session, tmp_path: Path) -> None:
    make_team(session)
    request = own_file(tmp_path, record())
    run = importing.begin(session, request, actor=SERVER, now=MONDAY)
    own_file(tmp_path, record(), record(week=OPEN_WEEK.shift(-1)))
    with pytest.raises(UnreadableInput, match="was changed since its import began"):
        next(importing.read_on(session, run.id, holder="a test", clock=lambda: MONDAY))
    request.path.unlink()
    with pytest.raises(UnreadableInput, match="isn't there any more"):
        next(importing.read_on(session, run.id, holder="a test", clock=lambda: MONDAY))


def test_a_run_is_taken_over_once_and_only_when_it_is_read(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    request = own_file(tmp_path, record())
    run = importing.begin(session, request, actor=SERVER, now=MONDAY)
    with pytest.raises(Conflict, match="still being read"):
        importing.take_over(session, run.id, actor=SERVER, now=MONDAY)
    run = read(session, request)
    importing.take_over(session, run.id, actor=SERVER, now=MONDAY)
    with pytest.raises(Conflict, match="taken over already"):
        importing.take_over(session, run.id, actor=SERVER, now=MONDAY)


def test_two_who_read_the_same_file_store_it_once(any_session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(any_session, 1)
    person = make_person(any_session, "admin@example.org")
    person.is_admin = True
    admin = Actor(person.id, is_admin=True)
    request = own_file(tmp_path, record())
    first, second = read(any_session, request), read(any_session, request, admin)
    assert first.id != second.id
    assert counts(importing.take_over(any_session, first.id, actor=SERVER, now=MONDAY)) == (1, 0, 0, 0)
    assert counts(importing.take_over(any_session, second.id, actor=admin, now=MONDAY)) == (0, 0, 1, 0)
    assert sums(any_session, team).respondents == 1


def test_a_lead_takes_over_nothing_into_a_week_that_others_answered_meanwhile(session: Session, tmp_path: Path) -> None:
    team, members = make_team_of(session, 2)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    run = read(session, own_file(tmp_path, record()), lead, AFTER_FREEZE)
    give_answer(session, team, members[1])
    with pytest.raises(Conflict, match=r"has answers of the form or of others.*has changed since the file was read"):
        importing.take_over(session, run.id, actor=lead, now=AFTER_FREEZE)
    assert len(stored(session)) == 1


def test_what_an_import_would_change_is_not_told_once_others_answered(session: Session, tmp_path: Path) -> None:
    team, members = make_team_of(session, 2)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    run = read(session, own_file(tmp_path, record()), lead, AFTER_FREEZE)
    assert importing.objection(session, run, actor=lead, now=AFTER_FREEZE) == ""
    give_answer(session, team, members[0])
    assert "has answers of the form or of others" in importing.objection(session, run, actor=lead, now=AFTER_FREEZE)
    assert importing.objection(session, run, actor=SERVER, now=AFTER_FREEZE) == ""


def test_a_members_own_address_is_theirs_whatever_was_said_of_it(session: Session, tmp_path: Path) -> None:
    _, members = make_team_of(session, 2)
    take(session, replace(own_file(tmp_path, record()), people={EMAIL: "member1@payments.example"}))
    assert [answer.person_id for answer in stored(session)] == [members[0].person_id]


def test_an_address_said_to_be_somebodys_who_is_not_in_the_team_is_rejected_with_both(
    session: Session, tmp_path: Path
) -> None:
    make_team_of(session, 1)
    request = own_file(tmp_path, record("theirs@elsewhere.example"))
    result = take(session, replace(request, people={"theirs@elsewhere.example": "nobody@here.example"}))
    assert "theirs@elsewhere.example stands for nobody@here.example, as you said" in result.problems[0].message


def test_what_nobody_takes_over_is_forgotten_after_a_day(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    read(session, own_file(tmp_path, record()))
    other = own_file(tmp_path, record(week=OPEN_WEEK.shift(-1)), name="other.csv")
    importing.begin(session, other, actor=SERVER, now=MONDAY + importing.LASTS + timedelta(seconds=1))
    assert [run.file_name for run, _ in runs.runs_shown(session, actor=SERVER)] == ["other.csv"]


def test_what_waits_too_long_is_dropped_unless_somebody_works_on_it(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    late = MONDAY + importing.LASTS + timedelta(seconds=1)
    waits = read(session, own_file(tmp_path, record(), name="waits.csv"))
    assert importing.waits_until(waits) == MONDAY + importing.LASTS
    importing.announce(session, waits.id, now=late - timedelta(seconds=2))
    importing.drop_stale(session, late)
    assert [run.id for run, _ in runs.runs_shown(session, actor=SERVER)] == [waits.id]
    importing.drop_stale(session, late + importing.TAKES_OVER)
    assert runs.runs_shown(session, actor=SERVER) == []


def test_what_was_taken_over_waits_for_nobody_and_stays(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    run = read(session, own_file(tmp_path, record()))
    importing.take_over(session, run.id, actor=SERVER, now=MONDAY)
    importing.drop_stale(session, MONDAY + importing.LASTS * 9)
    assert importing.waits_until(run) is None
    assert [run.id for run, _ in runs.runs_shown(session, actor=SERVER)] == [run.id]


some_rows = st.lists(
    st.builds(
        record,
        st.sampled_from([EMAIL, "member1@payments.example", "who@example.org", ""]),
        week=st.sampled_from([OPEN_WEEK, OPEN_WEEK.shift(-1), OPEN_WEEK.shift(9)]),
        answer=answers,
        respondent=st.sampled_from(["r1", "r2"]),
        answered_at=st.none() | st.integers(0, 3).map(lambda hours: ANSWERED + timedelta(hours=hours)),
    ),
    max_size=8,
)


@given(first=some_rows, second=some_rows)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_accounted_for_and_a_second_time_changes_nothing(
    session: Session, tmp_path: Path, first: list[AnswerRecord], second: list[AnswerRecord]
) -> None:
    session.rollback()
    make_team_of(session, 2)
    for rows in (first, second):
        rows_with_who = [replace(row, respondent="" if row.email else row.respondent) for row in rows]
        request = own_file(tmp_path, *rows_with_who)
        expected = compare(session, request)
        result = take(session, request)
        assert result.rows == len(rows) == sum(counts(result))
        assert counts(expected) == counts(result)
        before = contents(session, *OF_RUNS)
        take(session, request)
        assert contents(session, *OF_RUNS) == before


def test_items_are_taken_with_class_origin_and_the_reasons(any_session: Session, tmp_path: Path) -> None:
    team = make_team(any_session)
    result = take_items(
        any_session, jira_file(tmp_path, {"Labels": "hotfix", "Log Work": ";2026-11-17 10:00;ada;5400"})
    )
    assert (result.rows, counts(result), result.weeks) == (1, (1, 0, 0, 0), [OPEN_WEEK])
    (item,) = any_session.exec(select(Item))
    assert (item.team_id, item.external_key, item.week, item.origin) == (
        team.id,
        "PAY-1",
        OPEN_WEEK.monday,
        "unplanned",
    )
    assert "hotfix" in item.origin_reason
    assert item.class_reason.endswith(".")
    assert item.run_id == result.run
    (logged,) = any_session.exec(select(LoggedTime))
    assert (logged.week, logged.hours) == (OPEN_WEEK.monday, 1.5)
    assert "ada" not in repr(contents(any_session))


def test_the_same_items_twice_leave_the_same_database(any_session: Session, tmp_path: Path) -> None:
    make_team(any_session)
    rows = {"Log Work": ";2026-11-17 10:00;ada;5400"}, {"Issue key": "PAY-2", "Issue id": "2"}
    request = jira_file(tmp_path, *rows)
    assert counts(take_items(any_session, request)) == (2, 0, 0, 0)
    before = contents(any_session, *OF_RUNS)
    assert counts(take_items(any_session, request)) == (0, 0, 2, 0)
    assert contents(any_session, *OF_RUNS) == before


def test_an_updated_item_replaces_what_was_known_with_its_hours(any_session: Session, tmp_path: Path) -> None:
    make_team(any_session)
    log = ";2026-11-17 10:00;ada;3600"
    take_items(any_session, jira_file(tmp_path, {"Log Work": log}))
    newer = {
        "Summary": "Card payments fail again",
        "Updated": "2026-11-19 09:00",
        "Log Work": ";2026-11-10 10:00;ada;7200",
    }
    result = take_items(any_session, jira_file(tmp_path, newer))
    assert counts(result) == (0, 1, 0, 0)
    any_session.expire_all()
    (item,) = any_session.exec(select(Item))
    assert (item.title, item.run_id) == ("Card payments fail again", result.run)
    (logged,) = any_session.exec(select(LoggedTime))
    assert (logged.week, logged.hours) == (OPEN_WEEK.shift(-1).monday, 2)


def test_an_older_export_of_an_item_changes_nothing(session: Session, tmp_path: Path) -> None:
    make_team(session)
    take_items(session, jira_file(tmp_path, {"Log Work": ";2026-11-17 10:00;ada;3600"}))
    before = contents(session, *OF_RUNS)
    older = {"Summary": "Old", "Updated": "2026-11-17 09:00", "Log Work": ""}
    assert counts(take_items(session, jira_file(tmp_path, older))) == (0, 0, 1, 0)
    assert contents(session, *OF_RUNS) == before


def test_hours_that_are_no_longer_logged_are_gone(session: Session, tmp_path: Path) -> None:
    make_team(session)
    take_items(session, jira_file(tmp_path, {"Log Work": ";2026-11-17 10:00;ada;3600"}))
    assert counts(take_items(session, jira_file(tmp_path, {"Log Work": ""}))) == (0, 1, 0, 0)
    assert session.exec(select(LoggedTime)).all() == []


def test_a_run_of_items_says_what_it_would_change_and_given_up_leaves_nothing(
    any_session: Session, tmp_path: Path
) -> None:
    make_team(any_session)
    before = contents(any_session)
    request = jira_file(tmp_path, {"Log Work": ";2026-11-17 10:00;ada;3600"}, {"Issue key": "", "Issue id": "2"})
    result = compare(any_session, replace(request, what=ITEMS, team="payments"))
    assert counts(result) == (1, 0, 0, 1)
    assert contents(any_session) == before


def test_items_of_any_table_need_a_mapping_and_a_team(session: Session, tmp_path: Path) -> None:
    make_team(session)
    request = csv_file(tmp_path, ["What", "No", "When"], ["Disk full", "7", "2026-11-17"])
    mapping = Mapping(columns={"title": "What", "external_key": "No", "created": "When"})
    without_team = take(session, replace(request, what=ITEMS, mapping=mapping))
    assert "doesn't say which team" in without_team.problems[0].message
    assert counts(take_items(session, replace(request, mapping=mapping))) == (1, 0, 0, 0)


@pytest.mark.parametrize("items_wanted", [False, True])
def test_a_run_remembers_its_file(session: Session, tmp_path: Path, items_wanted: bool) -> None:
    make_team_of(session, 1)
    request = jira_file(tmp_path, {}) if items_wanted else own_file(tmp_path, record())
    result = take_items(session, request) if items_wanted else take(session, request)
    run = session.get_one(tables.ImportRun, result.run)
    assert (run.what, run.recognised) == (("items", "jira") if items_wanted else ("answers", "bau_tracker"))
    assert (run.imported_at, run.person_id, len(run.sha256)) == (MONDAY, None, 64)
    assert (run.rows, run.accepted, run.header) == (1, 1, JIRA if items_wanted else list(OWN_COLUMNS))


def test_items_are_taken_over_batch_by_batch_however_many_there_are(
    any_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_team(any_session)
    told: list[str] = []

    def one_by_one(session: Session, run_id: int) -> Iterator[list[Staged]]:
        for batch in staged_items(session, run_id):
            told.append("given")
            yield batch

    def keep(*arguments: Any, **options: Any) -> list[Change]:
        told.append("kept")
        return keep_items(*arguments, **options)

    monkeypatch.setattr("bau_tracker.storage.staged_items._BATCH", 1)
    monkeypatch.setattr(importing, "staged_items", one_by_one)
    monkeypatch.setattr(importing, "keep_items", keep)
    result = take_items(any_session, jira_file(tmp_path, {"Issue key": "PAY-1"}, {"Issue key": "PAY-2"}))

    assert (result.accepted, told[-4:]) == (2, ["given", "kept"] * 2)
