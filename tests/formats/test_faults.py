from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import AnswerRecord, Problem
from bau_tracker.formats.answers import open_answers
from bau_tracker.formats.faults import LONGEST, MOST_ROWS, Faults
from bau_tracker.formats.item_rows import ItemReading, ItemRows
from bau_tracker.formats.own_answers import OWN_COLUMNS, OwnRows
from bau_tracker.formats.trackers import recognise_tracker

BERLIN = ZoneInfo("Europe/Berlin")
SURVEY = ("Timestamp", "Week", "Planned hours", "Defects hours", "Callouts", "Put off")
SOUND = ("2026-11-20 09:00:00", "2026-W47", "30", "8", "1", "no")
SPOILT = ("someday", "W", "x", "-2", "500", "perhaps")
OWN = dict.fromkeys(OWN_COLUMNS, "") | {
    "team": "search", "week": "2026-W47", "email": "ada@example.org", "status": "submitted", "planned": "30",
}  # fmt: skip
OWN_SPOILT = {
    "week": "W", "status": "perhaps", "planned": "x", "defect": "-2", "callouts": "500", "excessive": "noise",
    "deferred": "perhaps", "answered_at": "someday", "hours_available": "400",
}  # fmt: skip


def read_survey(path: Path, header: tuple[str, ...], *rows: tuple[str, ...]) -> list[AnswerRecord | Problem]:
    path.write_text("".join(";".join(row) + "\n" for row in (header, *rows)))
    return list(open_answers(path, zone=BERLIN, default_hours=40))


def read_own(changed: dict[str, str]) -> AnswerRecord | Problem:
    return OwnRows(OWN_COLUMNS, None).read(2, list((OWN | changed).values()))


def read_item(row: dict[str, str]) -> Problem:
    tracker, columns = recognise_tracker(list(row))
    found = ItemRows(ItemReading(tracker, list(row), columns, BERLIN)).read(2, list(row.values()))
    assert isinstance(found, Problem)
    return found


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("faults") / "survey.csv"


@given(st.sets(st.integers(0, len(SURVEY) - 1)))
def test_all_spoilt_cells_of_an_answer_are_named_and_no_others(survey: Path, spoilt: set[int]) -> None:
    row = tuple(SPOILT[at] if at in spoilt else text for at, text in enumerate(SOUND))

    *_, found = read_survey(survey, SURVEY, SOUND, row)

    named = set(found.column.split("; ")) if isinstance(found, Problem) else set()
    assert named == {SURVEY[at] for at in spoilt}


@given(st.sets(st.sampled_from(sorted(OWN_SPOILT))))
def test_all_spoilt_cells_of_our_own_export_are_named_and_no_others(spoilt: set[str]) -> None:
    found = read_own({name: OWN_SPOILT[name] for name in spoilt})

    named = set(found.column.split("; ")) if isinstance(found, Problem) else set()
    assert named == spoilt


def test_the_reason_says_of_each_column_what_is_wrong_with_it(survey: Path) -> None:
    *_, found = read_survey(survey, SURVEY, SOUND, ("2026-11-20 09:00:00", "2026-W47", "lots", "8", "1", "perhaps"))

    assert isinstance(found, Problem)
    assert found.column == "Planned hours; Put off"
    assert found.message == (
        "“Planned hours”: “lots” is no amount of time. Write hours such as 2 or 2.5. "
        "“Put off”: “perhaps” is neither yes nor no."
    )


def test_a_single_fault_is_told_as_it_is() -> None:
    assert read_own({"deferred": "perhaps"}) == Problem(
        2, "deferred", "“perhaps” is neither yes nor no.", tuple((OWN | {"deferred": "perhaps"}).values())
    )


def test_too_many_hours_in_all_are_told_together_with_a_week_that_cannot_be_read(survey: Path) -> None:
    *_, found = read_survey(survey, SURVEY, SOUND, ("2026-11-20 09:00:00", "W", "60", "60", "", ""))

    assert isinstance(found, Problem)
    assert "120 hours in one week can't be right" in found.message
    assert "“Week”: “W” is no week" in found.message


def test_hours_of_somebody_who_was_away_are_told_together_with_other_faults() -> None:
    found = read_own({"status": "away", "answered_at": "someday"})

    assert isinstance(found, Problem)
    assert found.column == "away; answered_at"


def test_a_whole_week_in_percent_is_no_fault_beside_others(survey: Path) -> None:
    header = ("Week", "Planned work (%)", "Defects (%)", "Put off")
    whole = [("2026-W47", share, "0 %", "perhaps") for share in ("100 %", "101 %")]

    sound, over = read_survey(survey, header, *whole)

    assert isinstance(sound, Problem)
    assert isinstance(over, Problem)
    assert (sound.column, over.column) == ("Put off", "Planned work (%); Put off")


def test_an_answer_without_hours_is_told_as_that_only(survey: Path) -> None:
    *_, found = read_survey(survey, SURVEY, SOUND, ("2026-11-20 09:00:00", "2026-W47", "0", "0", "", ""))

    assert isinstance(found, Problem)
    assert (found.column, found.message) == (
        "Planned hours",
        "No hours are placed. Place them, or send “Away all week”.",
    )


def test_all_spoilt_cells_of_an_item_are_named() -> None:
    spoilt = {"key": "", "fields.summary": "", "fields.created": "someday", "fields.updated": "soon"}

    found = read_item(spoilt | {"fields.timespent": "x"})

    assert set(found.column.split("; ")) == {*spoilt, "fields.timespent"}
    assert "“fields.created”: “someday”" in found.message


def test_a_date_that_cannot_be_read_is_not_missed_too_by_the_time_spent() -> None:
    found = read_item({"key": "A-1", "fields.summary": "Broken", "fields.created": "someday", "fields.timespent": "60"})

    assert found.column == "fields.created"


def test_what_is_left_out_on_purpose_is_not_blamed_for_its_cells() -> None:
    found = read_item(
        {"number": "4", "title": "", "html_url": "", "pull_request.url": "https://api.github.com/repos/a/b/pulls/4"}
    )

    assert "so it is left out" in found.message
    assert found.column == ""


@given(st.lists(st.tuples(st.text(max_size=300), st.text(max_size=600)), min_size=2, max_size=30))
def test_a_reason_never_grows_over_what_is_kept(faults: list[tuple[str, str]]) -> None:
    first, *others = [InvalidInput(message, field) for field, message in faults]

    found = Faults(str).problem(2, ("a",), first, lambda: others)

    assert len(found.message) <= max(LONGEST, len(first.message))


def test_of_very_many_rejected_rows_the_last_name_one_fault_each() -> None:
    faults, first, others = Faults(str), InvalidInput("x", "a"), [InvalidInput("y", "b")]

    found = [faults.problem(2, (), first, lambda: others).column for _ in range(MOST_ROWS + 1)]

    assert set(found[:-1]) == {"a; b"}
    assert found[-1] == "a"
