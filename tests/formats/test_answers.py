import csv
import io
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import AnswerRecord, DateOrder, Mapping, Problem, Unit
from bau_tracker.domain.surveys import Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.answers import AnswerFile, open_answers
from bau_tracker.formats.exports import write_rejects

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY, MONDAY = "2026-11-20 15:00:00", "2026-11-23 09:00:00"
WEEK_47 = Week.parse("2026-W47")
GOOGLE = [
    "Timestamp", "Email Address", "Which team are you in?", "Planned work (hours)", "Defect fix (hours)",
    "Support ticket (hours)", "Overhead (hours)", "What took an excessive amount of time?", "Was maintenance put off?",
    "Anything else?",
]  # fmt: skip
MICROSOFT = [
    "ID", "Start time", "Completion time", "Email", "Name", "Last modified time",
    "Planned work\u00a0(hours)", "Defect fix\u00a0", "What took an excessive amount of time?", "Email",
]  # fmt: skip


def google_row(at: str = FRIDAY, email: str = "ada@example.org", **changed: str) -> list[str]:
    values = dict(zip(GOOGLE, [at, email, "Search", "30.0", "5", "", "3", "", "No", ""], strict=True))
    return list((values | changed).values())


def write_csv(
    tmp_path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    path = tmp_path / "survey.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(tmp_path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], sheet_name: str) -> Path:
    path = tmp_path / "survey.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "m/d/yyyy h:mm:ss"}) as workbook:
        sheet = workbook.add_worksheet(sheet_name)
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return path


def opened(path: Path, mapping: Mapping | None = None, week: Week | None = None) -> AnswerFile:
    return open_answers(path, zone=BERLIN, default_hours=40.0, mapping=mapping, week=week)


def records(file: AnswerFile) -> list[AnswerRecord]:
    found = list(file)
    assert [each for each in found if isinstance(each, Problem)] == []
    return [each for each in found if isinstance(each, AnswerRecord)]


def problem(file: AnswerFile) -> Problem:
    (only,) = (each for each in file if isinstance(each, Problem))
    return only


def test_a_google_forms_row_becomes_an_answer(tmp_path: Path) -> None:
    row = google_row(
        **{GOOGLE[7]: "Deployments, Intermittent or noisy alerts", GOOGLE[8]: "Yes", GOOGLE[9]: "long\nweek"}
    )
    file = opened(write_csv(tmp_path, GOOGLE, [row]))

    (record,) = records(file)

    assert file.layout.tool == "google_forms"
    assert record == AnswerRecord(
        line=2,
        week=WEEK_47,
        answer=Answer(
            TimeSplit(planned=30, defect=5, overhead=3),
            excessive=frozenset({Chip.DEPLOYMENTS, Chip.ALERTS}),
            deferred=True,
            comment="long\nweek",
        ),
        team="Search",
        email="ada@example.org",
        answered_at=datetime(2026, 11, 20, 14, tzinfo=UTC),
        row=tuple(row),
    )


def test_a_google_forms_workbook_with_real_dates_reads_like_the_csv(tmp_path: Path) -> None:
    row: list[object] = list(google_row())
    row[0], row[3] = datetime(2026, 11, 20, 15), 30.0  # noqa: DTZ001
    (from_xlsx,) = records(opened(write_xlsx(tmp_path, GOOGLE, [row], "Form Responses 1")))
    (from_csv,) = records(opened(write_csv(tmp_path, GOOGLE, [google_row()])))

    assert (from_xlsx.answer, from_xlsx.week, from_xlsx.answered_at) == (
        from_csv.answer,
        from_csv.week,
        from_csv.answered_at,
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_are_found_in_any_order_encoding_and_delimiter(tmp_path: Path, encoding: str, delimiter: str) -> None:
    order = [0, *range(len(GOOGLE) - 1, 0, -1)]
    row = google_row(**{GOOGLE[9]: "früh", GOOGLE[3]: "22,5"})

    path = write_csv(tmp_path, [GOOGLE[i] for i in order], [[row[i] for i in order]], encoding, delimiter)
    (record,) = records(opened(path))

    assert record.answer.comment == "früh"
    assert record.answer.split.planned == 22.5


def test_german_headers_are_understood(tmp_path: Path) -> None:
    header = [
        "Zeitstempel",
        "E-Mail-Adresse",
        "Kalenderwoche",
        "Geplante Arbeit (Stunden)",
        "Fehlerbehebung (Std.)",
        "Kommentar",
    ]

    (record,) = records(
        opened(
            write_csv(
                tmp_path, header, [["20.11.2026 15:00:00", "a@b.de", "2026-W46", "30", "7,5", "gut"]], "cp1252", ";"
            )
        )
    )

    assert (record.week, record.answer.split) == (Week.parse("2026-W46"), TimeSplit(planned=30, defect=7.5))


@pytest.mark.parametrize(
    ("at", "week"),
    [
        ("2026-11-20 15:00:00", "2026-W47"),
        ("2026-11-22 23:59:59", "2026-W47"),
        ("2026-11-23 09:00:00", "2026-W47"),
        ("2026-11-24 23:59:59", "2026-W47"),
        ("2026-11-25 00:00:00", "2026-W48"),
        ("2026-11-24T23:30:00Z", "2026-W48"),
    ],
)
def test_without_a_question_for_it_the_week_follows_from_the_time_and_the_rule_is_told(
    tmp_path: Path, at: str, week: str
) -> None:
    file = opened(write_csv(tmp_path, GOOGLE, [google_row(at)]))

    assert str(records(file)[0].week) == week
    assert any("Monday or Tuesday" in note and "Europe/Berlin" in note for note in file.layout.notes)


@pytest.mark.parametrize(
    "said", ["2026-W47", "2026w47", "2026-W47 (16-22 Nov)", "2026-11-18", "Week of 16 Nov 2026", "16.11.2026"]
)
def test_a_question_for_the_week_wins_over_the_time(tmp_path: Path, said: str) -> None:
    file = opened(
        write_csv(tmp_path, [*GOOGLE, "Which week is this for?"], [[*google_row("2026-12-04 10:00:00"), said]])
    )

    assert records(file)[0].week == WEEK_47
    assert not any("Monday or Tuesday" in note for note in file.layout.notes)


def test_a_week_given_by_a_person_wins_over_everything(tmp_path: Path) -> None:
    file = opened(write_csv(tmp_path, GOOGLE, [google_row()]), week=Week.parse("2025-W01"))

    assert records(file)[0].week == Week.parse("2025-W01")
    assert any("2025-W01" in note for note in file.layout.notes)


def test_the_order_of_dates_is_settled_over_the_whole_column(tmp_path: Path) -> None:
    file = opened(write_csv(tmp_path, GOOGLE, [google_row("9/6/2018 0:06:16"), google_row("9/28/2018 0:06:16")]))

    assert [str(record.week) for record in records(file)] == ["2018-W36", "2018-W39"]
    assert "Dates are read with the month first." in file.layout.notes


def test_dates_that_nothing_settles_are_asked_for_and_a_mapping_answers(tmp_path: Path) -> None:
    path = write_csv(tmp_path, GOOGLE, [google_row("9/6/2018 0:06:16")])

    with pytest.raises(UnreadableInput, match="date_order"):
        opened(path)
    assert str(records(opened(path, Mapping(date_order=DateOrder.DAY)))[0].week) == "2018-W23"


def microsoft_row(number: int, email: str = "anonymous", *answers: str) -> list[object]:
    start = datetime(2026, 11, 20, 15)  # noqa: DTZ001
    return [
        number,
        start,
        start,
        email,
        "Ada",
        "",
        *(answers or ("30", "8", "Deployments;Flaky tests or environments;", "")),
    ]


def test_microsoft_forms_metadata_goes_by_position_and_anonymous_rows_are_kept_apart(tmp_path: Path) -> None:
    rows = [
        microsoft_row(2),
        microsoft_row(3, "anonymous", "20", "10", "", "bob@example.org"),
        microsoft_row(4, "ada@example.org"),
    ]
    file = opened(write_xlsx(tmp_path, MICROSOFT, rows, "Sheet1"))

    found = records(file)

    assert file.layout.tool == "microsoft_forms"
    assert [(each.email, each.respondent) for each in found] == [
        ("", "2"),
        ("bob@example.org", ""),
        ("ada@example.org", ""),
    ]
    assert found[0].answer == Answer(
        TimeSplit(planned=30, defect=8), excessive=frozenset({Chip.DEPLOYMENTS, Chip.ENVIRONMENTS})
    )
    assert found[0].week == WEEK_47


def test_a_microsoft_forms_export_saved_again_as_csv_reads_the_same(tmp_path: Path) -> None:
    row = ["2", "20.11.2026 14:58:01", "20.11.2026 15:00:00", "anonymous", "", "30", "8,5", "Deployments;"]
    header = [*MICROSOFT[:5], *MICROSOFT[6:9]]

    (record,) = records(opened(write_csv(tmp_path, header, [row], "cp1252", ";")))

    assert (record.respondent, record.answer.split) == ("2", TimeSplit(planned=30, defect=8.5))


def test_anonymous_google_rows_get_a_respondent_that_is_the_same_in_the_same_file(tmp_path: Path) -> None:
    rows = [google_row(email="")] * 2 + [google_row(MONDAY, email="")]
    file = opened(write_csv(tmp_path, GOOGLE, rows))

    first = [record.respondent for record in records(file)]

    assert len(set(first)) == 3
    assert first[1] == first[0].removesuffix("1") + "2"
    assert first == [record.respondent for record in records(file)]


PERCENT = ["Timestamp", "Email", "Planned work (%)", "Other BAU (%)", "Hours available"]


def test_percent_are_parts_of_the_hours_available(tmp_path: Path) -> None:
    rows = [[FRIDAY, "a@b.org", "60", "40%", "30"], [FRIDAY, "c@d.org", "60 %", "20", ""]]
    found = records(opened(write_csv(tmp_path, PERCENT, rows)))

    assert [(each.answer.split, each.answer.hours_available) for each in found] == [
        (TimeSplit(planned=18, other_bau=12), 30),
        (TimeSplit(planned=24, other_bau=8), 40),
    ]


def test_percent_written_as_parts_of_one_are_recognised_over_the_whole_column(tmp_path: Path) -> None:
    rows = [[FRIDAY, "a@b.org", "0.6", "0.4", ""], [FRIDAY, "c@d.org", "1", "0", ""]]
    file = opened(write_csv(tmp_path, PERCENT, rows))

    assert [each.answer.split.planned for each in records(file)] == [24, 40]
    assert any("0.6 for 60 %" in note for note in file.layout.notes)


def test_a_small_percentage_among_large_ones_stays_small(tmp_path: Path) -> None:
    rows = [[FRIDAY, "a@b.org", "1", "99", ""], [FRIDAY, "c@d.org", "100", "0", ""]]

    assert records(opened(write_csv(tmp_path, PERCENT, rows)))[0].answer.split.planned == pytest.approx(0.4)


@pytest.mark.parametrize(("whole", "parts"), [("100", ("75", "25")), ("1", ("0.75", "0.25"))])
def test_numbers_that_always_add_up_to_a_whole_are_shares_whatever_the_header(
    tmp_path: Path, whole: str, parts: tuple[str, str]
) -> None:
    header = ["Timestamp", "Email", "Planned work", "Other BAU"]
    file = opened(write_csv(tmp_path, header, [[FRIDAY, "a@b.org", *parts], [FRIDAY, "c@d.org", whole, "0"]]))

    assert [each.answer.split for each in records(file)] == [TimeSplit(planned=30, other_bau=10), TimeSplit(planned=40)]
    assert any(f"add up to {whole}" in note for note in file.layout.notes)


def test_shares_of_over_a_hundred_are_a_problem(tmp_path: Path) -> None:
    found = problem(opened(write_csv(tmp_path, PERCENT, [[FRIDAY, "a@b.org", "60", "70", ""]])))

    assert (found.line, found.column) == (2, "Planned work (%)")
    assert "130 %" in found.message


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        (3, "-5", "can't be negative"),
        (3, "101", "is more than a week has"),
        (3, "lots", "no amount of time"),
        (0, "soon", "no date that can be read"),
        (0, "", "says no week"),
        (0, "1980-01-01 00:00:00", "no real date"),
        (8, "maybe", "neither yes nor no"),
    ],
)
def test_a_row_that_cannot_be_right_is_a_problem_with_its_line_column_and_reason(
    tmp_path: Path, column: int, value: str, message: str
) -> None:
    bad = google_row(**{GOOGLE[column]: value})
    found = problem(opened(write_csv(tmp_path, GOOGLE, [google_row(), bad, google_row()])))

    assert (found.line, found.column, found.row) == (3, GOOGLE[column], tuple(bad))
    assert message in found.message


