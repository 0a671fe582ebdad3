"""Decides how work items to be classified are read from CSV, and how their classes are written to it.

Reading streams: rows that can't be taken come as problems between the records. What an item is about is left to
`domain.classification`.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, TextIO

from bau_tracker.domain.classification import Classification
from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import Problem
from bau_tracker.formats.guards import guard

COLUMNS: Final = ("id", "predicted_class", "confidence", "evidence")

_REQUIRED: Final = ("id", "title")
_TEXT_COLUMNS: Final = ("body_excerpt", "description")
_DELIMITERS: Final = ",;\t"
_BLOCK: Final = 1 << 16
_LONGEST_CELL: Final = 16 << 20
_NUL_SHARE: Final = 0.05
_SIGNS_NAMED: Final = 5
_NOT_TEXT: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class UnclassifiedItem:
    """A work item as a file tells it, empty where it says nothing; `line` is where its row begins, counted from 1."""

    line: int
    item_id: str
    title: str
    text: str = ""
    labels: tuple[str, ...] = ()
    item_type: str = ""


def read_items(file: BinaryIO) -> Iterator[UnclassifiedItem | Problem]:
    """Read work items from a seekable CSV file, UTF-8 or else windows-1252, with `,`, `;` or tabs between cells.

    Raises UnreadableInput before the first row for an empty file, one that isn't text, or one without the columns id
    and title; later, for a row that can't be told apart from the next.
    """
    encoding = _encoding(file)
    first = _decoded(file.readline(_BLOCK), encoding)
    header, delimiter = _header(first)
    file.seek(0)
    return _rows((_decoded(line, encoding) for line in file), header, delimiter)


def write_classes(file: TextIO, classified: Iterable[tuple[str, Classification]]) -> None:
    """Write one row an item under the header `COLUMNS`; texts can't be taken for formulas by a spreadsheet."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item_id, classification in classified:
        confidence = f"{classification.confidence:.4f}"
        signs = "; ".join(f"{sign} ({sign.weight:+.1f})" for sign in classification.evidence[:_SIGNS_NAMED])
        writer.writerow((_guarded_id(item_id), classification.item_class.value, confidence, guard(signs)))


def _encoding(file: BinaryIO) -> str:
    start = file.read(_BLOCK)
    if not start.strip():
        raise UnreadableInput("The file is empty. It needs a header with the columns id and title, then a row an item.")
    if start.startswith(_NOT_TEXT) or start.count(0) > len(start) * _NUL_SHARE:
        raise UnreadableInput("The file is not text. Save it as CSV in UTF-8, then try again.")
    encoding = "utf-8" if _is_utf8(start, file) else "cp1252"
    file.seek(0)
    return encoding


def _decoded(line: bytes, encoding: str) -> str:
    return line.removeprefix(codecs.BOM_UTF8).decode(encoding, errors="replace")


def _is_utf8(start: bytes, file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    block = start
    try:
        while block:
            decoder.decode(block)
            block = file.read(_BLOCK)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _header(line: str) -> tuple[dict[str, int], str]:
    """Find the columns by name, and what stands between cells."""
    delimiter = max(_DELIMITERS, key=line.count)
    names = [name.strip().lower() for name in next(csv.reader([line], delimiter=delimiter), [])]
    missing = [name for name in _REQUIRED if name not in names]
    if missing:
        found = ", ".join(f"“{name[:30]}”" for name in names[:10] if name) or "nothing"
        columns = "column" if len(missing) == 1 else "columns"
        raise UnreadableInput(f"The file lacks the {columns} {' and '.join(missing)}; its first line has {found}.")
    return {name: names.index(name) for name in names if name}, delimiter


def _rows(lines: Iterator[str], header: dict[str, int], delimiter: str) -> Iterator[UnclassifiedItem | Problem]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter)
    width = len(next(reader))
    line = reader.line_num + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _row(line, cells, header, width)
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableInput(f"Line {line} can't be read ({error}); a quote may be missing before it.") from error


def _row(line: int, cells: Sequence[str], header: dict[str, int], width: int) -> UnclassifiedItem | Problem:
    if len(cells) > width:
        message = f"The row has {len(cells)} cells, the header {width}; put quotes around cells that hold commas."
        return Problem(line, "", message, tuple(cells))

    def cell(name: str) -> str:
        index = header.get(name)
        return cells[index] if index is not None and index < len(cells) else ""

    item_id = cell("id").strip()
    if not item_id:
        return Problem(line, "id", "The row has no id.", tuple(cells))
    text = next((found for name in _TEXT_COLUMNS if (found := cell(name)).strip()), "")
    labels = tuple(label.strip() for label in re.split("[,;]", cell("labels")) if label.strip())
    return UnclassifiedItem(line, item_id, cell("title"), text, labels, cell("item_type").strip())


def _guarded_id(text: str) -> str:
    """Guard an id, but not a negative number, which is none the less a number."""
    return text if _NUMBER.fullmatch(text) else guard(text)
