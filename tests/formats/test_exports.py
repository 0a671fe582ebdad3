import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import Layout, Problem
from bau_tracker.domain.weeks import Week
from bau_tracker.formats import exports
from bau_tracker.formats.exports import TableFormat, Value, csv_chunks, write_rejects, write_table
from bau_tracker.formats.guards import unguard
from bau_tracker.formats.tables import open_table

ROW: list[Value] = ["=1+1", -2.5, 3.0, None, True, date(2026, 11, 20), datetime(2026, 11, 20, 9, 30, tzinfo=UTC)]
COLUMNS = ["@text", "minus", "whole", "none", "yes", "day", "moment"]


def written(columns: list[str], rows: list[list[Value]], table_format: TableFormat) -> bytes:
    target = io.BytesIO()
    write_table(target, columns, rows, table_format)
    return target.getvalue()


def test_csv_guards_text_and_headers_and_leaves_numbers_numbers() -> None:
    assert written(COLUMNS, [ROW], TableFormat.CSV).decode() == (
        "\ufeff'@text,minus,whole,none,yes,day,moment\r\n'=1+1,-2.5,3,,yes,2026-11-20,2026-11-20T09:30:00Z\r\n"
    )


def test_the_mark_can_be_left_out_for_programs() -> None:
    assert b"".join(csv_chunks(["week"], [[Week.parse("2026-W47")]], mark=False)) == b"week\r\n2026-W47\r\n"


def test_xlsx_holds_numbers_dates_and_guarded_text(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_table(path, COLUMNS, [ROW], TableFormat.XLSX)

    table = open_table(path)
    assert table.header[0] == "'@text"
    assert list(table) == [(2, ["'=1+1", "-2.5", "3", "", "yes", "2026-11-20", "2026-11-20T09:30:00Z"], "")]


def test_json_lines_hold_text_as_it_is() -> None:
    assert json.loads(written(COLUMNS, [ROW], TableFormat.JSONL)) == {
        "@text": "=1+1",
        "minus": -2.5,
        "whole": 3.0,
        "none": None,
        "yes": True,
        "day": "2026-11-20",
        "moment": "2026-11-20T09:30:00Z",
    }


@pytest.mark.parametrize("table_format", TableFormat)
def test_a_table_without_rows_has_its_header(table_format: TableFormat) -> None:
    content = written(["a", "b"], [], table_format)

    assert (content == b"") if table_format is TableFormat.JSONL else len(content) > 0


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2)))
def test_any_text_comes_back_from_csv(rows: list[list[str]]) -> None:
    text = b"".join(csv_chunks(["a", "b"], rows)).decode("utf-8-sig")

    read = list(csv.reader(io.StringIO(text, newline="")))
    assert [[unguard(cell) for cell in row] for row in read[1:]] == rows


def test_csv_is_streamed_in_pieces() -> None:
    pulled = []

    def rows() -> Iterator[list[Value]]:
        for number in range(5_000):
            pulled.append(number)
            yield [number]

    next(csv_chunks(["n"], rows()))
    assert len(pulled) < 1_000


def test_an_export_that_breaks_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "weeks.csv"
    path.write_text("old")

    def rows() -> Iterator[list[Value]]:
        yield ["x"]
        raise InvalidInput("The database went away.")

    with pytest.raises(InvalidInput):
        write_table(path, ["a"], rows())
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("weeks.csv", "old")]


def test_a_sheet_that_cannot_hold_all_rows_is_refused_rather_than_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_SHEET_ROWS", 3)

    with pytest.raises(InvalidInput, match="Choose CSV"):
        written(["a"], [[1], [2], [3]], TableFormat.XLSX)


def test_a_list_of_rejects_is_read_again_as_the_file_it_came_from(tmp_path: Path) -> None:
    layout = Layout("table", ("=Team", "Hours", "Hours"))
    problems = [
        Problem(7, "Hours", "no amount", ("=zug", "'-1", "x")),
        Problem(9, "", "quotes"),
        Problem(11, "", "long", ("a", "1", "2", "3")),
    ]
    write_rejects(tmp_path / "rejects.csv", layout, problems)

    table = open_table(tmp_path / "rejects.csv")

    assert table.header == layout.header
    assert [cells for _, cells, _ in table] == [["=zug", "'-1", "x"], ["a", "1", "2,3"]]
    assert "7,Hours,no amount" in (tmp_path / "rejects.csv").read_text("utf-8")


def test_what_a_link_points_to_is_written_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "there.csv")
    write_table(tmp_path / "link.csv", ["a"], [["x"]])
    assert (tmp_path / "link.csv").is_symlink()
    assert "x" in (tmp_path / "there.csv").read_text("utf-8-sig")


def test_a_place_that_cannot_be_written_is_named_as_it_was_given(tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:  # noqa: PT011  (its name says which)
        write_table(tmp_path / "nowhere" / "weeks.csv", ["a"], [])
    assert caught.value.filename == str(tmp_path / "nowhere" / "weeks.csv")
