"""Decides how rows are written as CSV, XLSX or JSON lines: streamed, in constant memory, safe for a spreadsheet.

CSV is UTF-8 with CRLF line ends. It begins with a byte-order mark, without which Excel takes UTF-8 for windows-1252; it
can be left out where a program reads on. Text and headers that a spreadsheet would take for a formula are guarded in
CSV and XLSX alike, so that a workbook saved as CSV stays safe; JSON lines hold text as it is. Columns are the caller's.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import xlsxwriter  # type: ignore[import-untyped]

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import Layout, Problem
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.guards import guard
from bau_tracker.formats.tables import REJECT_COLUMNS

Value = str | float | int | bool | date | datetime | Week | None
Line = Sequence[Value]

MOST_SHEET_ROWS: Final = 1_048_576
LONGEST_SHEET_TEXT: Final = 32_767

_CHUNK_ROWS: Final = 500
_MARK: Final = "\ufeff"


class TableFormat(StrEnum):
    """The formats a table can be written in."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


def write_table(
    target: Path | BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Line],
    table_format: TableFormat = TableFormat.CSV,
    *,
    mark: bool = True,
) -> None:
    """Write a header and rows; a file at `target` is replaced only once the whole table is written.

    `mark` is CSV's byte-order mark. Raises InvalidInput when a sheet can't hold so many rows.
    """
    with _opened(target) as file:
        if table_format is TableFormat.XLSX:
            _write_xlsx(file, columns, rows)
        else:
            chunks = csv_chunks(columns, rows, mark=mark) if table_format is TableFormat.CSV else _json(columns, rows)
            file.writelines(chunks)


def csv_chunks(columns: Sequence[str], rows: Iterable[Line], *, mark: bool = True) -> Iterator[bytes]:
    """Give a table as CSV, piece by piece, for a streamed answer."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write(_MARK if mark else "")
    writer.writerow([guard(column) for column in columns])
    lines = ([_plain(value) for value in row] for row in rows)
    while True:
        piece = list(islice(lines, _CHUNK_ROWS))
        writer.writerows(piece)
        if buffer.tell():
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
        if not piece:
            return


def write_rejects(target: Path | BinaryIO, layout: Layout, problems: Iterable[Problem]) -> None:
    """Write the rejected rows as they stood, with their reasons, so that they can be mended and read again."""
    width = len(layout.header)
    rows = (reject_row(problem, width) for problem in problems)
    write_table(target, (*layout.header, *REJECT_COLUMNS), rows)


def reject_row(problem: Problem, width: int) -> Line:
    """Give the cells of a rejected row: as wide as the header it came under, then REJECT_COLUMNS."""
    cells = [*problem.row, *[""] * (width - len(problem.row))]
    if len(cells) > width:  # too many cells are kept in the last one, for a person to sort out
        cells[width - 1 :] = [",".join(cells[width - 1 :])]
    return [*cells, problem.line, problem.column, problem.message]


@contextmanager
def _opened(target: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a target for writing; a path is written beside itself and moved there at the end."""
    if not isinstance(target, Path):
        yield target
        return
    if target.exists() and not target.is_file():  # a pipe or a device can't be replaced
        with target.open("wb") as file:
            yield file
        return
    place = target.resolve()  # a link stays one
    part = place.with_name(f".{place.name}.{os.getpid()}.part")
    try:
        file = part.open("wb")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error
    try:
        with file:
            yield file
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def _plain(value: Value) -> str | float | int:
    """Give a value as a CSV cell: text guarded, numbers as numbers, whole ones without a point."""
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if value is None or isinstance(value, int):
        return "" if value is None else value
    return _text(value)


def _text(value: date | datetime | Week) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


def _json(columns: Sequence[str], rows: Iterable[Line]) -> Iterator[bytes]:
    for row in rows:
        values = [_text(value) if isinstance(value, date | Week) else value for value in row]
        record = dict(zip(columns, values, strict=True))
        yield json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _write_xlsx(file: BinaryIO, columns: Sequence[str], rows: Iterable[Line]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        sheet = workbook.add_worksheet()
        dates = workbook.add_format({"num_format": "yyyy-mm-dd"})
        for column, text in enumerate(columns):
            sheet.write_string(0, column, guard(text))
        for number, row in enumerate(rows, 1):
            if number >= MOST_SHEET_ROWS:
                raise InvalidInput(f"A sheet holds {MOST_SHEET_ROWS:,} rows at most. Choose CSV, or fewer weeks.")
            for column, value in enumerate(row):
                if isinstance(value, date) and not isinstance(value, datetime):
                    sheet.write_datetime(number, column, value, dates)
                elif isinstance(plain := _plain(value), str):
                    sheet.write_string(number, column, plain[:LONGEST_SHEET_TEXT])
                else:
                    sheet.write_number(number, column, plain)
