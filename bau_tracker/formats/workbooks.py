"""Decides how a sheet of an Excel workbook becomes rows of text, and which workbooks are too dangerous to open.

A workbook is a zip archive that may unpack to any size, and a sheet with one cell in its last corner makes a reader
reserve room for all cells before it. So sizes and corners are looked at before the workbook is opened.
Dates come out as ISO text, times as h:mm:ss, whole numbers without a point.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.archives import inflated, members_of
from bau_tracker.formats.remembering import MOST
from bau_tracker.formats.shared_texts import SHORTEST_CELL, SharedTexts, bytes_in_cells, most_in_cells
from bau_tracker.formats.spans import span

ZIP_MAGIC: Final = b"PK\x03\x04"
MOST_MEMBERS: Final = 2_000
MOST_UNPACKED: Final = 150_000_000
"""Bytes of a whole workbook once unpacked; 100,000 answers of 20 columns take about 100,000,000."""
MOST_RATIO: Final = 250
"""Unpacked to packed size from which a large member is taken for a bomb; sheets of answers stay under 50."""
RATIO_MATTERS_FROM: Final = 20_000_000
MOST_CELLS: Final = 4_000_000
"""Rows times columns that a sheet may span: 200,000 answers of 20 columns."""
MOST_MEMORY: Final = 700_000_000
"""Bytes that reading a workbook takes at most, whatever it holds; it follows from the limits above."""

LONGEST_TEXT: Final = 400_000
"""Bytes that a part of a workbook may go on without a new cell or text; a cell has 32,767 characters at most."""
MOST_BESIDE: Final = 10_000_000
"""Bytes of a part that says how the others belong together, or how cells look."""
PLAIN_FROM: Final = 1_000_000
"""Bytes from which a part has to do without comments and sections of raw text, in which anything could be hidden."""

_SHARED_TEXTS: Final = "xl/sharedstrings.xml"
_BESIDE: Final = ("xl/workbook.xml", "xl/styles.xml", "[content_types].xml", ".rels")
_TEXT_BEGINS: Final = re.compile(rb"<(?:[\w.-]+:)?(?:c|si|row)[\s/>]")
_HIDING: Final = (b"<!--", b"<![CDATA[")
_ENCRYPTED: Final = 1
_FORM_SHEETS: Final = ("form responses", "formularantworten", "réponses au formulaire", "respuestas de formulario")

Cell = int | float | str | bool | time | date | datetime | timedelta
SheetRow = tuple[int, list[str], str]


def sheet_rows(path: Path, called: str) -> tuple[Callable[[], Iterator[SheetRow]], tuple[str, ...]]:
    """Open the sheet of a workbook that holds the answers; give its rows, the header first, and notes for a person.

    Raises UnreadableInput for what is no workbook, or too large to open safely.
    """
    _check_archive(path, called)
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheet, notes = _choose(workbook, called)
    except (CalamineError, OSError) as error:
        raise UnreadableInput(
            f"{called} is a damaged workbook ({error}). Export it again, or save it as CSV."
        ) from error
    return lambda: _rows(sheet), notes


def cell_text(value: Cell) -> str:
    """Write a cell as one would in a CSV file."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)  # a date or time is written as ISO text


class _Texts(dict[Cell, str]):
    """Cells as text; the same few numbers and days come again and again, so each is written once, up to a bound."""

    def __missing__(self, value: Cell) -> str:
        text = cell_text(value)
        if len(self) < MOST:
            self[value] = text
        return text


def _rows(sheet: CalamineSheet) -> Iterator[SheetRow]:
    texts = _Texts()
    for number, values in enumerate(sheet.iter_rows(), 1):
        # True is equal to 1 and has its hash, so it isn't looked up among the numbers.
        cells = [
            value if type(value) is str else cell_text(value) if type(value) is bool else texts[value]
            for value in values
        ]
        if any(cells):
            yield number, cells, ""


def _choose(workbook: CalamineWorkbook, called: str) -> tuple[CalamineSheet, tuple[str, ...]]:
    """Take the sheet of form responses, else the first one that is shown."""
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible
    ]
    if not names:
        raise UnreadableInput(f"{called} has no sheet that is shown. Show the sheet with the answers and save it.")
    name = next((name for name in names if name.casefold().startswith(_FORM_SHEETS)), names[0])
    notes = (f"Only the sheet “{name}” is read, of {len(names)}.",) if len(names) > 1 else ()
    return workbook.get_sheet_by_name(name), notes


