"""Decides how a file becomes a header and rows of text: encoding, delimiter, lines, and what can't be read at all.

A row is always as wide as the header. A header is a list, never the keys of a dict: real exports repeat their headers.
What the columns mean is left to the readers of answers, items and detection; workbooks are opened by `workbooks`.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.guards import unguard
from bau_tracker.formats.workbooks import ZIP_MAGIC, sheet_rows

MOST_COLUMNS: Final = 5_000
"""A real tracker export had 2,261."""
LONGEST_CELL: Final = 1_000_000
LONGEST_LINE: Final = 16_000_000
REJECT_COLUMNS: Final = ("rejected_line", "rejected_column", "rejected_because")
"""The last columns of a list of rejects; a mended list is read as the file it came from."""

Row = tuple[int, list[str], str]
"""The line a row starts on (the header's counted), its cells, and why it can't be read; empty when it can."""

_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CHUNK: Final = 1 << 20
_DELIMITERS: Final = ",;\t|"
_SAMPLE_ROWS: Final = 20
_SPACES: Final = re.compile("[\\s\u00a0\u200b\u2060\ufeff]+")
_SEPARATOR_LINE: Final = re.compile(r"sep=([,;\t|])\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows, read anew from the file each time one goes through them."""

    header: tuple[str, ...]
    read: Callable[[], Iterator[Row]]
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        return self.read()


class _Dialect(NamedTuple):
    """How the text of a file is to be read; `skipped` lines stand before the header."""

    encoding: str
    delimiter: str
    skipped: int


def open_table(path: Path, *, name: str = "") -> Table:
    """Recognise a CSV file or an Excel workbook by its content and read its header.

    `name` is what the file was called where `path` isn't it (an upload). Raises UnreadableInput with what to do.
    """
    called = name or path.name
    if _first_bytes(path, called).startswith(ZIP_MAGIC):
        rows, notes = sheet_rows(path, called)
        table = _with_header(Table((), rows, notes=notes), called)
    else:
        table = _with_header(_csv_table(path, called), called)
    return _without_reasons(table) if table.header[-len(REJECT_COLUMNS) :] == REJECT_COLUMNS else table


def clean_header(text: str) -> str:
    """Write a header with plain single spaces, none at its ends."""
    return _SPACES.sub(" ", text).strip()


def _first_bytes(path: Path, called: str) -> bytes:
    if called.startswith("~$"):
        raise UnreadableInput(
            f"{called} is only the lock file that Excel keeps beside an open workbook. Choose the workbook itself."
        )
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise UnreadableInput(f"{called} can't be opened: {error.strerror}.") from error
    if not start.strip():
        raise UnreadableInput(f"{called} is empty. Export it again.")
    if start.startswith(_OLE_MAGIC):
        raise UnreadableInput(
            f"{called} is an old Excel file (.xls) or has a password. Save it as .xlsx without a password, or as CSV."
        )
    if start.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise UnreadableInput(f"{called} is a web page, perhaps a sign-in page saved in place of the export.")
    return start


def _with_header(table: Table, called: str) -> Table:
    """Take the first row that isn't blank for the header, and fit all others to its width."""
    _, first, fault = next(table.read(), (0, [], ""))
    if fault:
        raise UnreadableInput(f"The header of {called} can't be read. {fault}")
    header = tuple(clean_header(cell) for cell in first)
    if not any(character.isalnum() for text in header for character in text):
        raise UnreadableInput(f"{called} has no header line. Export it again, with its header.")
    if len(header) > MOST_COLUMNS:
        raise UnreadableInput(f"{called} has {len(header)} columns; {MOST_COLUMNS} is the most that is read.")
    return Table(header, lambda: _fitted(table.read(), len(header)), table.encoding, table.delimiter, table.notes)


def _fitted(rows: Iterator[Row], width: int) -> Iterator[Row]:
    next(rows, None)
    for row in rows:
        line, cells, fault = row
        if len(cells) == width:
            yield row
        elif len(cells) < width:
            yield line, cells + [""] * (width - len(cells)), fault
        elif any(cells[width:]):
            yield (
                line,
                cells,
                f"The row has {len(cells)} cells, the header {width}. Put text with commas in quotes.",
            )
        else:
            yield line, cells[:width], fault


def _without_reasons(table: Table) -> Table:
    kept = len(table.header) - len(REJECT_COLUMNS)

    def rows() -> Iterator[Row]:
        for line, cells, fault in table.read():
            if any(cells[:kept]) or fault:
                yield line, [unguard(cell) for cell in cells[:kept]], fault

    header = tuple(unguard(text) for text in table.header[:kept])
    return Table(header, rows, table.encoding, table.delimiter, (*table.notes, "This is a mended list of rejects."))


def _csv_table(path: Path, called: str) -> Table:
    csv.field_size_limit(LONGEST_CELL)
    encoding, notes = _encoding(path, called)
    dialect = _dialect(path, encoding)
    return Table((), lambda: _csv_rows(path, dialect), encoding, dialect.delimiter, notes)


def _encoding(path: Path, called: str) -> tuple[str, tuple[str, ...]]:
    """Decide by the mark, then by strict UTF-8 over the whole file; what is left is windows-1252."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(_UTF16_MARKS):
        if not _decodes(path, "utf-16", called):
            raise UnreadableInput(f"{called} begins as UTF-16 and then isn't. Save it as “CSV UTF-8”.")
        return "utf-16", ()
    marked = start.startswith(codecs.BOM_UTF8)
    if _decodes(path, "utf-8", called):
        return "utf-8-sig" if marked else "utf-8", ()
    encoding = "utf-8-sig" if marked else "cp1252"
    if _decodes(path, encoding, called, errors="replace"):
        return encoding, ("The file isn't UTF-8, so it is read as windows-1252. Check the accented letters.",)
    return encoding, ("Some characters belong to no known encoding and show as �. Save the file as “CSV UTF-8”.",)


def _decodes(path: Path, encoding: str, called: str, errors: str = "strict") -> bool:
    """Say whether a whole file is text of an encoding, refusing what is no text or has no lines.

    With `errors` replaced, says whether nothing had to be.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    whole, since = True, 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
            if "\0" in text:
                raise UnreadableInput(f"{called} isn't text but some other kind of file. Export it as CSV or .xlsx.")
            whole = whole and (errors == "strict" or "\ufffd" not in text)
            newest = max(text.rfind("\n"), text.rfind("\r"))
            since = since + len(text) if newest < 0 else len(text) - newest - 1
            if since > LONGEST_LINE:
                raise UnreadableInput(
                    f"{called} has a line of over {LONGEST_LINE:,} characters. Export it as CSV or .xlsx."
                )
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return whole


def _dialect(path: Path, encoding: str) -> _Dialect:
    """Choose the delimiter that makes the widest header which the first rows agree with and no quotes are cut by."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        said = _SEPARATOR_LINE.fullmatch(file.readline(LONGEST_CELL))
    if said:
        return _Dialect(encoding, said[1], 1)
    best = max(_DELIMITERS, key=lambda delimiter: _agreement(path, _Dialect(encoding, delimiter, 0)))
    return _Dialect(encoding, best, 0)


def _agreement(path: Path, dialect: _Dialect) -> tuple[bool, int]:
    rows = [cells for _, cells, fault in islice(_csv_rows(path, dialect), _SAMPLE_ROWS) if not fault]
    if not rows:
        return False, 0
    width = len(rows[0])
    agreeing = sum(len(cells) == width for cells in rows)
    whole = all(cell.count('"') % 2 == 0 for cell in rows[0])
    return width > 1 and whole and agreeing * 2 >= len(rows), width


def _csv_rows(path: Path, dialect: _Dialect) -> Iterator[Row]:
    """Go through the rows that aren't blank, the header first; a malformed one is handed on with its fault."""
    with path.open(encoding=dialect.encoding, errors="replace", newline="") as file:
        for _ in range(dialect.skipped):
            file.readline()
        reader = csv.reader(file, delimiter=dialect.delimiter, strict=True)
        start = dialect.skipped + 1
        while True:
            try:
                for cells in reader:
                    if any(cells):
                        yield start, cells, ""
                    start = dialect.skipped + reader.line_num + 1
            except csv.Error as error:
                yield start, [], _explain(error)
                if "field larger" in str(error):
                    return
                start = dialect.skipped + reader.line_num + 1
            else:
                return


def _explain(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "A quotation mark is opened here and never closed, so nothing after it can be read. Close it."
    if "field larger" in str(error):
        return f"A cell has over {LONGEST_CELL:,} characters, so nothing after it is read. Is a quotation mark open?"
    return "The quotation marks in this line don't fit. Write a quotation mark inside a cell twice."
