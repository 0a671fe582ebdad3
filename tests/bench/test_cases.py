from __future__ import annotations

import json
from pathlib import Path

import pytest

from bau_tracker.formats.detection import Response, RosterEntry
from tests.bench.cases import Case, cut, folders_with_cases, read_cases, write_cases
from tests.bench.examples import make_case, make_truth
from tests.bench.mechanisms.simulation import simulate


def test_teams_are_read_as_they_were_written(tmp_path: Path) -> None:
    cases = list(simulate(1, 1, ["leavers", "grow_recover"]))
    write_cases(cases, tmp_path / "new")
    assert read_cases(tmp_path / "new") == cases


def test_the_files_have_the_columns_that_others_read(tmp_path: Path) -> None:
    complaint = Response("red", "a", 1, 37.5, 0.65, complaint=True, topic="alerts")
    case = Case("red", make_truth(3, onset=2), (complaint,), (RosterEntry("red", "a", 0, 2),))
    write_cases([case], tmp_path)
    assert (tmp_path / "responses.csv").read_text() == (
        "team,member,week,week_start,hours,planned_share,complaint,topic\nred,a,1,2024-01-08,37.5,65.0,1,alerts\n"
    )
    assert (tmp_path / "roster.csv").read_text() == "team,member,joined_week,left_week\nred,a,0,2\n"
    assert json.loads((tmp_path / "truth.json").read_text())["teams"]["red"] == {
        "scenario": "calm",
        "n_weeks": 3,
        "start": "2024-01-01",
        "slide": {"onset": 2, "end": 2, "points": 10.0},
        "recovery": None,
        "true_level": [80, 80, 80],
    }


def test_what_else_a_file_of_truth_tells_is_passed_over(tmp_path: Path) -> None:
    write_cases([make_case([80, 70])], tmp_path)
    truth = json.loads((tmp_path / "truth.json").read_text())
    truth["meta"] = {"seed": 1}
    truth["teams"]["calm-000"]["oracle"] = {"phi": 0.3}
    (tmp_path / "truth.json").write_text(json.dumps(truth))
    assert read_cases(tmp_path) == [make_case([80, 70])]


def test_a_folder_with_teams_is_taken_alone_and_one_of_folders_with_all_in_it(tmp_path: Path) -> None:
    for name in ("b", "a"):
        write_cases([], tmp_path / name)
    (tmp_path / "notes").mkdir()
    assert folders_with_cases(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    assert folders_with_cases(tmp_path / "a") == [tmp_path / "a"]
    with pytest.raises(SystemExit, match=r"holds no truth\.json"):
        folders_with_cases(tmp_path / "notes")


def test_rows_that_cannot_be_read_end_the_run(tmp_path: Path) -> None:
    write_cases([make_case([80, 70])], tmp_path)
    with (tmp_path / "responses.csv").open("a") as file:
        file.write("calm-000,a,2,2024-01-15,40,many,0,\n")
    with pytest.raises(SystemExit, match=r"responses\.csv has rows that"):
        read_cases(tmp_path)


def test_a_cut_shows_what_was_known_at_the_end_of_a_week() -> None:
    answers = tuple(Response("red", "a", week, 40.0, 0.8, complaint=False) for week in range(6))
    roster = (RosterEntry("red", "a", 0, 3), RosterEntry("red", "b", 0, 4), RosterEntry("red", "c", 4))
    known = cut(Case("red", make_truth(6), answers, roster), 3)
    assert known.responses == answers[:4]
    assert known.roster == (RosterEntry("red", "a", 0, 3), RosterEntry("red", "b", 0))
