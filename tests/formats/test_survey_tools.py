from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import AnswerRecord, DateOrder, Mapping, Problem
from bau_tracker.domain.surveys import TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats import answer_rows
from bau_tracker.formats.answer_rows import week_answered
from bau_tracker.formats.answers import AnswerFile, inspect_answers, open_answers
from tests.survey_exports import (
    BERLIN,
    DEFERRED,
    EXCESSIVE,
    QUESTIONS,
    WRITERS,
    Given,
    Rows,
    google_forms,
    limesurvey,
    microsoft_forms,
    surveymonkey,
    typeform,
    write_csv,
    write_xlsx,
)

FRIDAY = datetime(2026, 11, 20, 14, tzinfo=UTC)
WEEK_47 = Week.parse("2026-W47")
ADA = Given(
    30,
    5,
    3,
    frozenset({Chip.DEPLOYMENTS, Chip.ALERTS}),
    deferred=True,
    comment="long week",
    email="ada@example.org",
    at=FRIDAY,
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=30)
HOURS = st.integers(0, 120).map(lambda quarters: quarters / 4)
ANSWERS = st.lists(
    st.builds(
        Given,
        planned=HOURS.map(lambda hours: hours + 0.5),
        defect=HOURS,
        overhead=HOURS,
        excessive=st.frozensets(st.sampled_from(Chip)),
        deferred=st.booleans(),
        comment=TEXT,
        email=st.sampled_from(["ada@example.org", "bob@example.org"]),
        at=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
            lambda at: at.replace(microsecond=0)
        ),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def opened(path: Path, mapping: Mapping | None = None, week: Week | None = None) -> AnswerFile:
    return open_answers(path, zone=BERLIN, default_hours=40.0, mapping=mapping, week=week)


def records(file: AnswerFile) -> list[AnswerRecord]:
    found = list(file)
    assert [each for each in found if isinstance(each, Problem)] == []
    return [each for each in found if isinstance(each, AnswerRecord)]


def written(tmp_path: Path, rows: Rows) -> Path:
    return write_csv(tmp_path / "survey.csv", rows)


def in_columns(rows: Rows, **changed: str) -> Rows:
    """Write other headings over some columns."""
    return [[changed.get(str(text), text) for text in rows[0]], *rows[1:]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(ANSWERS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("write", WRITERS)
def test_whatever_was_answered_comes_back_from_each_tools_export(
    tmp_path: Path, write: Callable[[Sequence[Given]], Rows], kind: str, answers: list[Given]
) -> None:
    rows = write(answers)
    path = write_csv(tmp_path / "a.csv", rows) if kind == "csv" else write_xlsx(tmp_path / "a.xlsx", rows)

    found = records(opened(path))

    for record, each in zip(found, answers, strict=True):
        assert record.answer.split == TimeSplit(planned=each.planned, defect=each.defect, overhead=each.overhead)
        assert record.answer.excessive == each.excessive
        assert record.answer.deferred is each.deferred
        assert record.answer.comment == each.comment.strip()
        assert (record.email, record.answered_at) == (each.email, each.at)
        assert record.week == week_answered(each.at, BERLIN)


@pytest.mark.parametrize(
    ("write", "tool", "header_rows", "said"),
    [
        (google_forms, "google_forms", 1, "“Timestamp” is a heading of Google Forms."),
        (microsoft_forms, "microsoft_forms", 1, "“Completion time” are headings of Microsoft Forms."),
        (typeform, "typeform", 1, "“#” and “Submit Date (UTC)” are headings of Typeform."),
        (surveymonkey, "surveymonkey", 2, "“Respondent ID” is a heading of SurveyMonkey."),
        (limesurvey, "limesurvey", 1, "“Response ID” and “Date submitted” are headings of LimeSurvey."),
    ],
)
def test_a_tool_is_told_by_its_headings_and_it_is_said_why(
    tmp_path: Path, write: Callable[[Sequence[Given]], Rows], tool: str, header_rows: int, said: str
) -> None:
    layout = opened(written(tmp_path, write([ADA]))).layout

    assert (layout.tool, layout.header_rows) == (tool, header_rows)
    assert layout.why.endswith(said)


@pytest.mark.parametrize("write", [each for each in WRITERS if each not in {surveymonkey, microsoft_forms}])
def test_the_order_of_the_columns_does_not_matter(tmp_path: Path, write: Callable[[Sequence[Given]], Rows]) -> None:
    rows = [list(reversed(row)) for row in write([ADA])]

    (record,) = records(opened(written(tmp_path, rows)))

    assert (record.answer.split.planned, record.answer.excessive) == (30, ADA.excessive)


@pytest.mark.parametrize(
    ("first", "email", "tool"),
    [
        ("Timestamp", "Username", "google_forms"),
        ("Zeitstempel", "E-Mail-Adresse", "google_forms"),
        ("Horodateur", "Adresse e-mail", "google_forms"),
        ("Marca temporal", "Dirección de correo electrónico", "google_forms"),
    ],
)
def test_google_forms_is_known_in_other_languages(tmp_path: Path, first: str, email: str, tool: str) -> None:
    rows = in_columns(google_forms([ADA]), **{"Timestamp": first, "Email Address": email})

    file = opened(written(tmp_path, rows))

    assert file.layout.tool == tool
    assert (records(file)[0].email, records(file)[0].answered_at) == (ADA.email, FRIDAY)


@pytest.mark.parametrize(
    "headings",
    [
        ("ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name", "Uhrzeit der letzten Änderung"),
        ("ID", "Heure de début", "Heure de fin", "Adresse de messagerie", "Nom", "Heure de la dernière modification"),
        ("ID", "Hora de inicio", "Hora de finalización", "Correo electrónico", "Nombre", "Idioma"),
    ],
)
def test_microsoft_forms_is_known_in_other_languages(tmp_path: Path, headings: tuple[str, ...]) -> None:
    rows = microsoft_forms([ADA])
    rows[0][:6] = headings

    file = opened(written(tmp_path, rows))

    assert file.layout.tool == "microsoft_forms"
    assert records(file)[0].email == ADA.email


@pytest.mark.parametrize(
    "headings",
    [
        ("Antwort ID", "Datum Abgeschickt", "Letzte Seite", "Start-Sprache"),
        ("ID de la réponse", "Date de soumission", "Dernière page", "Langue de départ"),
        ("id", "submitdate", "lastpage", "startlanguage"),
        ("id. Antwort ID", "submitdate. Datum Abgeschickt", "lastpage. Letzte Seite", "startlanguage. Start-Sprache"),
    ],
)
@pytest.mark.parametrize("delimiter", [";", ","])
def test_limesurvey_is_known_in_other_languages_and_by_its_codes(
    tmp_path: Path, headings: tuple[str, ...], delimiter: str
) -> None:
    rows = limesurvey([ADA])
    rows[0][:4] = headings

    file = opened(write_csv(tmp_path / "a.csv", rows, "utf-8-sig", delimiter))

    assert file.layout.tool == "limesurvey"
    assert (records(file)[0].answered_at, records(file)[0].answer.excessive) == (FRIDAY, ADA.excessive)


@pytest.mark.parametrize("heading", ["Date last action", "Date started"])
def test_where_the_moment_of_sending_was_left_out_another_one_stands_in(tmp_path: Path, heading: str) -> None:
    rows = in_columns(limesurvey([ADA]), **{"Date submitted": heading})

    assert records(opened(written(tmp_path, rows)))[0].answered_at == FRIDAY


def test_a_person_can_say_that_no_column_has_an_address(tmp_path: Path) -> None:
    (record,) = records(opened(written(tmp_path, microsoft_forms([ADA])), Mapping({"email": ""})))

    assert (record.email, record.respondent) == ("", "2")


def test_an_anonymous_answer_keeps_the_id_that_its_tool_gave_it(tmp_path: Path) -> None:
    nobody = Given(30, 5, 3, frozenset(), deferred=False, comment="", email="", at=FRIDAY)

    ids = {write.__name__: records(opened(written(tmp_path, write([nobody]))))[0].respondent for write in WRITERS[1:]}

    assert ids == {
        "microsoft_forms": "2",
        "typeform": "0" * 32,
        "typeform_of_old": "0" * 32,
        "surveymonkey": "11000000001",
        "limesurvey": "1",
        "limesurvey_with_codes": "1",
    }


def unfinished(rows: Rows, **cells: str) -> Rows:
    """Write the last row again, with other cells by heading."""
    return [*rows, [cells.get(str(name), value) for name, value in zip(rows[0], rows[-1], strict=True)]]


@pytest.mark.parametrize(
    ("write", "cells"),
    [
        (typeform, {"Response Type": "partial", "Submit Date (UTC)": ""}),
        (typeform, {"Response Type": "started"}),
        (limesurvey, {"Date submitted": ""}),
    ],
)
def test_an_unfinished_answer_is_left_out_with_a_reason_unless_all_are_wanted(
    tmp_path: Path, write: Callable[[Sequence[Given]], Rows], cells: dict[str, str]
) -> None:
    path = written(tmp_path, unfinished(write([ADA]), **cells))

    whole, part = opened(path)

    assert isinstance(whole, AnswerRecord)
    assert isinstance(part, Problem)
    assert part.line == 3
    assert "never sent" in part.message
    assert "keep_all" in part.message
    assert any("left out: 1" in note for note in opened(path).layout.notes)
    assert len(records(opened(path, Mapping(keep_all=True), WEEK_47))) == 2


def test_an_unfinished_answer_that_is_wanted_is_placed_by_when_it_was_begun(tmp_path: Path) -> None:
    path = written(tmp_path, unfinished(typeform([ADA]), **{"Submit Date (UTC)": "", "Response Type": "partial"}))

    assert records(opened(path, Mapping(keep_all=True)))[1].week == WEEK_47


def test_typeforms_times_are_in_utc_wherever_the_team_is(tmp_path: Path) -> None:
    file = opened(written(tmp_path, typeform([ADA])))

    assert records(file)[0].answered_at == FRIDAY
    assert "Times are in UTC, as the tool writes them." in file.layout.notes


def test_an_option_that_a_person_wrote_is_told_and_not_lost_among_the_known_ones(tmp_path: Path) -> None:
    rows = unfinished(typeform([ADA]), Other="The coffee machine")
    file = opened(written(tmp_path, rows))

    assert [record.answer.excessive for record in records(file)] == [ADA.excessive] * 2
    assert any("“The coffee machine”" in note for note in file.layout.notes)


def test_hours_of_capacity_are_not_taken_for_a_tick(tmp_path: Path) -> None:
    rows: Rows = [
        ["Timestamp", "Planned work", "Capacity", "Deployments"],
        ["2026-11-20 10:00", "30", "4", "Deployments"],
    ]

    (record,) = records(opened(written(tmp_path, rows)))

    assert record.answer.split == TimeSplit(planned=30, capacity=4)
    assert record.answer.excessive == frozenset({Chip.DEPLOYMENTS})


def test_a_person_can_say_that_one_column_holds_all_that_was_ticked(tmp_path: Path) -> None:
    rows = limesurvey([ADA])
    rows = [[*row, cell] for row, cell in zip(rows, ["Trouble", "Noisy alerts"], strict=True)]

    (record,) = records(opened(written(tmp_path, rows), Mapping({"excessive": "Trouble"})))

    assert record.answer.excessive == frozenset({Chip.ALERTS})


def test_a_guessed_column_of_options_can_be_told_back_without_losing_the_others(tmp_path: Path) -> None:
    path = written(tmp_path, limesurvey([ADA]))
    guess = inspect_answers(path, zone=BERLIN, default_hours=40.0).guesses["excessive"]

    (record,) = records(opened(path, Mapping({"excessive": guess.column})))

    assert record.answer.excessive == ADA.excessive


def test_surveymonkeys_second_row_is_no_answer_and_its_questions_are_whole(tmp_path: Path) -> None:
    file = opened(written(tmp_path, surveymonkey([ADA])))

    assert [record.line for record in records(file)] == [3]
    assert file.layout.header[6:8] == (
        f"How did your week split? [{QUESTIONS[0]}]",
        f"How did your week split? [{QUESTIONS[1]}]",
    )
    assert DEFERRED in file.layout.header
    assert f"{EXCESSIVE} [Deployments]" in file.layout.header


def test_surveymonkeys_second_row_makes_no_heading_longer_than_is_read(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    write_csv(path, [["Respondent ID", "Where did time go?", ""], ["", "Planned", "x" * 3_000], ["1", "30", "5"]])
    with pytest.raises(UnreadableInput, match="column 3 of the file has 3,021 characters"):
        inspect_answers(path, zone=BERLIN, default_hours=40.0)


def test_surveymonkeys_second_row_may_be_missing(tmp_path: Path) -> None:
    rows: Rows = [["RespondentID", "EndDate", *QUESTIONS], ["7", "11/20/2026 03:00:00 PM", "30", "5", "3"]]
    file = opened(written(tmp_path, rows))

    assert file.layout.header_rows == 1
    assert (records(file)[0].respondent, records(file)[0].answered_at) == ("7", FRIDAY)


def test_a_file_that_is_mended_from_rejects_of_surveymonkey_reads_as_before(tmp_path: Path) -> None:
    rows = surveymonkey([ADA])
    file = opened(written(tmp_path, rows))
    once: Rows = [list(file.layout.header), rows[2]]

    (record,) = records(opened(write_csv(tmp_path / "again.csv", once)))

    assert record.answer == records(file)[0].answer


HIDDEN = "1980-01-01 00:00:00"


def test_hidden_dates_are_no_dates_so_the_week_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, [limesurvey([ADA])[0], unfinished(limesurvey([ADA]), **{"Date submitted": HIDDEN})[2]])

    with pytest.raises(UnreadableInput, match="hides when answers were given"):
        opened(path)
    (record,) = records(opened(path, week=WEEK_47))

    assert (record.week, record.answered_at) == (WEEK_47, None)


def test_hidden_dates_do_no_harm_beside_a_question_for_the_week(tmp_path: Path) -> None:
    header, _, row = unfinished(limesurvey([ADA]), **{"Date submitted": HIDDEN})

    (record,) = records(opened(written(tmp_path, [[*header, "Which week?"], [*row, "2026-W46"]])))

    assert (str(record.week), record.answered_at) == ("2026-W46", None)


@pytest.mark.parametrize(
    ("header", "row", "split", "note"),
    [
        (["Planned (%)"], ["60"], TimeSplit(planned=24, other_bau=16), "unplanned work, so the rest"),
        (["Planned share"], ["0.6"], TimeSplit(planned=24, other_bau=16), "unplanned work, so the rest"),
        (["Planned"], ["60 %"], TimeSplit(planned=24, other_bau=16), "unplanned work, so the rest"),
        (["Unplanned (%)"], ["25%"], TimeSplit(planned=30, other_bau=10), "planned work, so what the others leave"),
        (["Planned (%)", "Overhead (%)"], ["60", "10"], TimeSplit(planned=24, other_bau=12, overhead=4), "so the rest"),
    ],
)  # fmt: skip
def test_a_single_share_of_the_week_says_what_the_rest_is_and_a_note_tells(
    tmp_path: Path, header: list[str], row: list[str], split: TimeSplit, note: str
) -> None:
    file = opened(written(tmp_path, [["Timestamp", *header], ["2026-11-20 10:00", *row]]))

    assert records(file)[0].answer.split == split
    assert any(note in each for each in file.layout.notes)


def test_a_blank_share_is_no_week_of_unplanned_work(tmp_path: Path) -> None:
    rows: Rows = [
        ["Timestamp", "Planned (%)", "Comment"],
        ["2026-11-20 10:00", "60", ""],
        ["2026-11-20 10:00", "", "?"],
    ]

    _, blank = opened(written(tmp_path, rows))

    assert isinstance(blank, Problem)


def test_whoever_was_away_has_no_rest_of_the_week(tmp_path: Path) -> None:
    header: list[object] = ["Timestamp", "Planned (%)", "Were you away all week?"]

    (record,) = records(opened(written(tmp_path, [header, ["2026-11-20 10:00", "0", "Yes"]])))

    assert record.answer.away


def test_more_anonymous_rows_than_can_be_told_apart_are_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_rows, "MOST_ANONYMOUS", 2)
    at = "2026-11-20 10:00"
    rows: Rows = [["Timestamp", "Planned", "BAU"], [at, 30, 5], [at, 31, 5], [at, 30, 5], [at, 32, 5]]

    found = list(opened(written(tmp_path, rows)))

    assert [isinstance(each, Problem) for each in found] == [False, False, False, True]


def test_planned_hours_alone_ask_for_the_unplanned_work_and_percent_can_be_told(tmp_path: Path) -> None:
    path = written(tmp_path, [["Timestamp", "Planned"], ["2026-11-20 10:00", "30"], ["2026-11-20 10:00", "80"]])

    with pytest.raises(UnreadableInput, match="“Planned” is the planned share"):
        opened(path)


def test_dates_that_contradict_each_other_can_be_told_an_order_and_the_rest_are_problems(tmp_path: Path) -> None:
    rows: Rows = [["Timestamp", "Planned", "BAU"], ["28/9/2026", "30", "5"], ["9/28/2026", "30", "5"]]
    path = written(tmp_path, rows)

    with pytest.raises(UnreadableInput, match=r"“28/9/2026” \(day first\) and “9/28/2026” \(month first\)"):
        opened(path)
    first, second = opened(path, Mapping(date_order=DateOrder.DAY))

    assert isinstance(first, AnswerRecord)
    assert isinstance(second, Problem)


ODD = ["", "x", "-1", "1980-01-01", "9/6/2018", "60 %", "partial", "\n", "=1", "100", "Timestamp", "Respondent ID"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.data())
@pytest.mark.parametrize("write", WRITERS)
def test_no_change_to_an_export_makes_a_row_disappear(
    tmp_path: Path, write: Callable[[Sequence[Given]], Rows], data: st.DataObject
) -> None:
    rows = [[str(cell) for cell in row] for row in write([ADA, ADA, ADA])]
    for _ in range(data.draw(st.integers(1, 6))):
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        column = data.draw(st.integers(0, len(row) - 1)) if row else 0
        new = data.draw(st.sampled_from(ODD) | TEXT)
        row[column : column + data.draw(st.integers(0, 2))] = [new] * data.draw(st.integers(0, 2))
    path = written(tmp_path, [list(row) for row in rows])
    try:
        inspection = inspect_answers(path, zone=BERLIN, default_hours=40.0)
    except UnreadableInput:
        return
    given_rows = sum(any(row) for row in rows) - inspection.layout.header_rows

    assert inspection.rows == given_rows
    if not inspection.questions:
        assert len(list(opened(path))) == given_rows


@pytest.mark.parametrize("heading", ["Start Date", "Date Modified", "Date Created"])
def test_a_trimmed_surveymonkey_export_is_dated_by_the_time_that_is_left(tmp_path: Path, heading: str) -> None:
    path = tmp_path / "survey.csv"
    path.write_text(f"Respondent ID,{heading},Planned hours,Defects hours\n7,11/20/2026 09:00:00 AM,30,8\n")

    (found,) = open_answers(path, zone=BERLIN, default_hours=40)

    assert isinstance(found, AnswerRecord)
    assert (str(found.week), found.respondent) == ("2026-W47", "7")