def test_a_row_without_any_hours_is_a_problem_unless_its_person_was_away(tmp_path: Path) -> None:
    nothing = google_row(**dict.fromkeys(GOOGLE[3:7], ""))
    header = [*GOOGLE, "Were you away all week?"]
    found = list(opened(write_csv(tmp_path, header, [[*nothing, "Yes"], [*nothing, "No"]])))

    assert isinstance(found[0], AnswerRecord)
    assert found[0].answer.away
    assert isinstance(found[1], Problem)


def test_unknown_complaints_and_long_comments_are_told_before_anything_is_stored(tmp_path: Path) -> None:
    row = google_row(**{GOOGLE[7]: "Deployments, The printer", GOOGLE[9]: "x" * 300})
    file = opened(write_csv(tmp_path, GOOGLE, [row]))

    assert any("“The printer”" in note for note in file.layout.notes)
    assert any("280 characters are cut: 1" in note for note in file.layout.notes)
    assert len(records(file)[0].answer.comment) == 280


def test_what_was_not_asked_is_none_rather_than_no(tmp_path: Path) -> None:
    header = ["Timestamp", "Email", "Planned work (hours)", "BAU (hours)"]
    (record,) = records(opened(write_csv(tmp_path, header, [[FRIDAY, "a@b.org", "30", "8"]])))

    assert (record.answer.excessive, record.answer.deferred) == (None, None)


