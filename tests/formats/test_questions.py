from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import AnswerRecord, DateOrder, Inspection, Mapping, Problem
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.answers import inspect_answers, open_answers
from bau_tracker.formats.own_answers import OWN_COLUMNS
from tests.survey_exports import Rows, write_csv

UTC = ZoneInfo("UTC")
HEADER: list[object] = ["Timestamp", "Email Address", "Planned work (hours)", "Defect fix (hours)"]
ROW: list[object] = ["9/6/2026 10:00:00", "ada@example.org", "30", "5"]
WEEK_47 = Week.parse("2026-W47")


def inspected(tmp_path: Path, rows: Rows, mapping: Mapping | None = None, week: Week | None = None) -> Inspection:
    path = write_csv(tmp_path / "a.csv", rows)
    return inspect_answers(path, zone=UTC, default_hours=40.0, mapping=mapping, week=week)


def test_what_is_recognised_is_told_column_by_column_with_why(tmp_path: Path) -> None:
    found = inspected(tmp_path, [[*HEADER, "Remarks", "Remarks"], [*ROW, "", "x"]], Mapping({"comment": "Remarks (2)"}))

    assert {field: (guess.column, guess.why, guess.sure) for field, guess in found.guesses.items()} == {
        "answered_at": ("Timestamp", "Google Forms writes it there.", True),
        "email": ("Email Address", "Its heading says so.", True),
        "planned": ("Planned work (hours)", "Its heading says so.", True),
        "defect": ("Defect fix (hours)", "Its heading says so.", True),
        "comment": ("Remarks (2)", "You said so.", True),
    }
    assert [look.name for look in found.looks][-2:] == ["Remarks (1)", "Remarks (2)"]
    assert (found.layout.tool, found.rows) == ("google_forms", 1)


def test_everything_that_is_open_is_asked_at_once(tmp_path: Path) -> None:
    found = inspected(tmp_path, [["When", "Note", "Remarks", "Comment"], ["9/6/2026", "a", "b", "c"]])

    assert [question.field for question in found.questions] == ["comment", "planned", "other_bau", "week"]
    assert found.guesses["comment"].sure is False


def test_headings_are_told_once_however_much_is_asked(tmp_path: Path) -> None:
    rows: Rows = [["When", "Note", "Remark"], ["9/6/2026", "a", "b"]]
    found = inspected(tmp_path, rows)
    assert " ".join(question.message for question in found.questions).count("“Note”") == 1
    assert "It has" not in found.questions[-1].message


def test_a_date_that_can_be_read_in_two_ways_is_asked_about_with_both(tmp_path: Path) -> None:
    (question,) = inspected(tmp_path, [HEADER, ROW]).questions

    assert question.field == "date_order"
    assert question.message == (
        "“9/6/2026 10:00:00” can be read as 9 June 2026 (day first) or as 6 September 2026 (month first), and no date "
        "in the file settles it."
    )


def test_an_answered_question_is_not_asked_again(tmp_path: Path) -> None:
    found = inspected(tmp_path, [HEADER, ROW], Mapping(date_order=DateOrder.MONTH))

    assert (found.questions, found.date_order) == ((), DateOrder.MONTH)


def test_a_mapping_to_a_column_that_is_gone_is_a_question_and_no_refusal(tmp_path: Path) -> None:
    found = inspected(tmp_path, [HEADER, ROW], Mapping({"planned": "Old question"}, date_order=DateOrder.DAY))

    assert [question.field for question in found.questions] == ["planned"]
    assert "“Old question”, which the file doesn't have" in found.questions[0].message
    assert found.guesses["planned"].sure is False


def test_an_unknown_field_in_a_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="which is no field"):
        inspected(tmp_path, [HEADER, ROW], Mapping({"plan": "Timestamp"}))


def test_a_column_that_nothing_recognises_is_offered_and_never_used(tmp_path: Path) -> None:
    rows: Rows = [["Timestamp", "Stuff we planned", "Unplanned", "Who"], ["2026-11-20", "30", "5", "ada@example.org"]]

    found = inspected(tmp_path, rows)

    assert [question.field for question in found.questions] == ["planned"]
    assert (found.guesses["planned"].column, found.guesses["planned"].sure) == ("Stuff we planned", False)
    assert found.guesses["email"].column == "Who"
    assert dict(found.layout.columns).keys() == {"answered_at", "other_bau"}


