from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from bau_tracker.storage.tables import Person
from tests.cli.program import Run

KEYS: Final = {
    "run", "recognised", "rows", "accepted", "unchanged", "replaced", "repeated", "rejected", "people_unknown", "weeks",
    "problems",
}  # fmt: skip
HEADER: Final = "Timestamp,Email Address,Planned work (hours),Defect fix (hours),Overhead (hours)\n"
GOOD: Final = HEADER + "".join(f"2026-11-20 15:00:00,member{number}@example.org,30,5,5\n" for number in range(3))
MIXED: Final = (
    HEADER
    + "2026-11-20 15:00:00,member0@example.org,30,5,5\n"
    + "2026-11-20 15:00:00,stranger@example.org,30,5,5\n"
    + "2026-11-20 15:00:00,member1@example.org,-3,5,5\n"
)
JIRA: Final = (
    "Summary,Issue key,Issue id,Issue Type,Status,Created\n"
    "Fix crash,PAY-1,1,Bug,Open,2026-11-17 09:00\n"
    "Rotate leaked key,PAY-2,2,Task,Open,2026-11-18 09:00\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "survey.csv"


def contents(engine: sa.Engine) -> dict[str, list[tuple[object, ...]]]:
    with engine.connect() as connection:
        tables = Person.metadata.sorted_tables
        return {table.name: [tuple(row) for row in connection.execute(table.select())] for table in tables}


def test_rows_that_come_twice_in_a_file_are_not_told_as_replacing_what_is_stored(
    run_with_team: Run, file: Path
) -> None:
    file.write_text(GOOD + "2026-11-20 16:00:00,member0@example.org,20,15,5\n")
    outcome = run_with_team("import", "answers", file, "--team", "payments", "--json")
    said = json.loads(outcome.out)
    assert (said["rows"], said["accepted"], said["replaced"], said["repeated"]) == (4, 3, 1, 1)
    assert "Of the rows replaced, 1 are only given again in the same file: the later counts." in outcome.err


def test_answers_are_taken_over_and_the_same_file_again_changes_nothing(
    run_with_team: Run, file: Path, engine: sa.Engine
) -> None:
    file.write_text(GOOD)
    outcome = run_with_team("import", "answers", file, "--team", "payments")
    assert (outcome.status, outcome.out) == (0, "")
    assert (
        "recognised as google_forms; 3 rows: 3 added, 0 replaced, 0 known already or older, 0 rejected." in outcome.err
    )
    assert "3 people, 1 weeks, 120 hours in all, 40 to 40 an answer." in outcome.err
    before = contents(engine)
    again = run_with_team("import", "answers", file, "--team", "payments")
    assert "0 added, 0 replaced, 3 known already" in again.err
    after = contents(engine)
    for kept_anew in ("import_run", "remembered_mapping", "answer_confirmation"):
        del before[kept_anew], after[kept_anew]
    assert after == before


def test_a_dry_run_says_the_same_and_stores_nothing(run_with_team: Run, file: Path, engine: sa.Engine) -> None:
    file.write_text(GOOD)
    before = contents(engine)
    dry = run_with_team("import", "answers", file, "--team", "payments", "--dry-run", "--json")
    assert contents(engine) == before
    real = run_with_team("import", "answers", file, "--team", "payments", "--json")
    assert (dry.status, real.status) == (0, 0)
    assert "3 would be added" in dry.err
    assert dry.json["run"] is None
    assert real.json["run"] > 0
    assert {**dry.json, "run": real.json["run"]} == real.json


def test_json_is_one_object_with_the_promised_keys_and_nothing_else(run_with_team: Run, file: Path) -> None:
    file.write_text(MIXED)
    outcome = run_with_team("import", "answers", file, "--team", "payments", "--json")
    assert outcome.status == 3
    assert len(outcome.out.splitlines()) == 1
    said = outcome.json
    assert set(said) == KEYS
    problems = said.pop("problems")
    assert said == {
        "run": 1,
        "recognised": "google_forms",
        "rows": 3,
        "accepted": 1,
        "unchanged": 0,
        "replaced": 0,
        "repeated": 0,
        "rejected": 2,
        "people_unknown": ["stranger@example.org"],
        "weeks": ["2026-W47"],
    }
    assert [set(problem) for problem in problems] == [{"line", "column", "message"}] * 2
    assert [problem["line"] for problem in problems] == [3, 4]
    assert "Line 3: stranger@example.org is not a member of Payments." in outcome.err


def test_rejects_are_written_mended_and_taken_over(run_with_team: Run, file: Path, tmp_path: Path) -> None:
    file.write_text(MIXED)
    rejects, people = tmp_path / "rejects.csv", tmp_path / "people.csv"
    outcome = run_with_team("import", "answers", file, "--team", "payments", "--rejects", rejects)
    assert outcome.status == 3
    with rejects.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["rejected_line"] for row in rows] == ["3", "4"]
    assert rows[0]["Email Address"] == "stranger@example.org"
    assert all(row["rejected_because"] for row in rows)
    rejects.write_text(rejects.read_text("utf-8-sig").replace("'-3", "3"), "utf-8")
    people.write_text("theirs,ours\nSTRANGER@example.org,member2@example.org\n")
    mended = run_with_team("import", "answers", rejects, "--team", "payments", "--people", people, "--json")
    assert (mended.status, mended.json["accepted"]) == (0, 2)


