from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import AnswerRecord, Problem
from bau_tracker.formats.answers import AnswerFile, open_answers
from bau_tracker.formats.decimals import Decimals, Thousands, amounts_with
from bau_tracker.formats.values import parse_amount


def seen(*numbers: str) -> dict[str, Thousands]:
    decimals = Decimals({"planned": 0})
    for number in numbers:
        decimals.see([number])
    return decimals.thousands()


def opened(path: Path, *planned: str) -> AnswerFile:
    rows = (f"2026-W47;{number};8" for number in planned)
    path.write_text("\n".join(("Week;Planned hours;Defects hours", *rows)), encoding="utf-8")
    return open_answers(path, zone=ZoneInfo("Europe/Berlin"), default_hours=40)


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    return tmp_path / "survey.csv"


def test_a_column_with_decimal_commas_has_thousands_with_a_point(survey: Path) -> None:
    file = opened(survey, "22,5", "1.020")
    good, bad = file

    assert isinstance(good, AnswerRecord)
    assert good.answer.split.planned == 22.5
    assert isinstance(bad, Problem)
    assert "1020 hours is more than a week has" in bad.message
    assert "“Planned hours” has decimals with a comma, so the point in 1.020 parts off thousands." in file.layout.notes


def test_a_column_with_both_marks_leaves_the_number_to_who_wrote_it(survey: Path) -> None:
    file = opened(survey, "22,5", "22.5", "1.020")
    *good, bad = file

    assert all(isinstance(row, AnswerRecord) for row in good)
    assert isinstance(bad, Problem)
    assert "“1.020” could be 1.020 or 1020" in bad.message
    assert any("it isn't known what numbers such as 1.020 mean" in note for note in file.layout.notes)


@pytest.mark.parametrize("numbers", [("1.020",), ("1.020", "22.5"), ("7,125", "22,5"), ("0.125", "7.125")])
def test_where_nothing_speaks_against_it_three_digits_are_decimals(survey: Path, numbers: tuple[str, ...]) -> None:
    file = opened(survey, *numbers)

    assert all(isinstance(row, AnswerRecord) for row in file)
    assert not [note for note in file.layout.notes if "thousands" in note]


@pytest.mark.parametrize(
    ("numbers", "thousands"),
    [
        (("22,5", "1.020"), Thousands.POINT),
        (("22.5 h", "1,020 h"), Thousands.COMMA),
        (("0,125", "1.020"), Thousands.POINT),
        (("1.020", "1,020"), Thousands.UNKNOWN),
    ],
)
def test_the_other_numbers_of_a_column_say_what_a_mark_means(numbers: tuple[str, ...], thousands: Thousands) -> None:
    assert seen(*numbers) == {"planned": thousands}


def test_thousands_are_read_with_their_decimals_and_units() -> None:
    read = amounts_with(Thousands.POINT)

    assert read("1.020,5 h") == parse_amount("1020,5 h")
    assert read(" 1.020 %") == parse_amount("1020 %")
    assert read("22,5") == parse_amount("22,5")


@given(st.lists(st.text("0123456789.,+- h%e", max_size=12)), st.text("0123456789.,+- h%e", max_size=12))
def test_no_number_is_read_as_anything_but_what_it_says_with_or_without_its_mark(column: list[str], text: str) -> None:
    thousands = seen(*column).get("planned")
    try:
        found = amounts_with(thousands)(text)
    except InvalidInput:
        return

    assert found in [parse_amount(said) for said in (text.replace(thousands or "?", ""), text) if is_amount(said)]


def is_amount(text: str) -> bool:
    try:
        parse_amount(text)
    except InvalidInput:
        return False
    return True
