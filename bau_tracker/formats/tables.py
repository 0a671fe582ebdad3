"""Decides how a file becomes a header and rows of text: encoding, delimiter, lines, and what can't be read at all.

A row is always as wide as the header. A header is a list, never the keys of a dict: real exports repeat their headers.
What the columns mean is left to the readers of answers, items and detection; workbooks are opened by `workbooks`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.encodings import LONGEST_LINE, decide_encoding
from bau_tracker.formats.guards import unguard
from bau_tracker.formats.workbooks import ZIP_MAGIC, sheet_rows

MOST_COLUMNS: Final = 5_000
"""A real tracker export had 2,261."""
LONGEST_HEADING: Final = 2_000
"""Characters; a question of a survey with its formatting comes to some 1,000."""
LONGEST_HEADER: Final = 500_000
"""Characters of all headings together, which pages show and an import keeps."""
LONGEST_CELL: Final = 1_000_000
REJECT_COLUMNS: Final = ("rejected_line", "rejected_column", "rejected_because")
"""The last columns of a list of rejects; a mended list is read as the file it came from."""

Row = tuple[int, list[str], str]
"""The line a row starts on (the header's counted), its cells, and why it can't be read; empty when it can."""

_OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
DELIMITERS: Final = ",;\t|"
_DELIMITER_WORDS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|", "bar": "|"}
_SAMPLE_ROWS: Final = 20
MOST_BLANK: Final = 1_048_576
"""Blank lines in a row that are passed over: as many as a sheet of Excel has, which may save all of them as CSV."""
_SAMPLE_BLANK: Final = 1_000
_OTHER_KINDS: Final = (
    (b"%PDF", "a PDF. Export the answers themselves, as CSV or .xlsx."),
    (b"\x89PNG", "a picture. Export the answers themselves, as CSV or .xlsx."),
    (b"\xff\xd8\xff", "a picture. Export the answers themselves, as CSV or .xlsx."),
    (b"\x1f\x8b", "a compressed file (.gz). Unpack it first."),
    (b"7z\xbc\xaf", "a compressed file (.7z). Unpack it first."),
    (b"Rar!", "a compressed file (.rar). Unpack it first."),
    (b"{\\rtf", "a text document (.rtf). Export the answers themselves, as CSV or .xlsx."),
)
_LONGEST_NAME: Final = 100
_HEADING_SHOWN: Final = 60
_ENDLESS: Final = "row without end"
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
    header_rows: int = 1

    def __iter__(self) -> Iterator[Row]:
        return self.read()


class _Dialect(NamedTuple):
    """How the text of a file is to be read; `skipped` lines stand before the header."""

    encoding: str
    delimiter: str
    skipped: int


def open_table(path: Path, *, name: str = "", encoding: str = "", delimiter: str = "") -> Table:
    """Recognise a CSV file or an Excel workbook by its content and read its header.

    `name` is what the file was called where `path` isn't it (an upload); `encoding` and `delimiter` are what a person
    says about a file of text. Raises UnreadableInput with what to do.
    """
    called = _shown_name(name or path.name)
    if _first_bytes(path, called).startswith(ZIP_MAGIC):
        rows, notes = sheet_rows(path, called)
        table = _with_header(Table((), rows, notes=notes), called)
    else:
        table = _with_header(_csv_table(path, called, encoding, delimiter), called)
    return _without_reasons(table) if table.header[-len(REJECT_COLUMNS) :] == REJECT_COLUMNS else table


def clean_header(text: str) -> str:
    """Write a header with plain single spaces, none at its ends."""
    return _SPACES.sub(" ", text).strip()


def check_headings(header: Sequence[str], called: str) -> None:
    """Refuse headings that are too long, each or together; raises UnreadableInput with what to do."""
    for place, text in enumerate(header, 1):
        if len(text) > LONGEST_HEADING:
            raise UnreadableInput(
                f"The heading of column {place} of {called} has {len(text):,} characters, {LONGEST_HEADING:,} is the "
                f"most. Shorten it, or is its first line no header? It begins: “{text[:_HEADING_SHOWN]}…”"
            )
    if (together := sum(map(len, header))) > LONGEST_HEADER:
        raise UnreadableInput(
            f"The headings of {called} have {together:,} characters together, {LONGEST_HEADER:,} is the most. "
            "Export fewer columns, or shorten their headings."
        )


def _shown_name(name: str) -> str:
    """Give what a file is called in messages: its own name, without folders and whatever doesn't belong in a line."""
    own = clean_header(re.split(r"[\\/]", name.rstrip("\\/"))[-1])
    return "".join(character for character in own if character.isprintable())[:_LONGEST_NAME] or "The file"


def _first_bytes(path: Path, called: str) -> bytes:
    if called.startswith("~$"):
        raise UnreadableInput(
            f"{called} is only the lock file that Excel keeps beside an open workbook. Choose the workbook itself."
        )
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe would be waited for without end
        raise UnreadableInput(f"{called} is no file that can be read twice. Save it as a file first.")
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
    for magic, kind in _OTHER_KINDS:
        if start.startswith(magic):
            raise UnreadableInput(f"{called} is {kind}")
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
    check_headings(header, called)
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


def _csv_table(path: Path, called: str, encoding: str, delimiter: str) -> Table:
    csv.field_size_limit(LONGEST_CELL)
    found, notes = decide_encoding(path, called, encoding)
    dialect = _dialect(path, found, delimiter)
    return Table((), lambda: _csv_rows(path, dialect), dialect.encoding, dialect.delimiter, notes)


def check_delimiter(name: str) -> str:
    """Give the character of a delimiter, which may be said in words; raises UnreadableInput for any other."""
    said = name if name in DELIMITERS else name.strip()
    found = _DELIMITER_WORDS.get(said.casefold(), said)
    if len(found) != 1 or found not in DELIMITERS:
        raise UnreadableInput(f"“{name}” is no delimiter that is read here. Use one of: , ; | tab.")
    return found


def _dialect(path: Path, encoding: str, told: str) -> _Dialect:
    """Take the delimiter that was told, or that the first line or the first rows speak for."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline(16)
    said = _SEPARATOR_LINE.fullmatch(first)
    if told or said:
        return _Dialect(encoding, check_delimiter(told) if told else said[1] if said else ",", 1 if said else 0)
    best = max(DELIMITERS, key=lambda delimiter: _agreement(path, _Dialect(encoding, delimiter, 0)))
    return _Dialect(encoding, best, 0)


def _agreement(path: Path, dialect: _Dialect) -> tuple[bool, int]:
    sample = islice(_csv_rows(path, dialect, _SAMPLE_BLANK), _SAMPLE_ROWS)
    rows = [cells for _, cells, fault in sample if not fault]
    if not rows:
        return False, 0
    width = len(rows[0])
    agreeing = sum(len(cells) == width for cells in rows)
    whole = all(cell.count('"') % 2 == 0 for cell in rows[0])
    return width > 1 and whole and agreeing * 2 >= len(rows), width


def _csv_rows(path: Path, dialect: _Dialect, most_blank: int = MOST_BLANK) -> Iterator[Row]:
    """Go through the rows that aren't blank, the header first; a malformed one is handed on with its fault."""
    with path.open(encoding=dialect.encoding, errors="replace", newline="") as file:
        for _ in range(dialect.skipped):
            file.readline()
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
        start, blank = dialect.skipped + 1, 0
        while True:
            try:
                for cells in reader:
                    if any(cells):
                        blank = 0
                        yield start, cells, ""
                    elif (blank := blank + 1) > most_blank:
                        yield (
                            start,
                            [],
                            f"Over {most_blank:,} lines before this one are blank, so nothing after is read.",
                        )
                        return
                    lines.length = 0
                    start = dialect.skipped + reader.line_num + 1
            except csv.Error as error:
                yield start, [], _explain(error)
                if _is_endless(error):
                    return
                lines.length = 0
                start = dialect.skipped + reader.line_num + 1
            else:
                return


class _Lines:
    """Hands on the lines of a file as long as the row that they belong to stays short enough."""

    __slots__ = ("_lines", "length")

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.length = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.length += len(line)
            if self.length > LONGEST_LINE:
                raise csv.Error(_ENDLESS)
            yield line


def _is_endless(error: csv.Error) -> bool:
    return "field larger" in str(error) or str(error) == _ENDLESS


def _explain(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "A quotation mark is opened here and never closed, so nothing after it can be read. Close it."
    if "field larger" in str(error):
        return f"A cell has over {LONGEST_CELL:,} characters, so nothing after it is read. Is a quotation mark open?"
    if _is_endless(error):
        return f"A row has over {LONGEST_LINE:,} characters, so nothing after it is read. Is a quotation mark open?"
    return "The quotation marks in this line don't fit. Write a quotation mark inside a cell twice."
