from __future__ import annotations

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.classification import Classification, Evidence, Place
from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import Problem
from bau_tracker.domain.taxonomy import ItemClass
from bau_tracker.formats.classification import UnclassifiedItem, read_items, write_classes


def read(content: str | bytes) -> list[UnclassifiedItem | Problem]:
    return list(read_items(io.BytesIO(content if isinstance(content, bytes) else content.encode())))


def written(*classified: tuple[str, Classification]) -> list[list[str]]:
    file = io.StringIO(newline="")
    write_classes(file, classified)
    return list(csv.reader(io.StringIO(file.getvalue(), newline="")))


def test_all_columns_are_read_in_any_order_and_case() -> None:
    rows = read('Labels,title,ID,Item_Type,extra,description\n"web; bug,ui",Broken,7,Bug,x,"two\nlines"\n')
    assert rows == [UnclassifiedItem(2, "7", "Broken", "two\nlines", ("web", "bug", "ui"), "Bug")]


def test_id_and_title_are_enough() -> None:
    assert read("id,title\n1,A\n\n2,B\n") == [UnclassifiedItem(2, "1", "A"), UnclassifiedItem(4, "2", "B")]


def test_an_excerpt_goes_before_a_description() -> None:
    (row,) = read("id,title,description,body_excerpt\n1,A,long,short\n")
    assert isinstance(row, UnclassifiedItem)
    assert row.text == "short"
    (row,) = read("id,title,description,body_excerpt\n1,A,long,\n")
    assert isinstance(row, UnclassifiedItem)
    assert row.text == "long"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encoding_is_found_out(encoding: str) -> None:
    filler = "".join(f"{number},plain\n" for number in range(20_000))  # the first umlaut stands behind the first block
    rows = read(f"id,title\n{filler}x,Größe für\n".encode(encoding))
    assert rows[-1] == UnclassifiedItem(20_002, "x", "Größe für")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    assert read(f"id{delimiter}title\r\n1{delimiter}A\r\n") == [UnclassifiedItem(2, "1", "A")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04rest", "not text"),
        ("id,title\n1,A\n".encode("utf-16"), "not text"),
        (b"\x00\x01\x02\x03" * 50, "not text"),
        (b"key,summary\n1,A\n", "columns id and title"),
        (b"id,summary\n1,A\n", "column title"),
    ],
)
def test_an_unreadable_file_is_named_before_any_row(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableInput, match=words):
        read_items(io.BytesIO(content))


def test_a_row_without_an_id_is_a_problem_with_its_line() -> None:
    rows = read('id,title\n1,"two\nlines"\n,B\n2,C\n')
    assert rows[1] == Problem(4, "id", "The row has no id.", ("", "B"))
    assert [type(row) for row in rows] == [UnclassifiedItem, Problem, UnclassifiedItem]


def test_a_row_with_an_unquoted_comma_is_a_problem() -> None:
    (row,) = read("id,title\n1,A, B\n")
    assert isinstance(row, Problem)
    assert "3 cells" in row.message


def test_a_short_row_has_empty_cells() -> None:
    assert read("id,title,labels\n1\n") == [UnclassifiedItem(2, "1", "")]


def test_long_cells_and_nul_are_read() -> None:
    (row,) = read(f'id,title,description\n1,A\x00B,"{"x" * 500_000}"\n')
    assert isinstance(row, UnclassifiedItem)
    assert row.title == "A\x00B"
    assert len(row.text) == 500_000


def test_a_cell_without_end_is_unreadable() -> None:
    with pytest.raises(UnreadableInput, match="Line 3"):
        read(b'id,title\n1,A\n2,"' + b"x" * (17 << 20))


def test_rows_are_given_while_reading() -> None:
    file = io.BytesIO(b"id,title\n" + b"1,A\n" * 200_000)
    rows = read_items(file)
    next(rows)
    assert file.tell() < 100_000


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(UnreadableInput):
        assert all(isinstance(row, UnclassifiedItem | Problem) for row in read(b"id,title\n" + content))


def test_classes_are_written_with_four_decimals_and_their_signs() -> None:
    signs = (Evidence("crash", Place.TITLE, 2.0), Evidence("feature", Place.LABEL, -0.5))
    rows = written(("7", Classification(ItemClass.DEFECT, 0.61234, signs)))
    assert rows == [
        ["id", "predicted_class", "confidence", "evidence"],
        ["7", "defect", "0.6123", "“crash” in the title (+2.0); the label “feature” (-0.5)"],
    ]


def test_no_cell_is_taken_for_a_formula_and_numbers_stay_numbers() -> None:
    unknown = Classification(ItemClass.OTHER, 0.2)
    rows = written(("=1+1", unknown), ("@x", unknown), ("-12", unknown), ("+4.5", unknown))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@x", "-12", "+4.5"]
