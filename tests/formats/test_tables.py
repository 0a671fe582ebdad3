from pathlib import Path

import pytest

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats import encodings, tables
from bau_tracker.formats.tables import LONGEST_HEADER, LONGEST_HEADING, MOST_COLUMNS, open_table
from tests.patience import not_endless
from tests.workbook_parts import make_workbook


def write(tmp_path: Path, content: bytes, name: str = "survey.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_rows(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"Team{delimiter}Was fällt auf?\r\nzug{delimiter}“schön”\r\n"
    marked = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    table = open_table(write(tmp_path, marked + text.encode(encoding)))

    assert table.header == ("Team", "Was fällt auf?")
    assert list(table) == [(2, ["zug", "“schön”"], "")]
    assert table.delimiter == delimiter


def test_windows_1252_is_said_in_the_notes(tmp_path: Path) -> None:
    assert "windows-1252" in open_table(write(tmp_path, "a,b\nfür,x\n".encode("cp1252"))).notes[0]


def test_a_stray_byte_late_in_the_file_still_decides_the_encoding(tmp_path: Path) -> None:
    content = b"a,b\n" + b"x,y\n" * 400_000 + "für,z\n".encode("cp1252")

    assert [row for row in open_table(write(tmp_path, content)) if row[1][1] == "z"] == [(400_002, ["für", "z"], "")]


def test_bytes_of_no_encoding_are_replaced_and_said_so(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, b"a,b\nf\x81r,x\n"))

    assert list(table) == [(2, ["f�r", "x"], "")]
    assert "�" in table.notes[0]


def test_repeated_and_empty_headers_are_kept_and_cleaned(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, "Labels,Labels,,\u00a0Hours\u00a0 spent ,Labels\n1,2,3,4,5\n".encode()))

    assert table.header == ("Labels", "Labels", "", "Hours spent", "Labels")
    assert list(table) == [(2, ["1", "2", "3", "4", "5"], "")]


def test_commas_inside_the_questions_of_a_semicolon_file_do_not_split_it(tmp_path: Path) -> None:
    content = 'Team;"What, if anything, took too long, and why";Hours\na;"x, y, z";2,5\nb;;1\n'

    table = open_table(write(tmp_path, content.encode()))

    assert table.header == ("Team", "What, if anything, took too long, and why", "Hours")
    assert [cells for _, cells, _ in table] == [["a", "x, y, z", "2,5"], ["b", "", "1"]]


def test_semicolons_in_a_quoted_question_do_not_split_a_comma_file(tmp_path: Path) -> None:
    content = 'Team,"Kinds; a; b; c; d; e",Hours\nx,y,1\nx,y,2\n'

    assert len(open_table(write(tmp_path, content.encode())).header) == 3


def test_lines_are_counted_where_a_row_starts_across_newlines_in_cells_and_blank_lines(tmp_path: Path) -> None:
    content = b'a,b\r\n"one\r\ntwo",x\n\n\nthree,y\r\n,\nfour,z\r\n'

    assert [(line, cells[0]) for line, cells, _ in open_table(write(tmp_path, content))] == [
        (2, "one\r\ntwo"),
        (6, "three"),
        (8, "four"),
    ]


def test_a_separator_line_of_excel_is_obeyed(tmp_path: Path) -> None:
    table = open_table(write(tmp_path, b"sep=;\na;b,c\n1;2\n"))

    assert table.header == ("a", "b,c")
    assert list(table) == [(3, ["1", "2"], "")]


def test_short_rows_are_filled_and_rows_that_are_too_long_are_faults(tmp_path: Path) -> None:
    rows = list(open_table(write(tmp_path, b"a,b\n1\n1,2,,\n1,2,3\n")))

    assert rows[:2] == [(2, ["1", ""], ""), (3, ["1", "2"], "")]
    assert "3 cells, the header 2" in rows[2][2]


def test_a_quotation_mark_that_is_never_closed_is_a_fault_at_its_line_and_not_a_lost_half_file(tmp_path: Path) -> None:
    rows = list(open_table(write(tmp_path, b'a,b\n1,2\n"3,4\n5,6\n7,8\n')))

    assert rows[0] == (2, ["1", "2"], "")
    assert [(line, "never closed" in fault) for line, _, fault in rows[1:]] == [(3, True)]


def test_quotation_marks_that_do_not_fit_spoil_one_row_only(tmp_path: Path) -> None:
    rows = list(open_table(write(tmp_path, b'a,b\n"1"x,2\n3,4\n')))

    assert [bool(fault) for _, _, fault in rows] == [True, False]


