import os
from pathlib import Path

import pytest

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import DateOrder, Mapping, Unit
from bau_tracker.formats.headers import ANSWER_FIELDS
from bau_tracker.formats.mapping import parse_mapping, read_mapping, read_people


def test_a_mapping_says_columns_unit_and_order_of_dates(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    path.write_text('\ufeff{"columns": {"planned": "Für uns"}, "unit": "percent", "date_order": "month"}', "utf-8")

    assert read_mapping(path) == Mapping({"planned": "Für uns"}, Unit.PERCENT, DateOrder.MONTH)


def test_a_mapping_says_how_the_file_is_written_and_that_all_rows_are_wanted() -> None:
    said = parse_mapping('{"encoding": "Windows-1250", "delimiter": "tab", "keep_all": true}')

    assert said == Mapping(encoding="cp1250", delimiter="\t", keep_all=True)


def test_the_mapping_in_the_documentation_is_one_and_all_fields_are_named_there() -> None:
    text = (Path(__file__).parents[2] / "docs" / "importing-answers.md").read_text("utf-8")
    shown = text.split("```json\n")[1].split("```")[0]

    assert parse_mapping(shown).columns["comment"] == "Notes (2)"
    assert [name for name in ANSWER_FIELDS if f"`{name}`" not in text.split("Fields are")[1]] == []


def test_everything_in_a_mapping_may_be_left_out() -> None:
    assert parse_mapping("{}") == Mapping()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "columns, unit, date_order"),
        ('{"planned": "x"}', "columns, unit, date_order"),
        ('{"columns": {"planned": 1}}', "names a column"),
        ('{"columns": []}', "names a column"),
        ('{"unit": "minutes"}', "hours, days, percent"),
        ('{"date_order": ["day"]}', "day, month"),
        ('{"encoding": "klingon"}', "no encoding"),
        ('{"delimiter": "x"}', "no delimiter"),
        ('{"keep_all": "yes"}', "true or false"),
    ],
)
def test_what_is_no_mapping_is_refused_with_how_to_write_one(text: str, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        parse_mapping(text)


def test_a_missing_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="can't be read"):
        read_mapping(tmp_path / "none.json")


def test_a_pipe_is_no_mapping(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableInput, match="is no file"):
        read_mapping(tmp_path / "pipe")


def test_a_very_large_mapping_is_refused_without_reading_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "map.json").write_bytes(b" " * 1_000_001)
    with pytest.raises(UnreadableInput, match="too large for a mapping"):
        read_mapping(tmp_path / "map.json")


def people(tmp_path: Path, text: str) -> dict[str, str]:
    path = tmp_path / "people.csv"
    path.write_text(text, "utf-8")
    return read_people(path)


def test_people_are_found_by_their_address_in_small_letters(tmp_path: Path) -> None:
    assert people(tmp_path, "Ours,Theirs\nada@here.org,Ada@There.org \n") == {"ada@there.org": "ada@here.org"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "columns theirs and ours"),
        ("theirs,ours\nx,\n", "line 2: both"),
        ("theirs,ours\nx,y\nX,z\n", "line 3: “x” already stands for “y”"),
    ],
)
def test_a_list_of_people_that_cannot_be_right_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        people(tmp_path, text)