def test_a_file_that_is_not_recognised_asks_for_a_mapping_and_shows_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path, ["RespondentID", "Gender", "Age"], [["1", "x", "> 60"]])

    with pytest.raises(
        UnreadableInput, match=r"“RespondentID”, “Gender”, “Age”.*mapping.*\{\"columns\": \{\"planned\""
    ):
        opened(path)


def test_a_second_header_row_of_another_tool_is_never_taken_for_an_answer(tmp_path: Path) -> None:
    rows = [["", "Response", "Response"], ["3237565956", "30", "8"]]
    path = write_csv(tmp_path, ["Respondent ID", "What did you do?", "And then?"], rows)

    with pytest.raises(UnreadableInput, match="mapping"):
        opened(path)


def test_a_file_without_any_week_asks_for_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path, ["Email", "Planned work", "BAU"], [["a@b.org", "30", "8"]])

    with pytest.raises(UnreadableInput, match="which week"):
        opened(path)
    assert records(opened(path, week=WEEK_47))[0].week == WEEK_47


def test_two_columns_for_one_thing_are_asked_about(tmp_path: Path) -> None:
    path = write_csv(tmp_path, [*GOOGLE, "Any comments?", "Comments"], [[*google_row(), "a", "b"]])

    with pytest.raises(UnreadableInput, match="“Anything else\\?”, “Comments” could all be “comment”"):
        opened(path)
    mapping = Mapping({"comment": "Any comments?"})
    assert records(opened(path, mapping))[0].answer.comment == "a"