def test_a_cell_without_end_is_a_fault_and_ends_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LONGEST_CELL", 50)
    rows = list(open_table(write(tmp_path, b"a,b\n1,2\n3," + b"x" * 60 + b"\n5,6\n")))

    assert [(line, bool(fault)) for line, _, fault in rows] == [(2, False), (3, True)]


@pytest.mark.parametrize("excess", [0, 1])
def test_a_heading_is_read_up_to_a_length(tmp_path: Path, excess: int) -> None:
    path = write(tmp_path, b"a," + b"x" * (LONGEST_HEADING + excess) + b"\n1,2\n")
    if not excess:
        assert len(open_table(path).header[1]) == LONGEST_HEADING
        return
    with pytest.raises(UnreadableInput, match=r"column 2 of .* has 2,001 characters, .* begins: “x{60}…”"):
        open_table(path)


def test_headings_that_are_too_long_together_are_refused(tmp_path: Path) -> None:
    header = ",".join(f"{number:0{LONGEST_HEADING}}" for number in range(LONGEST_HEADER // LONGEST_HEADING + 1))
    with pytest.raises(UnreadableInput, match="502,000 characters together, 500,000 is the most"):
        open_table(write(tmp_path, header.encode() + b"\n"))


def test_a_workbook_with_a_heading_that_is_too_long_is_refused(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "a.xlsx", {"S": [["Planned", "x" * (LONGEST_HEADING + 1)], ["1", "2"]]})
    with pytest.raises(UnreadableInput, match=r"column 2 of a\.xlsx has 2,001 characters"):
        open_table(path)


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "LONGEST_LINE", 3_000_000)
    with pytest.raises(UnreadableInput, match="a line of over"):
        open_table(write(tmp_path, b"a,b\n" + b"x" * 5_000_000))


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "empty.csv", "is empty"),
        (b" \r\n", "blank.csv", "is empty"),
        (b"\x0cJane Doe", "~$Survey.xlsx", "lock file"),
        (b"PK\x03\x04 no zip at all", "survey.xlsx", "damaged workbook"),
        (b"a,b\n1,\x002\n", "survey.csv", "isn't text"),
        (b"\xff\xfea\x00,\x00\xd8", "survey.csv", "UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old.xls", "old Excel file"),
        (b"<!DOCTYPE html><title>Sign in</title>", "survey.csv", "web page"),
        (b",,,\n,,\n", "survey.csv", "no header line"),
        (b'"a,b\n1,2\n', "survey.csv", "header of survey.csv can't be read"),
        (b"," * MOST_COLUMNS + b"x\n", "survey.csv", "5001 columns"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, content: bytes, name: str, message: str) -> None:
    with pytest.raises(UnreadableInput, match=message):
        open_table(write(tmp_path, content, name))


@pytest.mark.parametrize(("told", "width"), [(";", 2), ("semicolon", 2), (",", 3), ("comma", 3), ("|", 1), ("tab", 1)])
def test_a_delimiter_that_a_person_says_is_obeyed(tmp_path: Path, told: str, width: int) -> None:
    assert len(open_table(write(tmp_path, b"a,b;c,d\n1,2;3,4\n"), delimiter=told).header) == width


def test_an_unknown_delimiter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="no delimiter"):
        open_table(write(tmp_path, b"a,b\n"), delimiter="x")


def test_a_row_that_goes_over_lines_without_end_is_a_fault_and_ends_the_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LONGEST_LINE", 50)
    rows = list(open_table(write(tmp_path, b"a,b\n1,2\n" + b'"x\n",' * 20 + b"\n3,4\n")))

    assert [(line, bool(fault)) for line, _, fault in rows] == [(2, False), (3, True)]


def test_blank_lines_without_end_are_not_read_on_and_it_is_said_so(tmp_path: Path) -> None:
    with not_endless():
        rows = list(open_table(write(tmp_path, b"a,b\n1,2\n" + b"\n" * 8_000_000 + b"3,4\n")))

    assert [(line, bool(fault)) for line, _, fault in rows] == [(2, False), (3 + tables.MOST_BLANK, True)]


def test_the_blank_rows_of_a_whole_sheet_are_passed_over(tmp_path: Path) -> None:
    assert list(open_table(write(tmp_path, b"a,b\n1,2\n" + b",\n" * 1_048_574))) == [(2, ["1", "2"], "")]


def test_an_upload_is_judged_by_the_name_it_had(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="lock file"):
        open_table(write(tmp_path, b"x", "tmp123"), name="~$Survey.xlsx")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(UnreadableInput, match="can't be opened"):
            open_table(path)


def test_text_that_is_named_xlsx_is_read_as_what_it_is(tmp_path: Path) -> None:
    assert open_table(write(tmp_path, b"a,b\n1,2\n", "really.xlsx")).header == ("a", "b")