def test_a_dry_run_writes_rejects_too(run_with_team: Run, file: Path, tmp_path: Path) -> None:
    file.write_text(MIXED)
    rejects = tmp_path / "rejects.csv"
    outcome = run_with_team("import", "answers", file, "--team", "payments", "--dry-run", "--rejects", rejects)
    assert outcome.status == 3
    assert len(rejects.read_text("utf-8-sig").splitlines()) == 3


def test_a_file_isnt_overwritten_with_its_own_rejects(run_with_team: Run, file: Path, tmp_path: Path) -> None:
    file.write_text(MIXED)
    (tmp_path / "same.csv").symlink_to(file)
    for rejects in (file, tmp_path / "same.csv"):
        outcome = run_with_team("import", "answers", file, "--team", "payments", "--dry-run", "--rejects", rejects)
        assert outcome.status == 2
        assert "Name another file to write" in outcome.err
    assert file.read_text() == MIXED


@pytest.mark.parametrize("option", ["--mapping", "--people"])
def test_neither_mapping_nor_people_are_overwritten_with_rejects(
    run_with_team: Run, file: Path, tmp_path: Path, option: str
) -> None:
    other = tmp_path / "other"
    other.write_text("{}" if option == "--mapping" else "theirs,ours\n")
    before = other.read_text()
    outcome = run_with_team("import", "answers", file, "--team", "payments", option, other, "--rejects", other)
    assert outcome.status == 2
    assert "other is read, so it can't be written too" in outcome.err
    assert other.read_text() == before


def test_rejects_that_cannot_be_written_undo_the_import(
    run_with_team: Run, file: Path, tmp_path: Path, engine: sa.Engine
) -> None:
    file.write_text(MIXED)
    before = contents(engine)
    outcome = run_with_team("import", "answers", file, "--team", "payments", "--rejects", tmp_path / "no" / "r.csv")
    assert (outcome.status, outcome.out) == (1, "")
    assert "Nothing was changed." in outcome.err
    assert contents(engine) == before


def test_a_mapping_reads_a_table_of_any_tool(run_with_team: Run, file: Path, tmp_path: Path) -> None:
    file.write_text("who,feature work,fire fighting\nmember0@example.org,30,10\n")
    mapping = tmp_path / "map.json"
    columns = {"email": "who", "planned": "feature work", "other_bau": "fire fighting"}
    mapping.write_text(json.dumps({"columns": columns}))
    options = ("--team", "payments", "--mapping", mapping, "--week", "2026-W40", "--json")
    outcome = run_with_team("import", "answers", file, *options)
    assert (outcome.status, outcome.json["accepted"], outcome.json["weeks"]) == (0, 1, ["2026-W40"])


@pytest.mark.parametrize("content", [b"", b"name,colour\nAda,red\n", b"PK\x03\x04 no zip"])
@pytest.mark.parametrize("what", ["answers", "items"])
def test_a_file_that_cannot_be_read_ends_with_two_and_stores_nothing(
    run_with_team: Run, file: Path, engine: sa.Engine, what: str, content: bytes
) -> None:
    file.write_bytes(content)
    before = contents(engine)
    outcome = run_with_team("import", what, file, "--team", "payments", "--json")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err
    assert "Traceback" not in outcome.err
    assert contents(engine) == before


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--mapping", "missing.json"),
        ("--people", "missing.csv"),
        ("--week", "2026-W99"),
    ],
)
def test_a_missing_file_or_a_week_that_is_none_ends_with_two(
    run_with_team: Run, file: Path, options: tuple[str, ...]
) -> None:
    if options:
        file.write_text(GOOD)
    outcome = run_with_team("import", "answers", file, "--team", "payments", *options)
    assert (outcome.status, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err


def test_an_unknown_team_ends_with_one(run_with_team: Run, file: Path) -> None:
    file.write_text(GOOD)
    outcome = run_with_team("import", "answers", file, "--team", "search")
    assert (outcome.status, outcome.out) == (1, "")
    assert "There is no such team" in outcome.err


def test_without_a_team_anywhere_every_row_says_what_to_do(run_with_team: Run, file: Path) -> None:
    file.write_text(GOOD)
    outcome = run_with_team("import", "answers", file, "--json")
    assert (outcome.status, outcome.json["rejected"]) == (3, 3)
    assert "Choose one (--team SLUG)." in outcome.json["problems"][0]["message"]


def test_items_are_taken_over_and_the_same_file_again_changes_nothing(
    run_with_team: Run, file: Path, engine: sa.Engine
) -> None:
    file.write_text(JIRA)
    dry = run_with_team("import", "items", file, "--team", "payments", "--dry-run", "--json")
    assert contents(engine)["item"] == []
    real = run_with_team("import", "items", file, "--team", "payments", "--json")
    again = run_with_team("import", "items", file, "--team", "payments", "--json")
    assert [outcome.status for outcome in (dry, real, again)] == [0, 0, 0]
    assert {**dry.json, "run": real.json["run"]} == real.json
    assert set(real.json) == KEYS
    assert (real.json["recognised"], real.json["accepted"], real.json["weeks"]) == ("jira", 2, ["2026-W47"])
    assert (again.json["accepted"], again.json["unchanged"]) == (0, 2)
    assert len(contents(engine)["item"]) == 2
