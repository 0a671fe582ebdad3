from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from bau_tracker.services.detection import COLUMNS
from tests.cli.program import Run

HEADER = "team,member,week,hours,planned_share,complaint\n"


@pytest.fixture
def responses(tmp_path: Path) -> Path:
    """Give a team of three that is healthy for eight weeks, then falls by twenty points and complains."""
    lines = (
        f"payments,{member},{week},40,{80 if week < 8 else 60},{int(week >= 8)}\n"
        for week in range(12)
        for member in "abc"
    )
    path = tmp_path / "responses.csv"
    path.write_text(HEADER + "".join(lines))
    return path


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_verdicts_need_no_database_and_go_to_standard_output(run_unmigrated: Run, responses: Path) -> None:
    outcome = run_unmigrated("detect", responses)
    assert (outcome.status, outcome.err) == (0, "")
    found = rows(outcome.out)
    assert tuple(found[0]) == COLUMNS
    assert [row["week"] for row in found] == [str(week) for week in range(12)]
    last = found[-1]
    assert (last["team"], last["state"], last["level"], last["corroborated"]) == ("payments", "sliding", "low", "1")
    assert 55 < float(last["planned_share"]) < 70
    assert last["respondents"] == "3"
    assert "since week 8, with the same people compared" in last["reason"]
    assert found[0]["state"] == "not_enough_data"
    assert not (responses.parent / "bau-tracker.sqlite3").exists()


def test_verdicts_go_into_a_file(run_unmigrated: Run, responses: Path, tmp_path: Path) -> None:
    roster, out = tmp_path / "roster.csv", tmp_path / "out.csv"
    roster.write_text("team,member,joined_week,left_week\n" + "".join(f"payments,{one},0,\n" for one in "abcdefg"))
    outcome = run_unmigrated("detect", responses, "--roster", roster, "-o", out)
    assert (outcome.status, outcome.out) == (0, "")
    assert len(rows(out.read_text())) == 12
    assert "12 of 28 answers came in the newest 4 weeks, under 60 %: confidence is low." in rows(out.read_text())[-1][
        "reason"
    ].replace("\u00a0", " ")


def test_neither_responses_nor_roster_are_overwritten(run_unmigrated: Run, responses: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("team,member,joined_week,left_week\n")
    for out in (responses, roster):
        before = out.read_text()
        outcome = run_unmigrated("detect", responses, "--roster", roster, "-o", out)
        assert (outcome.status, outcome.out) == (2, "")
        assert f"{out.name} is read, so it can't be written too" in outcome.err
        assert out.read_text() == before


def test_rows_that_cannot_be_read_are_left_out_and_named(run_unmigrated: Run, responses: Path) -> None:
    responses.write_text(responses.read_text() + "payments,d,11,-4,50,0\n")
    outcome = run_unmigrated("detect", responses)
    assert outcome.status == 3
    assert len(rows(outcome.out)) == 12
    assert "Line 38:" in outcome.err


def test_who_answers_twice_for_a_week_counts_once_by_the_later_row(run_unmigrated: Run, responses: Path) -> None:
    text = responses.read_text()
    outcome = run_unmigrated("detect", responses)
    responses.write_text(text.replace("payments,c,11,40,60,1", "payments,c,11,40,5,0\npayments,c,11,40,60,1"))
    again = run_unmigrated("detect", responses)
    assert (again.status, again.out) == (3, outcome.out)
    assert again.err.startswith("Line 37: c answers for this week again in line 38, which counts instead.")


@pytest.mark.parametrize("weeks", ["9999-12-20,0,900", "0001-01-01,0,-400"])
def test_days_beyond_the_calendar_are_passed_over(run_unmigrated: Run, tmp_path: Path, weeks: str) -> None:
    start, first, second = weeks.split(",")
    path = tmp_path / "late.csv"
    header = HEADER.replace("week,", "week,week_start,")
    path.write_text(f"{header}red,a,{first},{start},40,80,0\nred,a,{second},,40,80,0\n")
    outcome = run_unmigrated("detect", path)
    assert (outcome.status, outcome.err) == (0, "")
    assert len(rows(outcome.out)) == 55


@pytest.mark.parametrize("content", ["", "team,week\npayments,1\n"])
def test_a_file_that_is_none_of_responses_ends_with_two(run_unmigrated: Run, tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text(content)
    outcome = run_unmigrated("detect", path)
    assert (outcome.status, outcome.out) == (2, "")
    assert "Traceback" not in outcome.err


def test_a_missing_file_ends_with_two(run_unmigrated: Run) -> None:
    outcome = run_unmigrated("detect", "missing.csv")
    assert (outcome.status, outcome.out) == (2, "")
    assert "missing.csv" in outcome.err