def test_a_mapping_reads_any_table(tmp_path: Path) -> None:
    header = ["who", "wk", "feature", "toil", "notes", "notes"]
    mapping = Mapping(
        {"email": "who", "week": "wk", "planned": "feature", "other_bau": "toil", "comment": "notes (2)"},
        unit=Unit.PERCENT,
    )
    file = opened(write_csv(tmp_path, header, [["a@b.org", "2026-W47", "70", "30", "x", "y"]]), mapping)

    (record,) = records(file)

    assert file.layout.tool == "table"
    assert dict(file.layout.columns) == {
        "week": "wk",
        "email": "who",
        "planned": "feature",
        "other_bau": "toil",
        "comment": "notes (2)",
    }
    assert record.answer == Answer(TimeSplit(planned=28, other_bau=12), hours_available=40, excessive=None, comment="y")


def test_a_mapping_to_a_column_the_file_does_not_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="“Nope”, which the file doesn't have"):
        opened(write_csv(tmp_path, GOOGLE, [google_row()]), Mapping({"planned": "Nope"}))


def test_a_mended_list_of_rejects_reads_like_the_original(tmp_path: Path) -> None:
    bad = google_row(**{GOOGLE[3]: "lots", GOOGLE[9]: "=fine"})
    file = opened(write_csv(tmp_path, GOOGLE, [google_row(), bad]))
    rejects = tmp_path / "rejects.csv"
    write_rejects(rejects, file.layout, [each for each in file if isinstance(each, Problem)])

    rejects.write_bytes(rejects.read_bytes().replace(b"lots,", b"30,", 1))
    (record,) = records(opened(rejects))

    assert (record.answer.split.planned, record.answer.comment) == (30, "=fine")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6), min_size=1, max_size=13),
        max_size=8,
    )
)
def test_every_row_of_any_file_is_a_record_or_a_problem(tmp_path: Path, rows: list[list[str]]) -> None:
    path = write_csv(tmp_path, GOOGLE, [google_row(), *rows])
    with path.open(encoding="utf-8", newline="") as file:
        given_rows = sum(any(cells) for cells in csv.reader(file)) - 1

    assert len(list(opened(path, Mapping(date_order=DateOrder.DAY)))) == given_rows


def peak_memory(path: Path) -> int:
    tracemalloc.start()
    try:
        assert all(isinstance(each, AnswerRecord) for each in opened(path))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_stays_flat_however_many_rows_there_are(tmp_path: Path) -> None:
    few, many = tmp_path / "few", tmp_path / "many"
    few.mkdir()
    many.mkdir()
    row = google_row(**{GOOGLE[9]: "a comment of some length, as people write them"})

    least = peak_memory(write_csv(few, GOOGLE, [row] * 500))
    most = peak_memory(write_csv(many, GOOGLE, [row] * 10_000))

    assert most < 5_000_000
    assert most < least * 8
