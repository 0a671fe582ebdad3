import tracemalloc
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bau_tracker.domain.importing import AnswerRecord, Problem
from bau_tracker.domain.surveys import CATEGORIES, LONGEST_COMMENT, Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.answers import AnswerFile, open_answers
from bau_tracker.formats.exports import TableFormat, write_table
from bau_tracker.formats.own_answers import OWN_COLUMNS, answer_row

texts = st.text(
    st.one_of(st.sampled_from("=+-@'\t\r\n\",; x"), st.characters(codec="utf-8", exclude_characters="\0")), max_size=20
)
hours = st.floats(0, 11, allow_nan=False)
splits = st.builds(TimeSplit, **dict.fromkeys(CATEGORIES, hours)).filter(lambda split: split.total > 0)
answers = st.one_of(
    st.builds(
        Answer,
        split=splits,
        hours_available=st.none() | st.floats(0, 100),
        callouts=st.floats(0, 100),
        excessive=st.none() | st.frozensets(st.sampled_from(Chip)),
        deferred=st.none() | st.booleans(),
        comment=texts,
    ),
    st.builds(Answer, away=st.just(value=True), comment=texts),
)
stored = st.builds(
    AnswerRecord,
    line=st.just(0),
    week=st.dates(date(2000, 2, 1), date(2999, 12, 29)).map(Week.containing),
    answer=answers,
    team=texts,
    email=texts,
    respondent=texts,
    answered_at=st.none()
    | st.datetimes(datetime(2000, 1, 2), datetime(2100, 1, 1), timezones=st.just(timezone(timedelta(hours=2)))),  # noqa: DTZ001
)


def opened(path: Path) -> AnswerFile:
    return open_answers(path, zone=ZoneInfo("Europe/Berlin"), default_hours=40.0)


def export(path: Path, records: list[AnswerRecord], table_format: TableFormat = TableFormat.CSV) -> Path:
    write_table(path, OWN_COLUMNS, (answer_row(record) for record in records), table_format)
    return path


def make_record(**changed: object) -> AnswerRecord:
    record = AnswerRecord(
        line=2,
        week=Week.parse("2026-W47"),
        answer=Answer(TimeSplit(planned=22.5, support=7.5), hours_available=38, excessive=frozenset({Chip.ALERTS})),
        team="search",
        email="ada@example.org",
        answered_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    )
    return replace(record, **changed)  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(stored, max_size=4))
def test_an_export_reads_back_without_loss(tmp_path: Path, records: list[AnswerRecord]) -> None:
    found = list(opened(export(tmp_path / "answers.csv", records)))

    assert [replace(each, line=0, row=()) for each in found if isinstance(each, AnswerRecord)] == records


def test_the_columns_are_the_documented_ones() -> None:
    assert ",".join(OWN_COLUMNS) == (
        "team,week,email,respondent,status,hours_available,planned,capacity,defect,security,telemetry,support,"
        "minor_change,other_bau,overhead,callouts,excessive,deferred,comment,answered_at"
    )


def test_a_workbook_reads_back_too(tmp_path: Path) -> None:
    records = [make_record(), make_record(email="", respondent="=7", answer=Answer(away=True, excessive=None))]

    found = list(opened(export(tmp_path / "answers.xlsx", records, TableFormat.XLSX)))

    assert [replace(each, line=2, row=()) for each in found if isinstance(each, AnswerRecord)] == records


def test_an_export_that_a_spreadsheet_saved_with_semicolons_and_commas_still_reads(tmp_path: Path) -> None:
    path = export(tmp_path / "answers.csv", [make_record()])
    text = path.read_text("utf-8-sig").replace(",", ";").replace("22.5", "22,5").replace("7.5", "7,5")
    path.write_text(text, "cp1252")

    file = opened(path)

    assert file.layout.tool == "bau_tracker"
    assert [replace(each, row=()) for each in file if isinstance(each, AnswerRecord)] == [make_record()]


def test_columns_may_stand_in_any_order_beside_others(tmp_path: Path) -> None:
    cells = dict(zip(OWN_COLUMNS, answer_row(make_record()), strict=True)) | {"Note": "mine"}
    write_table(tmp_path / "answers.csv", sorted(cells), [[cells[name] for name in sorted(cells)]])

    assert [replace(each, row=()) for each in opened(tmp_path / "answers.csv") if isinstance(each, AnswerRecord)] == [
        make_record()
    ]


def test_a_week_given_by_a_person_wins(tmp_path: Path) -> None:
    path = export(tmp_path / "answers.csv", [make_record()])
    week = Week.parse("2025-W01")

    (record,) = open_answers(path, zone=ZoneInfo("UTC"), default_hours=40.0, week=week)

    assert isinstance(record, AnswerRecord)
    assert record.week == week


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("status", "drafted"),
        ("week", "2026-W54"),
        ("planned", "many"),
        ("planned", "-1"),
        ("defect", "101"),
        ("hours_available", "x"),
        ("callouts", "x"),
        ("excessive", "alerts; printers"),
        ("deferred", "maybe"),
        ("answered_at", "yesterday"),
        ("comment", "x" * (LONGEST_COMMENT + 1)),
    ],
)
def test_a_cell_that_cannot_be_right_is_a_problem_of_its_column(tmp_path: Path, column: str, value: str) -> None:
    cells = list(answer_row(make_record()))
    cells[OWN_COLUMNS.index(column)] = value
    write_table(tmp_path / "answers.csv", OWN_COLUMNS, [answer_row(make_record()), cells])

    found = list(opened(tmp_path / "answers.csv"))

    assert isinstance(found[1], Problem)
    assert (found[1].line, found[1].column) == (3, column)


def peak_memory(path: Path, rows: int) -> int:
    write_table(path, OWN_COLUMNS, (answer_row(make_record(email=f"p{n}@example.org")) for n in range(rows)))
    tracemalloc.start()
    try:
        assert sum(isinstance(each, AnswerRecord) for each in opened(path)) == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_stays_flat_however_many_rows_there_are(tmp_path: Path) -> None:
    least, most = peak_memory(tmp_path / "few.csv", 500), peak_memory(tmp_path / "many.csv", 10_000)

    assert most < max(2 * least, 5_000_000)
