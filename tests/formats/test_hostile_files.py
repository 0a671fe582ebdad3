"""Files that somebody made to do harm: each is read or refused with a message, in little time and memory."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import Mapping
from bau_tracker.formats import encodings, workbooks
from bau_tracker.formats.answers import inspect_answers, open_answers
from bau_tracker.formats.workbooks import LONGEST_TEXT
from tests.patience import not_endless
from tests.survey_exports import Rows, write_csv
from tests.workbook_parts import make_workbook, rewrite

SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"
LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10) for level in range(1, 10))
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">' + LAUGHS + b"]>"
LIMITED = """
import resource, sys
from pathlib import Path
from zoneinfo import ZoneInfo
from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.answers import inspect_answers, open_answers
size = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmSize:")) * 1024
resource.setrlimit(resource.RLIMIT_AS, (size + int(sys.argv[2]),) * 2)
try:
    rows = inspect_answers(Path(sys.argv[1]), zone=ZoneInfo("UTC"), default_hours=40.0).rows
    print("looked at", rows)
    print("read", sum(1 for _ in open_answers(Path(sys.argv[1]), zone=ZoneInfo("UTC"), default_hours=40.0)))
except UnreadableInput as error:
    print("refused", error.message)
"""


def refusal(path: Path, name: str = "") -> str:
    """Give the message with which a file is refused."""
    with not_endless(), pytest.raises(UnreadableInput) as caught:
        inspect_answers(path, zone=ZoneInfo("UTC"), default_hours=40.0, name=name)
    return caught.value.message


def workbook(tmp_path: Path, part: str = "", content: bytes = b"") -> Path:
    path = make_workbook(tmp_path / "a.xlsx", {"S": [["Timestamp", "Planned", "BAU"], ["2026-11-20", "30", "5"]]})
    if part:
        rewrite(path, part, content)
    return path


def sparse(path: Path, start: bytes, size: int) -> Path:
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)
    return path


@pytest.mark.parametrize("start", [b"", b"a,b\n1,2\n", b"\xff\xfea\0,\0b\0\n\0", b"a,b\n" + b"x" * 2_000_000])
def test_ten_gigabytes_of_nothing_are_refused_at_once(tmp_path: Path, start: bytes) -> None:
    assert refusal(sparse(tmp_path / "a.csv", start, 10 * 1024**3))


def test_a_line_without_end_is_refused_without_reading_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"x" * 50_000_000)

    assert "line of over 4,000,000 characters" in refusal(path)


def test_too_many_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b",".join(b"c%d" % number for number in range(20_000)) + b"\n")

    assert "20000 columns; 5000 is the most" in refusal(path)


def test_entities_that_stand_for_each_other_are_not_written_out(tmp_path: Path) -> None:
    sheet = SHEET[21:] + b'<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>' + END
    strings = b"<sst><si><t>&l9;</t></si></sst>"

    assert "damaged" in refusal(workbook(tmp_path, "xl/worksheets/sheet1.xml", DOCTYPE + sheet))
    assert "damaged" in refusal(workbook(tmp_path, "xl/sharedStrings.xml", DOCTYPE + strings))


def test_a_bomb_of_zeros_is_refused(tmp_path: Path) -> None:
    assert "suspiciously" in refusal(workbook(tmp_path, "xl/worksheets/sheet1.xml", SHEET + b" " * 100_000_000))


def test_more_texts_than_cells_are_refused(tmp_path: Path) -> None:
    texts = (b"<si><t>%d</t></si>" % (n * 7919) for n in range(workbooks.MOST_CELLS + 9))
    strings = b"<sst>" + b"".join(texts) + b"</sst>"

    assert "over 4,000,000 texts" in refusal(workbook(tmp_path, "xl/sharedStrings.xml", strings))


@pytest.mark.parametrize("size", [LONGEST_TEXT // 2, LONGEST_TEXT * 2])
def test_a_text_without_end_is_refused(tmp_path: Path, size: int) -> None:
    block = b"".join(b"%d " % (number * number) for number in range(10_000))  # too long for zip to find again
    text = (block * (size // len(block) + 1))[:size]
    cell = b'<row r="2"><c r="A2" t="inlineStr"><is><t>' + text + b"</t></is></c></row>"
    path = workbook(tmp_path, "xl/worksheets/sheet1.xml", SHEET + b'<row r="1"/>' + cell + END)

    said = limited(path, workbooks.MOST_MEMORY)

    assert ("cell without end" in said) == (size > LONGEST_TEXT)


def test_one_long_text_in_very_many_cells_is_refused(tmp_path: Path) -> None:
    strings = b"<sst><si><t>Timestamp</t></si><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>1</v></c></row>' % (row, row) for row in range(2, 10_000))
    path = workbook(tmp_path, "xl/sharedStrings.xml", strings)
    rewrite(path, "xl/worksheets/sheet1.xml", SHEET + b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + cells + END)

    assert "come to 300 MB" in refusal(path)


@pytest.mark.parametrize(
    "value", [b"<v>0000000001</v>", b"<v>+1</v>", b"<v>&#49;</v>", b"<v><!-- -->1</v>", b"<f/><v a='b'>1</v>"]
)
@pytest.mark.parametrize("before", [b"", b"x" * ((1 << 18) - len(b"<sst><si></si><") + 1)])
def test_however_cells_name_it_a_long_text_counts_in_all_of_them(tmp_path: Path, value: bytes, before: bytes) -> None:
    strings = b"<sst><si>" + before + b"</si><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s">%b</c></row>' % (row, row, value) for row in range(2, 10_000))
    path = workbook(tmp_path, "xl/sharedStrings.xml", strings)
    rewrite(path, "xl/worksheets/sheet1.xml", SHEET + cells + END)

    assert "The texts in the cells" in refusal(path)


def test_a_long_text_in_one_of_many_cells_is_read(tmp_path: Path) -> None:
    strings = b"<sst><si><t>x</t></si><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    cells = b"".join(b"<row r='%d'><c t='s' r='A%d'><v>0</v></c></row>" % (row, row) for row in range(2, 10_000))
    path = workbook(tmp_path, "xl/sharedStrings.xml", strings)
    rewrite(path, "xl/worksheets/sheet1.xml", SHEET + b'<row r="1"><c r="A1" t="s"><v>1</v></c></row>' + cells + END)

    with pytest.raises(UnreadableInput, match="heading of column 1"):
        inspect_answers(path, zone=ZoneInfo("UTC"), default_hours=40.0)


@pytest.mark.parametrize("hiding", [b"<!--<c -->", b"<![CDATA[<c ]]>"])
def test_a_large_part_hides_nothing_in_comments_or_raw_text(tmp_path: Path, hiding: bytes) -> None:
    text = b"".join(b"%d " % (number * number) for number in range(150_000))
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + hiding + text + b"</t></is></c></row>"

    assert "comments or raw text" in refusal(workbook(tmp_path, "xl/worksheets/sheet1.xml", SHEET + cell + END))


def test_a_large_part_beside_the_sheets_is_refused(tmp_path: Path) -> None:
    sheets = b"".join(b'<sheet name=":c %d" sheetId="%d"/>' % (n * n, n) for n in range(400_000))

    assert "part beside its sheets" in refusal(workbook(tmp_path, "xl/workbook.xml", b"<workbook>" + sheets))


def test_cells_that_say_no_position_cannot_hide_how_far_they_go(tmp_path: Path) -> None:
    rows = b"<row/>" * 100_000 + b"<row>" + b"<c><v>1</v></c>" * 1_000 + b"</row>"

    assert "spans" in refusal(workbook(tmp_path, "xl/worksheets/sheet1.xml", SHEET + rows + END))


def test_a_formula_is_never_worked_out_and_its_stored_value_counts(tmp_path: Path) -> None:
    cells = b'<c r="A1" t="str"><f>"=" &amp; A9</f><v>Timestamp</v></c><c r="B1" t="str"><f>cmd()</f></c>'
    path = workbook(tmp_path, "xl/worksheets/sheet1.xml", SHEET + b'<row r="1">' + cells + b"</row>" + END)

    assert inspect_answers(path, zone=ZoneInfo("UTC"), default_hours=40.0).layout.header[0] == "Timestamp"


def test_names_of_parts_that_point_elsewhere_are_never_written_anywhere(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../../outside.txt", "x")
        archive.writestr("/outside.txt", "x")

    assert inspect_answers(path, zone=ZoneInfo("UTC"), default_hours=40.0).rows == 1
    assert [each.name for each in tmp_path.rglob("*")] == ["a.xlsx"]
    assert not (tmp_path.parent.parent / "outside.txt").exists()


@pytest.mark.parametrize("keep", [30, 200, 2_000, -30])
def test_a_workbook_that_is_cut_off_is_refused(tmp_path: Path, keep: int) -> None:
    path = workbook(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])

    assert "damaged" in refusal(path)


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path)
    content = bytearray(path.read_bytes())
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.find(start)
        while at >= 0:
            content[at + (6 if start == b"PK\x03\x04" else 8)] |= 1
            at = content.find(start, at + 4)
    path.write_bytes(content)
    assert "password" in refusal(path)

    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500)
    assert "password" in refusal(path)


def as_zip(members: dict[str, str]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)

    return write


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda path: path.write_bytes(b"%PDF-1.7\n%\xe2\xe3"), "a PDF"),
        (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0"), "a picture"),
        (lambda path: path.write_bytes(gzip.compress(b"a,b\n1,2\n")), "compressed"),
        (lambda path: path.write_bytes(b"a,b\n1,2\0\n"), "isn't text"),
        (as_zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "x"}), "OpenDocument"),
        (as_zip({"xl/workbook.bin": "x"}), "binary"),
        (as_zip({"survey.csv": "a,b"}), "Unpack it"),
        (as_zip({"word/document.xml": "x"}), "no .xlsx workbook"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_another_kind_of_file_is_refused_by_what_it_is_whatever_it_is_called(
    tmp_path: Path, write: Callable[[Path], None], message: str, name: str
) -> None:
    write(tmp_path / name)

    assert message in refusal(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd is empty"),
        ("C:\\Users\\x\\a.csv", "a.csv is empty"),
        ("a\r\nSet-Cookie: b\u202e.csv", "a Set-Cookie: b.csv is empty"),
        ("/", "The file is empty"),
        ("x" * 5_000, f"{'x' * 100} is empty"),
        ("folder/~$a.xlsx", "~$a.xlsx is only the lock file"),
    ],
)
def test_a_file_name_is_shown_as_a_name_and_nothing_else(tmp_path: Path, name: str, shown: str) -> None:
    (tmp_path / "a").write_bytes(b"")

    assert refusal(tmp_path / "a", name).startswith(shown)


def big_cells() -> bytes:
    return b"Timestamp,Planned,BAU\n" + (b"2026-11-20,30," + b"x" * 999_000 + b"\n") * 60


def row_without_end() -> bytes:
    return b"a,b\n" + b'"a\n",' * 10_000_000


def wide_rows() -> bytes:
    return b"a,b\n" + (b"," * 3_900_000 + b"\n") * 5


def wide_header() -> bytes:
    return b"a" + b"," * 3_900_000 + b"\n"


def different_texts() -> bytes:
    return b"Timestamp,Planned,BAU\n" + b"".join(b"%040d,%040d,%040d\n" % (n, n, n) for n in range(300_000))


@pytest.mark.parametrize("make", [big_cells, row_without_end, wide_rows, wide_header, different_texts])
def test_text_of_any_shape_is_read_or_refused_within_bounded_memory(tmp_path: Path, make: Callable[[], bytes]) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(make())

    said = limited(path, encodings.MOST_MEMORY)

    assert all(line.startswith(("looked at", "read", "refused")) for line in said.splitlines())


@pytest.mark.parametrize("text", ["a, " * 300_000, "a;" * 450_000, "9" * 900_000, "[" * 900_000, " " * 900_000 + "x"])
def test_a_cell_of_any_text_is_read_soon_in_whatever_column_it_stands(tmp_path: Path, text: str) -> None:
    header = ["Timestamp", "Planned", "BAU", "What took an excessive amount of time?", "Which week?", "Comment", "x"]
    usual = ["2026-11-20", "30", "5", "", "", "", ""]
    rows: Rows = [list(header), *[list[object]([*usual[:at], text, *usual[at + 1 :]]) for at in range(len(header))]]
    path = write_csv(tmp_path / "a.csv", rows)

    with not_endless():
        found = inspect_answers(path, zone=ZoneInfo("UTC"), default_hours=40.0, mapping=Mapping(delimiter=","))
        read = list(open_answers(path, zone=ZoneInfo("UTC"), default_hours=40.0, mapping=Mapping(delimiter=",")))

    assert found.rows == len(read) == len(header)


@pytest.mark.slow
def test_the_largest_workbook_is_read_within_bounded_memory(tmp_path: Path) -> None:
    columns = 25
    rows = [
        b'<row r="%d">' % row
        + b"".join(b'<c r="%c%d"><v>%d</v></c>' % (65 + n, row, row * 7919 + n) for n in range(columns))
        + b"</row>"
        for row in range(1, workbooks.MOST_CELLS // columns)
    ]
    path = workbook(tmp_path, "xl/worksheets/sheet1.xml", SHEET + b"".join(rows) + END)

    assert limited(path, workbooks.MOST_MEMORY).startswith(f"looked at {len(rows) - 1}\n")


def limited(path: Path, memory: int) -> str:
    """Look at a file in a process of its own that may take so much more memory than the program itself."""
    found = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path), str(memory)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr[-2000:]
    return found.stdout.strip()
