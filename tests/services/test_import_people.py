from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, Forbidden, InvalidInput
from bau_tracker.domain.permissions import SERVER, Role
from bau_tracker.services.import_people import ADD, LEAVE_OUT, first_day, match_people, people_to_choose
from bau_tracker.services.intake import SKIP
from bau_tracker.storage.tables import ImportRun, Team
from bau_tracker.storage.teams import people_of
from tests.factories import AFTER_FREEZE, make_member, make_team_of
from tests.services.test_import_checks import read
from tests.web.importing import google, row


@pytest.fixture
def team(session: Session) -> Team:
    make_team_of(session, 1, "Search")
    return make_team_of(session, 2)[0]


@pytest.fixture
def run(session: Session, team: Team, tmp_path: Path) -> ImportRun:
    assert team
    early = ("2026-10-02 15:00:00", *row(0)[1:])
    return read(session, tmp_path / "answers.csv", google(early, row(1), row(email="new@example.org")))


def test_everybody_of_the_runs_team_can_be_chosen_and_nobody_else(session: Session, run: ImportRun) -> None:
    found = people_to_choose(session, run, actor=SERVER, now=AFTER_FREEZE)
    assert found == ["member0@payments.example", "member1@payments.example"]


def test_who_is_added_belongs_to_the_team_from_the_first_week_of_the_file(
    session: Session, run: ImportRun, team: Team
) -> None:
    assert first_day(session, run, AFTER_FREEZE) == date(2026, 9, 28)
    said = {"new@example.org": ADD, "gone@example.org": LEAVE_OUT, "ada@example.org": "member0@payments.example"}
    found = match_people(session, run, said, actor=SERVER, now=AFTER_FREEZE)
    assert found == {"gone@example.org": SKIP, "ada@example.org": "member0@payments.example"}
    assert "new@example.org" in people_of(session, team.id)


def test_a_file_without_a_row_that_can_be_taken_begins_with_this_week(
    session: Session, team: Team, tmp_path: Path
) -> None:
    assert team
    run = read(session, tmp_path / "answers.csv", google(row(email="new@example.org")))
    assert first_day(session, run, AFTER_FREEZE) == date(2026, 11, 23)


def test_a_member_adds_nobody_by_way_of_an_import(session: Session, run: ImportRun, team: Team) -> None:
    member = make_member(session, team, "plain@example.org", role=Role.MEMBER)
    with pytest.raises(Forbidden):
        match_people(session, run, {"new@example.org": ADD}, actor=member, now=AFTER_FREEZE)


@pytest.mark.parametrize("address", ["nobody", "a@b.example, c@d.example", "a@b.example\nc@d.example", "A@b.example "])
def test_an_address_that_is_none_or_several_is_not_added(session: Session, run: ImportRun, address: str) -> None:
    with pytest.raises(InvalidInput):
        match_people(session, run, {address: ADD}, actor=SERVER, now=AFTER_FREEZE)


def test_of_a_file_of_several_teams_nobody_is_added(session: Session, run: ImportRun) -> None:
    run.team_id = None
    with pytest.raises(Conflict, match="of several teams"):
        match_people(session, run, {"new@example.org": ADD}, actor=SERVER, now=AFTER_FREEZE)