def test_what_a_person_says_instead_of_a_suggestion_reads_the_file(tmp_path: Path) -> None:
    rows: Rows = [["Timestamp", "Stuff we planned", "Unplanned"], ["2026-11-20", "30", "5"]]
    mapping = Mapping({"planned": "Stuff we planned"})

    assert inspected(tmp_path, rows, mapping).questions == ()
    found = list(open_answers(tmp_path / "a.csv", zone=UTC, default_hours=40.0, mapping=mapping))
    assert not any(isinstance(each, Problem) for each in found)


def test_the_week_can_be_given_for_all(tmp_path: Path) -> None:
    rows: Rows = [["Email", "Planned", "BAU"], ["ada@example.org", "30", "5"]]

    assert [question.field for question in inspected(tmp_path, rows).questions] == ["week"]
    assert inspected(tmp_path, rows, week=WEEK_47).questions == ()


def test_our_own_export_leaves_nothing_open(tmp_path: Path) -> None:
    found = inspected(tmp_path, [list(OWN_COLUMNS), ["x"] * len(OWN_COLUMNS)])

    assert (found.layout.tool, found.questions, found.rows) == ("bau_tracker", (), 1)
    assert found.guesses["planned"].column == "planned"


def test_a_file_without_rows_can_be_looked_at(tmp_path: Path) -> None:
    found = inspected(tmp_path, [HEADER])

    assert (found.rows, found.questions) == (0, ())
    assert {look.looks_like for look in found.looks} == {"empty"}


def test_the_first_question_is_what_a_refusal_says_with_a_mapping_to_answer_it(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [[*HEADER, "Remarks", "Comment"], [*ROW, "", "x"]])

    with pytest.raises(
        UnreadableInput, match=r'“comment”. Say which it is\. .*\{"columns": \{"comment": "Remarks"\}\}'
    ):
        open_answers(path, zone=UTC, default_hours=40.0)


def test_loose_words_are_offered_and_never_used_unasked(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(
        "Wann?;Wer bist du;Zeit für Roadmap-Themen;Feuerwehr\n20.11.2026;ada@example.org;24,5;10\n", "utf-8"
    )
    found = inspect_answers(path, zone=ZoneInfo("UTC"), default_hours=40)
    offered = {field: guess.column for field, guess in found.guesses.items()}
    assert offered == {
        "answered_at": "Wann?",
        "email": "Wer bist du",
        "planned": "Zeit für Roadmap-Themen",
        "other_bau": "Feuerwehr",
    }
    assert not any(guess.sure for guess in found.guesses.values())
    assert [question.field for question in found.questions] == ["planned", "other_bau", "week"]


def test_hours_that_nothing_reads_are_asked_about_before_they_are_lost(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    header = "Timestamp,Email Address,Planned work (hours),Defect fix (hours),Firefighting at night (hours)"
    path.write_text(f"{header}\n2026-11-20 15:00,ada@example.org,20,10,5\n")
    found = inspect_answers(path, zone=ZoneInfo("UTC"), default_hours=40)
    assert [question.field for question in found.questions] == ["other_bau"]
    assert found.guesses["other_bau"].column == "Firefighting at night (hours)"
    with pytest.raises(UnreadableInput, match="Firefighting at night"):
        open_answers(path, zone=ZoneInfo("UTC"), default_hours=40)
    for column, hours in (("Firefighting at night (hours)", 5), ("", 0)):
        (record,) = open_answers(path, zone=ZoneInfo("UTC"), default_hours=40, mapping=Mapping({"other_bau": column}))
        assert isinstance(record, AnswerRecord)
        assert record.answer.split.other_bau == hours


def test_hours_that_could_be_no_part_of_the_week_are_named(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    header = "Timestamp,Planned work (hours),Defect fix (hours),Gardening (hours),Age"
    path.write_text(f"{header}\n2026-11-20 15:00,20,10,5,42\n")
    found = inspect_answers(path, zone=ZoneInfo("UTC"), default_hours=40)
    assert found.questions == ()
    assert "Nothing is read from “Gardening (hours)”, though it counts time." in found.layout.notes
