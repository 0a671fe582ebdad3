from datetime import date
from pathlib import Path

import pytest

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.detection import Response, RosterEntry, WeekForm, read_responses, read_roster, write_week

HEADER = "team,member,week,week_start,hours,planned_share,complaint,topic\n"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "series.csv"
    path.write_text(text, "utf-8")
    return path


def test_answers_with_week_numbers_are_read_and_written_back_so(tmp_path: Path) -> None:
    read = read_responses(write(tmp_path, f"{HEADER}a,m1,3,2026-11-16,37.5,62.5,1,alerts\na,m2,3,,30,100,0,\n"))

    assert read.records == (
        Response("a", "m1", 3, 37.5, 0.625, complaint=True, topic="alerts"),
        Response("a", "m2", 3, 30, 1, complaint=False),
    )
    assert (read.week_form, dict(read.first_mondays)) == (WeekForm.INDEX, {"a": date(2026, 10, 26)})
    assert write_week(3, read.week_form) == 3


def test_answers_with_iso_weeks_count_weeks_and_are_written_back_so(tmp_path: Path) -> None:
    text = "planned_share,team,member,week,hours,complaint\n70,a,m,2026-W53,30,0\n70,a,m,2027-W01,30,0\n"
    read = read_responses(write(tmp_path, text))

    first, second = (response.week for response in read.records)
    assert second - first == 1
    assert [write_week(week, read.week_form) for week in (first, second)] == ["2026-W53", "2027-W01"]


def test_rows_that_cannot_be_right_are_problems_with_line_and_column(tmp_path: Path) -> None:
    rows = ["a,m,1,,30,50,0,", ",m,1,,30,50,0,", "a,m,x,,30,50,0,", "a,m,2026-W47,,30,50,0,", "a,m,1,,-1,50,0,",
            "a,m,1,,30,101,0,", "a,m,1,,30,nan,0,", "a,m,1,,30,50,7,", "a,m,1,,30,50,0,x,y"]  # fmt: skip
    read = read_responses(write(tmp_path, HEADER + "\n".join(rows)))

    assert len(read.records) == 1
    assert [(each.line, each.column) for each in read.problems] == [
        (3, "team"),
        (4, "week"),
        (5, "week"),
        (6, "hours"),
        (7, "planned_share"),
        (8, "planned_share"),
        (9, "complaint"),
        (10, ""),
    ]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no column hours or complaint"):
        read_responses(write(tmp_path, "team,member,week,planned_share\na,m,1,50\n"))


def test_a_repeated_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="column week 2 times"):
        read_responses(write(tmp_path, "team,member,week,week,hours,planned_share,complaint\n"))


def test_a_file_without_a_single_week_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no row with a week"):
        read_responses(write(tmp_path, HEADER))


def test_a_roster_says_who_was_there_and_who_still_is(tmp_path: Path) -> None:
    text = "team,member,joined_week,left_week\na,m1,0,12\na,m2,5,\na,m3,,\n"
    read = read_roster(write(tmp_path, text), WeekForm.INDEX)

    assert read.entries == (RosterEntry("a", "m1", 0, 12), RosterEntry("a", "m2", 5, None))
    assert [(each.line, each.column) for each in read.problems] == [(4, "joined_week")]


def test_a_roster_uses_the_weeks_of_its_answers(tmp_path: Path) -> None:
    text = "team,member,joined_week,left_week\na,m1,2026-W47,\n"

    assert (
        write_week(read_roster(write(tmp_path, text), WeekForm.ISO).entries[0].joined_week, WeekForm.ISO) == "2026-W47"
    )
    assert read_roster(write(tmp_path, text), WeekForm.INDEX).problems[0].column == "joined_week"


def test_each_team_counts_its_weeks_from_a_monday_of_its_own(tmp_path: Path) -> None:
    text = f"{HEADER}a,m1,0,2026-11-16,37.5,62.5,1,\nb,m1,2,2026-11-18,30,100,0,\nc,m1,1,,30,100,0,\n"

    read = read_responses(write(tmp_path, text))

    assert dict(read.first_mondays) == {"a": date(2026, 11, 16), "b": date(2026, 11, 2)}
