import struct
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats import workbooks
from bau_tracker.formats.tables import open_table
from tests.workbook_parts import make_workbook, rewrite


def test_cells_come_out_as_one_would_write_them_in_csv(tmp_path: Path) -> None:
    row = [datetime(2026, 2, 15, 14, 3, 11), date(2026, 2, 15), time(1, 30), timedelta(hours=30), 2.0, 2.5, True, "x"]  # noqa: DTZ001
    path = make_workbook(tmp_path / "a.xlsx", {"S": [list("abcdefgh"), row]})

    assert list(open_table(path)) == [
        (2, ["2026-02-15 14:03:11", "2026-02-15", "01:30:00", "30:00:00", "2", "2.5", "yes", "x"], "")
    ]


def test_a_workbook_is_recognised_whatever_it_is_called(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"S": [["a"], ["1"]]})

    assert open_table(path.rename(tmp_path / "a.csv")).header == ("a",)


@pytest.mark.parametrize("name", ["Form Responses 1", "Formularantworten 2", "Réponses au formulaire 1"])
def test_the_sheet_of_form_responses_is_chosen_and_the_others_are_mentioned(tmp_path: Path, name: str) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"Notes": [["n"]], name: [["a"], ["1"]]})

    table = open_table(path)

    assert table.header == ("a",)
    assert table.notes == (f"Only the sheet “{name}” is read, of 2.",)


def test_a_hidden_sheet_is_passed_over(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"Shown": [["a"]], "Other": [["b"]]}, hidden="Other")

    assert open_table(path).notes == ()


def test_rows_keep_the_number_they_have_in_the_sheet(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"S": [[], ["a"], [], ["1"]]})

    assert list(open_table(path)) == [(4, ["1"], "")]


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")

    with pytest.raises(UnreadableInput, match=r"no \.xlsx workbook"):
        open_table(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"S": [["a"]]})
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 1_000)

    with pytest.raises(UnreadableInput, match="too large"):
        open_table(path)


def test_a_part_that_unpacks_to_suspiciously_much_is_refused(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"S": [["a"]]})
    rewrite(path, "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 30_000_000)

    with pytest.raises(UnreadableInput, match="suspiciously"):
        open_table(path)


def test_a_part_that_is_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"S": [["a"]]})
    rewrite(path, "xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 1_000_000)
    size = struct.pack("<L", 1_000_011)
    path.write_bytes(path.read_bytes().replace(size, struct.pack("<L", 100)))

    with pytest.raises(UnreadableInput, match="larger than it says"):
        open_table(path)


def test_a_single_cell_in_the_last_corner_does_not_take_all_memory(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"S": [["a"]]})
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    rewrite(path, "xl/worksheets/sheet1.xml", sheet.replace(b'<c r="A1"', b'<c r="XFD1048576"'))

    with pytest.raises(UnreadableInput, match="1,048,576 rows and 16,384 columns"):
        open_table(path)


def test_a_broken_sheet_is_refused(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"S": [["a"]]})
    rewrite(path, "xl/workbook.xml", b"<workbook")

    with pytest.raises(UnreadableInput, match=r"damaged|no sheet"):
        open_table(path)
