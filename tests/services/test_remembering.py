from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import Mapping, Unit
from bau_tracker.domain.permissions import SERVER
from bau_tracker.domain.weeks import Week
from bau_tracker.services import importing, recognising, runs
from bau_tracker.services.importing import Result
from bau_tracker.services.recognising import ANSWERS, Request
from bau_tracker.storage import tables
from bau_tracker.storage.trends import breaks_of
from tests.factories import MONDAY, OPEN_WEEK, make_team, make_team_of

HEADER = "who,feature work,fire fighting"
SAID = Mapping({"email": "who", "planned": "feature work", "other_bau": "fire fighting"})
ROW = "member0@payments.example,30,10"


def request(folder: Path, header: str = HEADER, *rows: str, week: Week = OPEN_WEEK, **values: Any) -> Request:
    path = folder / "survey.csv"
    path.write_text("\n".join((header, *(rows or (ROW,)))))
    said: dict[str, Any] = {"team": "payments", "week": week, **values}
    return Request(ANSWERS, path, path.name, **said)


def take(session: Session, wanted: Request) -> Result:
    run = importing.begin(session, wanted, actor=SERVER, now=MONDAY)
    for _ in importing.read_on(session, run.id, holder="a test", clock=lambda: MONDAY):
        pass
    return importing.take_over(session, run.id, actor=SERVER, now=MONDAY)


def look(session: Session, wanted: Request) -> recognising.Look:
    return recognising.inspect(session, wanted, actor=SERVER, now=MONDAY)


def test_next_week_the_same_form_is_read_without_a_question(any_session: Session, tmp_path: Path) -> None:
    make_team_of(any_session, 1)
    wanted = request(tmp_path)
    assert look(any_session, wanted).inspection.questions
    take(any_session, request(tmp_path, mapping=SAID, week=OPEN_WEEK.shift(-1)))
    again = look(any_session, wanted)
    assert (again.inspection.questions, again.request.mapping) == ((), SAID)
    assert take(any_session, wanted).accepted == 1


def test_the_order_of_columns_makes_no_other_form(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    take(session, request(tmp_path, mapping=SAID, week=OPEN_WEEK.shift(-1)))
    swapped = request(tmp_path, "fire fighting,who,feature work", "10,member0@payments.example,30")
    assert take(session, swapped).accepted == 1


def test_whose_address_is_whose_is_remembered_too(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    people = {"ada@elsewhere.example": "member0@payments.example", "bot@elsewhere.example": ""}
    rows = ("ada@elsewhere.example,30,10", "bot@elsewhere.example,1,1")
    first = request(tmp_path, HEADER, *rows, mapping=SAID, people=people, week=OPEN_WEEK.shift(-1))
    assert (take(session, first).accepted, first.people) == (1, people)
    again = take(session, request(tmp_path, HEADER, *rows))
    assert (again.accepted, again.rejected) == (1, 1)
    assert "is left out, as you said" in again.problems[0].message


def test_another_teams_memory_is_not_used(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    make_team(session, "search")
    take(session, request(tmp_path, mapping=SAID))
    with pytest.raises(UnreadableInput):
        take(session, request(tmp_path, team="search"))


def test_a_form_whose_question_changed_keeps_the_others_and_is_asked_about(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    header = "who,feature work,fire fighting,meetings,anything else"
    row = "member0@payments.example,30,10,0,"
    said = Mapping(SAID.columns | {"overhead": "meetings", "comment": "anything else"})
    take(session, request(tmp_path, header, row, mapping=said, week=OPEN_WEEK.shift(-1)))
    changed = request(tmp_path, header.replace("feature work", "hours of feature work this week"), row)
    found = look(session, changed)
    assert found.memory is not None
    assert found.memory.comparison is not None
    assert [question.field for question in found.memory.comparison.changed] == ["planned"]
    carried_over = {field: column for field, column in said.columns.items() if field != "planned"}
    assert found.request.mapping == Mapping(carried_over)
    assert [question.field for question in found.inspection.questions] == ["planned"]


def test_where_nobody_can_be_asked_a_changed_question_stops_the_import(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    header = "Timestamp,Email,Planned work (hours),Defect fix (hours),Support ticket (hours)"
    row = "2026-11-20 15:00,member0@payments.example,20,10,5"
    take(session, request(tmp_path, header, row, week=OPEN_WEEK.shift(-1)))
    reworded = header.replace("Defect fix (hours)", "Hours on what escaped us")
    with pytest.raises(UnreadableInput, match=r"“Defect fix \(hours\)” .* Say which column holds what now"):
        take(session, request(tmp_path, reworded, row))
    said = Mapping({"defect": "Hours on what escaped us"})
    assert take(session, request(tmp_path, reworded, row, mapping=said)).accepted == 1


def test_an_import_tells_whose_word_it_uses_again(session: Session, tmp_path: Path) -> None:
    make_team_of(session, 1)
    take(session, request(tmp_path, mapping=SAID, week=OPEN_WEEK.shift(-1)))
    run = importing.begin(session, request(tmp_path), actor=SERVER, now=MONDAY)
    assert "The columns and people are read as the command line said on 2026-11-23." in run.summary["notes"]


def test_other_questions_are_a_break_in_definition_until_the_import_is_undone(
    any_session: Session, tmp_path: Path
) -> None:
    team, _ = make_team_of(any_session, 1)
    take(any_session, request(tmp_path, mapping=SAID, week=OPEN_WEEK.shift(-2)))
    take(any_session, request(tmp_path, mapping=SAID, week=OPEN_WEEK.shift(-1)))
    assert breaks_of(any_session, [team.id]) == {}
    reworded = HEADER.replace("fire fighting", "unplanned operational work")
    other = Mapping({**SAID.columns, "other_bau": "unplanned operational work"})
    run = take(any_session, request(tmp_path, reworded, mapping=other)).run
    (found,) = breaks_of(any_session, [team.id])[team.id]
    assert (found.week, found.words) == (
        OPEN_WEEK,
        "“fire fighting” is asked as “unplanned operational work” now.",
    )
    runs.undo(any_session, run, actor=SERVER, now=MONDAY + timedelta(hours=1))
    assert breaks_of(any_session, [team.id]) == {}


def test_numbers_read_as_another_unit_are_a_break_too(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 1)
    take(session, request(tmp_path, mapping=SAID, week=OPEN_WEEK.shift(-1)))
    take(session, request(tmp_path, mapping=Mapping(SAID.columns, unit=Unit.PERCENT)))
    (found,) = breaks_of(session, [team.id])[team.id]
    assert found.words == "Its numbers are read as percent."


def test_a_teams_first_weeks_are_no_break(session: Session, tmp_path: Path) -> None:
    team, _ = make_team_of(session, 1)
    take(session, request(tmp_path, mapping=SAID))
    reworded = HEADER.replace("fire fighting", "unplanned operational work")
    other = Mapping({**SAID.columns, "other_bau": "unplanned operational work"})
    take(session, request(tmp_path, reworded, mapping=other, week=OPEN_WEEK.shift(-3)))
    assert breaks_of(session, [team.id]) == {}
    assert len(session.exec(select(tables.TeamWeek)).all()) == 2
