from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from bau_tracker.domain.permissions import SERVER, Actor, Role
from bau_tracker.services import import_checks, importing
from bau_tracker.services.import_checks import LINES, FirstAnswer, FirstItem
from bau_tracker.services.recognising import ANSWERS, ITEMS, Request, inspect
from bau_tracker.storage.tables import ImportRun, Team
from tests.factories import AFTER_FREEZE, make_member, make_team_of
from tests.web.importing import google, row

JIRA = b"Summary,Issue key,Issue id,Issue Type,Status,Created\nFix crash,PAY-1,1,Bug,Open,2026-11-17 09:00\n"


@pytest.fixture
def team(session: Session) -> Team:
    return make_team_of(session, 3)[0]


def read(session: Session, path: Path, content: bytes, what: str = ANSWERS, actor: Actor = SERVER) -> ImportRun:
    path.write_bytes(content)
    request = Request(what, path, path.name, team="payments")
    run = importing.begin(session, request, actor=actor, now=AFTER_FREEZE)
    for _ in importing.read_on(session, run.id, holder="a test", clock=lambda: AFTER_FREEZE):
        pass
    return run


def test_the_first_answers_are_given_as_they_will_be_stored(session: Session, team: Team, tmp_path: Path) -> None:
    rows = import_checks.first_rows(session, read(session, tmp_path / "answers.csv", google(row(0), row(1, "20"))))
    assert [(one.team, one.who) for one in rows if isinstance(one, FirstAnswer)] == [
        (team.name, "member0@payments.example"),
        (team.name, "member1@payments.example"),
    ]
    assert list(import_checks.categories_of(rows)) == ["planned", "defect", "overhead"]


def test_the_first_items_are_given_with_their_kind(session: Session, team: Team, tmp_path: Path) -> None:
    (one,) = import_checks.first_rows(session, read(session, tmp_path / "jira.csv", JIRA, ITEMS))
    assert isinstance(one, FirstItem)
    assert (one.team, one.item.external_key, one.item.item_class.value) == (team.name, "PAY-1", "defect")


@pytest.mark.parametrize(("content", "what"), [(google(row(0), row(1, "-3")), ANSWERS), (JIRA, ITEMS)])
def test_a_preview_reads_the_first_rows_and_stores_nothing(
    session: Session, team: Team, tmp_path: Path, content: bytes, what: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    look = inspect(session, Request(what, path, path.name, team=team.slug), actor=SERVER, now=AFTER_FREEZE)
    found = import_checks.preview(session, look, actor=SERVER, now=AFTER_FREEZE)
    assert len(found.rows) == 1
    assert [problem.line for problem in found.problems] == ([3] if what == ANSWERS else [])


def test_reasons_that_differ_by_a_value_only_are_one(session: Session, team: Team, tmp_path: Path) -> None:
    strangers = [row(email=f"stranger{number}@example.org") for number in range(7)]
    run = read(session, tmp_path / "answers.csv", google(row(0, "-1"), *strangers))
    problems = importing.result_of(session, run).problems
    first, second = import_checks.reasons(session, run, problems)
    assert team.name in first.message
    assert (first.rows, first.lines) == (7, [3, 4, 5, 6, 7][:LINES])
    assert (second.rows, second.lines) == (1, [2])


def test_reasons_too_many_to_be_told_apart_are_counted_together(
    session: Session, team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_checks, "MOST_REASONS", 1)
    run = read(session, tmp_path / "answers.csv", google(row(0, "-1"), row(1, "-2"), row(email="who@example.org")))
    reasons = import_checks.reasons(session, run, [])
    assert team is not None
    assert [reason.rows for reason in reasons] == [2, 1]
    assert reasons[-1].message.startswith("Other reasons")


def test_only_ones_own_earlier_import_of_the_same_file_is_told(session: Session, team: Team, tmp_path: Path) -> None:
    leads = [make_member(session, team, f"lead{number}@example.org", role=Role.LEAD) for number in range(2)]
    first = read(session, tmp_path / "first.csv", google(row(0)), actor=leads[0])
    importing.take_over(session, first.id, actor=leads[0], now=AFTER_FREEZE)
    second = read(session, tmp_path / "second.csv", google(row(0)), actor=leads[0])
    assert import_checks.imported_before(session, second, actor=leads[0]) == [first]
    assert import_checks.imported_before(session, second, actor=leads[1]) == []
    assert import_checks.imported_before(session, second, actor=SERVER) == [first]