def _check_archive(path: Path, called: str) -> None:
    """Refuse an archive that is no workbook, or that would need too much memory; keep nothing of it in memory."""
    try:
        members = members_of(path)
        _check_kind({member.filename.lower() for member in members}, called)
        if any(member.flag_bits & _ENCRYPTED for member in members):
            raise UnreadableInput(f"{called} has a password. Save it without one.")
        _check_sizes(members, called)
        shared = SharedTexts()
        for member in members:
            _check_span(path, member, shared, called)
        _check_texts_in_cells(path, members, shared.longest, called)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error, zlib.error) as error:
        raise _damaged(called, error) from error


def _check_kind(names: set[str], called: str) -> None:
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise UnreadableInput(f"{called} is a binary workbook (.xlsb). Save it as .xlsx, or as CSV.")
    if "content.xml" in names:
        raise UnreadableInput(f"{called} is an OpenDocument file (.ods). Save it as .xlsx, or as CSV.")
    if any(name.endswith((".csv", ".xlsx", ".xls")) for name in names):
        raise UnreadableInput(f"{called} is a compressed folder (.zip). Unpack it, and choose the file inside.")
    raise UnreadableInput(f"{called} is no .xlsx workbook. Save it as .xlsx, or as CSV.")


def _damaged(called: str, error: Exception) -> UnreadableInput:
    return UnreadableInput(f"{called} is a damaged workbook ({error}). Export it again, or save it as CSV.")


def _check_sizes(members: list[zipfile.ZipInfo], called: str) -> None:
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        raise UnreadableInput(f"{called} unpacks to {unpacked / 1e6:,.0f} MB, which is too large. Save it as CSV.")
    for member in members:
        if member.file_size > max(RATIO_MATTERS_FROM, MOST_RATIO * member.compress_size):
            raise UnreadableInput(f"{called} unpacks to suspiciously much. Save it as CSV.")
        if member.file_size > MOST_BESIDE and member.filename.lower().endswith(_BESIDE):
            raise UnreadableInput(f"{called} has a part beside its sheets that is too large. Save it as CSV.")


def _few_texts(path: Path, member: zipfile.ZipInfo, shared: SharedTexts, called: str) -> Iterator[bytes]:
    """Refuse more texts than any sheet could need, and one without end: each takes far more memory than its bytes."""
    since, tail = 0, b""
    shared.begin_part()
    for piece in inflated(path, member):
        shared.see(piece)
        if member.file_size > PLAIN_FROM and b"<!" in tail + piece and any(word in tail + piece for word in _HIDING):
            raise UnreadableInput(f"{called} has comments or raw text inside a sheet. Save it as CSV.")
        tail = piece[-len(_HIDING[1]) :]
        since = 0 if _TEXT_BEGINS.search(piece) else since + len(piece)
        if shared.count > MOST_CELLS:
            raise UnreadableInput(f"{called} has over {MOST_CELLS:,} texts. Save it as CSV.")
        if since > LONGEST_TEXT:
            raise UnreadableInput(f"{called} has a cell without end. Save it as CSV.")
        yield piece


def _check_span(path: Path, member: zipfile.ZipInfo, shared: SharedTexts, called: str) -> None:
    """Refuse a sheet whose outermost cells span more room than can be reserved."""
    rows, columns = span(lambda: _few_texts(path, member, shared, called), MOST_CELLS)
    if rows * columns > MOST_CELLS:
        raise UnreadableInput(
            f"A sheet of {called} spans {rows:,} rows and {columns:,} columns. "
            "Delete the empty rows and columns that carry only formatting, or save it as CSV."
        )


def _check_texts_in_cells(path: Path, members: list[zipfile.ZipInfo], longest: int, called: str) -> None:
    """Refuse texts that come to too much once each stands in all of its cells; look closer only where they could."""
    texts = [member for member in members if member.filename.lower() == _SHARED_TEXTS]
    others = [member for member in members if member not in texts]
    if longest * sum(member.file_size for member in others) // SHORTEST_CELL <= MOST_UNPACKED:
        return
    if most_in_cells(longest, (inflated(path, member) for member in others)) <= MOST_UNPACKED:
        return
    known = chain.from_iterable(inflated(path, member) for member in texts)
    total = bytes_in_cells(known, (inflated(path, member) for member in others))
    if total > MOST_UNPACKED:
        raise UnreadableInput(f"The texts in the cells of {called} come to {total / 1e6:,.0f} MB. Save it as CSV.")
