from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineError, CalamineWorkbook

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.spans import NEAR_COLUMNS, NEAR_ROWS, Pieces, span
from tests.workbook_parts import make_workbook, rewrite

START = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</sheetData></worksheet>"
PLACES = st.builds("{}{}".format, st.sampled_from("ABZ") | st.just("AC"), st.integers(1, 40))
CELLS = st.sampled_from(["<c>", "<c >", "<c\n>", "<c s='>' >", '<c t="n">']) | st.builds(
    "<c {}>".format, st.one_of(st.builds('r="{}"'.format, PLACES), st.builds("s='1' r = '{}'".format, PLACES))
)
ROWS = st.builds(
    lambda start, cells: start + "".join(f"{cell}<v>1</v></c>" for cell in cells) + "</row>",
    st.sampled_from(["<row>", "<row spans='1:2'>"]) | st.builds('<row r="{}">'.format, st.integers(1, 40)),
    st.lists(CELLS, max_size=4),
)


def in_pieces(content: bytes, size: int = 1 << 20) -> Pieces:
    def pieces() -> Iterator[bytes]:
        return (content[start : start + size] for start in range(0, len(content), size))

    return pieces


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4), st.integers(1, 60))
def test_a_sheet_never_spans_more_than_was_seen(tmp_path: Path, rows: list[str], size: int) -> None:
    content = START + "".join(rows).encode() + END
    path = make_workbook(tmp_path / "a.xlsx", {"S": [["a"]]})
    rewrite(path, "xl/worksheets/sheet1.xml", content)

    height, width = span(in_pieces(content, size), 1_000_000_000)

    try:
        read = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError:
        return  # what can't be read takes no room
    assert len(read) <= height
    assert max(map(len, read), default=0) <= width


def test_a_sheet_as_spreadsheets_write_it_is_only_glanced_at() -> None:
    content = START + b'<row r="1"><c r="A1"><v>1</v></c></row>' + END

    assert span(in_pieces(content), NEAR_ROWS * NEAR_COLUMNS) == (NEAR_ROWS, NEAR_COLUMNS)
    assert span(in_pieces(content), 1) == (1, 1)


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1"><c r="XFD1048576"/></row>',
        b"<row r='1'><c s='>' r='XFD1048576'/></row>",
        b'<x:row r="1"><x:c r="xfd1048576"/></x:row>',
        b'<row r="1048576"></row><row r="1">' + b"<c/>" * 20_000 + b"</row>",
        b"<row/>" * 20_000 + b"<row>" + b"<c/>" * 20_000 + b"</row>",
    ],
)
@pytest.mark.parametrize("size", [7, 1 << 20])
def test_a_far_corner_is_seen_however_it_is_written(cells: bytes, size: int) -> None:
    rows, columns = span(in_pieces(START + cells + END, size), 10_000_000)

    assert rows * columns > 10_000_000


def test_a_tag_without_end_is_refused() -> None:
    with pytest.raises(UnreadableInput, match="tag without end"):
        span(in_pieces(START + b"<row><c " + b"x" * 3_000_000), 1)
