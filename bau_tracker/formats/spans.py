"""Decides how many rows and columns the XML of a sheet spans, without opening it.

A reader of workbooks reserves room for every cell between the first and the outermost one, so a sheet with a single
cell in its last corner, or one whose cells say no position and are counted on, can take all memory there is.
Sheets as spreadsheets write them are only looked through for positions far out; the others are gone through tag by tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bau_tracker.domain.errors import UnreadableInput

NEAR_ROWS: Final = 99_999
NEAR_COLUMNS: Final = 26
"""What a sheet is taken to span that has no cell farther out: five digits of a row, one letter of a column."""

_OVERLAP: Final = 512
_LONGEST_TAG: Final = 1 << 20
_FAR: Final = re.compile(rb"r\s*=\s*[\"'](?:([A-Za-z]{2,})(?=\d)|[A-Za-z]?(?=\d{6}))(\d+)")
_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?(row|c)(?=[\s/>])((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)")
_POSITION: Final = re.compile(rb"(?<!\S)r\s*=\s*[\"']([A-Za-z]*)(\d*)[\"']")
_UNPLACED: Final = re.compile(rb"<(?:c|row)(?! r=\"[A-Z]{0,3}\d{1,7}\")(?=[\s/>].{32})", re.DOTALL)

Pieces = Callable[[], Iterator[bytes]]


def span(pieces: Pieces, most: int) -> tuple[int, int]:
    """Give the rows and columns that a sheet spans at most; anything over `most` cells may be given as soon as seen.

    `pieces` goes through the XML anew each time. Raises UnreadableInput for a tag without end.
    """
    rows, columns, plain = _glance(pieces())
    if plain and rows * columns <= most:
        return rows, columns
    return _walk(pieces(), most)


def _glance(pieces: Iterable[bytes]) -> tuple[int, int, bool]:
    """Look for positions far out; say too whether all rows and cells say their position first of all."""
    rows, columns, tail = NEAR_ROWS, NEAR_COLUMNS, b""
    plain = True
    for piece in pieces:
        text = tail + piece
        for letters, digits in _FAR.findall(text):
            rows, columns = max(rows, _number(digits)), max(columns, _column(letters))
        plain = plain and not (b":c" in text or b":row" in text or _UNPLACED.search(text))
        tail = text[-_OVERLAP:]
    return rows, columns, plain


def _walk(pieces: Iterable[bytes], most: int) -> tuple[int, int]:
    """Go through all rows and cells, and count on where one says no position; a count never goes back."""
    row = column = rows = columns = 0
    for name, attributes in _tags(pieces):
        said = _POSITION.search(attributes)
        if name == b"row":
            row, column = max(row + 1, _number(said[2]) if said else 0), 0
        else:
            column = max(column + 1, _column(said[1]) if said else 0)
        rows, columns = max(rows, row, _number(said[2]) if said else 0), max(columns, column)
        if rows * columns > most:
            break
    return rows, columns


def _tags(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    tail = b""
    for piece in pieces:
        text = tail + piece
        cut = text.rfind(b"<")
        tail = text[cut:] if cut >= 0 else b""
        if len(tail) > _LONGEST_TAG:
            raise UnreadableInput("A sheet has a tag without end. Export it again, or save it as CSV.")
        yield from _TAG.findall(text, 0, max(cut, 0))
    yield from _TAG.findall(tail)


def _number(digits: bytes) -> int:
    return int(digits[:10] or b"0")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:5].upper():
        number = number * 26 + letter - 64
    return number
