from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.formats.own_answers import OWN_COLUMNS
from bau_tracker.services.exporting import ITEM_COLUMNS, WEEK_COLUMNS
from bau_tracker.storage.people import person_with_email
from bau_tracker.storage.tables import Answer, Team
from bau_tracker.storage.teams import team_with_slug
from tests.cli.program import Run
from tests.conftest import Clock
from tests.factories import AFTER_FREEZE, OPEN_WEEK, give_answer, make_answer, make_item

COLUMNS = {"weeks": WEEK_COLUMNS, "items": ITEM_COLUMNS, "answers": OWN_COLUMNS}


@pytest.fixture
def team(run_with_team: Run, session: Session, clock: Clock) -> Team:
    """Give a team with two answered weeks and two items, after the newest week froze."""
    assert run_with_team("migrate", "--check").status == 0
    team = team_with_slug(session, "payments")
    assert team is not None
    for number in range(3):
        email = f"member{number}@example.org"
        person = person_with_email(session, email)
        assert person is not None
        actor = Actor(person.id, email)
        answer = make_answer(22.5 + number, 7, excessive=(Chip.ALERTS,), comment=f"=remark {number}, »so«")
        give_answer(session, team, actor, OPEN_WEEK, answer)
        give_answer(session, team, actor, OPEN_WEEK.shift(-1))
    make_item(session, team, "PAY-1", title="=1+1", hours=1.5)
    make_item(session, team, "PAY-2", week=OPEN_WEEK.shift(-1))
    session.commit()
    clock.now = AFTER_FREEZE
    return team


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize(("what", "count"), [("weeks", 2), ("items", 2), ("answers", 6)])
def test_each_table_comes_in_three_formats_with_the_same_rows(run: Run, tmp_path: Path, what: str, count: int) -> None:
    in_csv = run("export", what)
    assert (in_csv.status, in_csv.err) == (0, "")
    found = rows(in_csv.out)
    assert tuple(found[0]) == COLUMNS[what]
    assert len(found) == count
    in_lines = run("export", what, "--format", "jsonl")
    records = [json.loads(line) for line in in_lines.out.splitlines()]
    assert [tuple(record) for record in records] == [COLUMNS[what]] * count
    sheet = tmp_path / "table.xlsx"
    in_file = run("export", what, "--format", "xlsx", "-o", sheet)
    assert (in_file.status, in_file.out) == (0, "")
    (header, *cells) = CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()
    assert tuple(header) == COLUMNS[what]
    assert [row[0] for row in cells] == [record["team"] for record in records]


@pytest.mark.usefixtures("team")
def test_a_workbook_goes_to_standard_output_too(run: Run) -> None:
    outcome = run("export", "weeks", "--format", "xlsx")
    assert outcome.status == 0
    assert outcome.data.startswith(b"PK")


@pytest.mark.usefixtures("team")
def test_numbers_are_numbers_and_formulas_are_guarded(run: Run) -> None:
    newest = rows(run("export", "weeks").out)[-1]
    assert (newest["week"], newest["answered"], newest["planned_hours"], newest["figures"]) == (
        "2026-W47", "3", "70.5", "shown",
    )  # fmt: skip
    items = {item["key"]: item for item in rows(run("export", "items").out)}
    assert (items["PAY-1"]["title"], items["PAY-1"]["logged_hours"]) == ("'=1+1", "1.5")
    (record, *_) = map(json.loads, run("export", "items", "--format", "jsonl").out.splitlines())
    assert record["title"] in {"=1+1", "Fix crash"}


@pytest.mark.usefixtures("team")
def test_weeks_and_teams_can_be_chosen(run: Run) -> None:
    run("team", "add", "Search")
    assert {row["team"] for row in rows(run("export", "answers").out)} == {"payments"}
    assert rows(run("export", "answers", "--team", "search").out) == []
    for what in ("weeks", "items", "answers"):
        weeks = {row["week"] for row in rows(run("export", what, "--from", "2026-W47", "--to", "2026-W47").out)}
        assert weeks == {"2026-W47"}
    outcome = run("export", "weeks", "--team", "nobody")
    assert (outcome.status, outcome.out) == (1, "")


@pytest.mark.usefixtures("team")
def test_a_week_that_is_still_open_is_not_exported(run: Run, clock: Clock) -> None:
    clock.advance(seconds=-3601)
    assert [row["week"] for row in rows(run("export", "weeks").out)] == ["2026-W46"]


@pytest.mark.usefixtures("team")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_answers_come_back_in_without_loss(run: Run, engine: sa.Engine, tmp_path: Path, form: str) -> None:
    before = stored(engine)
    file = tmp_path / f"answers.{form}"
    assert run("export", "answers", "--format", form, "-o", file).status == 0
    assert run("import", "answers", file, "--json").json["unchanged"] == 6
    with Session(engine) as session:
        session.execute(sa.delete(Answer))
        session.commit()
    outcome = run("import", "answers", file, "--json")
    assert (outcome.status, outcome.json["recognised"], outcome.json["accepted"]) == (0, "bau_tracker", 6)
    assert stored(engine) == before


def stored(engine: sa.Engine) -> list[dict[str, Any]]:
    with Session(engine) as session:
        found = session.exec(select(Answer).order_by("week", "respondent")).all()
        return [answer.model_dump(exclude={"run_id", "revision"}) for answer in found]


@pytest.mark.usefixtures("team")
def test_pseudonyms_are_the_same_everywhere_and_tell_nothing(run: Run) -> None:
    outcome = run("export", "answers", "--pseudonymous")
    assert outcome.status == 0
    assert "example.org" not in outcome.out
    assert "remark" not in outcome.out
    codes = {row["respondent"] for row in rows(outcome.out)}
    assert len(codes) == 3
    assert codes == {row["respondent"] for row in rows(run("export", "answers", "--pseudonymous").out)}
    assert {row["email"] for row in rows(outcome.out)} == {""}


@pytest.mark.usefixtures("team")
def test_a_file_is_replaced_only_by_a_whole_one(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "weeks.csv"
    file.write_text("old")
    assert run("export", "weeks", "--team", "nobody", "-o", file).status == 1
    assert file.read_text() == "old"
    assert run("export", "weeks", "-o", file).status == 0
    assert file.read_bytes().startswith(b"\xef\xbb\xbfteam,week")
    outcome = run("export", "weeks", "-o", tmp_path / "no" / "weeks.csv")
    assert (outcome.status, outcome.out) == (1, "")
    assert "Traceback" not in outcome.err
