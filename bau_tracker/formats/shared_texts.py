"""Decides how much the texts of a workbook come to once each stands in all of the cells that name it.

A workbook keeps each text once, and cells name it by its number. A reader writes it out for each cell, so half a
megabyte can become gigabytes.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

_TEXT: Final = re.compile(rb"<(?:[\w.-]+:)?si(?=[\s/>])")
_CELL: Final = re.compile(
    rb"<(?:[\w.-]+:)?(?:c(?=[\s/>])((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)|v(?=[\s>])[^<>]*>\s*(\d{1,9}))"
)
_NAMES_A_TEXT: Final = re.compile(rb"\st\s*=\s*[\"']s[\"']")


class SharedTexts:
    """Sees the parts of a workbook go by, and says what their texts could come to at most: `most` bytes."""

    def __init__(self) -> None:
        self._cells = self._longest = self._since = 0

    @property
    def most(self) -> int:
        """Say how many bytes the texts of all cells have, were each the longest one."""
        return self._cells * max(self._longest, self._since)

    def see(self, piece: bytes) -> None:
        """Take a piece of a part into account."""
        self._cells += piece.count(b'"s"') + piece.count(b"'s'")
        starts = [match.start() for match in _TEXT.finditer(piece)] if b"si" in piece else []
        if not starts:
            self._since += len(piece) if self._since else 0
            return
        ends = [starts[0] + self._since, *(later - earlier for earlier, later in pairwise(starts))]
        self._longest, self._since = max(self._longest, *ends), len(piece) - starts[-1]


def bytes_in_cells(texts: Iterable[bytes], sheets: Iterable[Iterable[bytes]]) -> int:
    """Add up the lengths of the texts that cells name, from the pieces of the part of texts and of all the others."""
    lengths = array("L", _lengths(texts))
    total = 0
    for pieces in sheets:
        names_one = False
        for attributes, number in _cells(pieces):
            if number:
                total += lengths[int(number)] if names_one and int(number) < len(lengths) else 0
            else:
                names_one = _NAMES_A_TEXT.search(attributes) is not None
    return total


def _lengths(pieces: Iterable[bytes]) -> Iterator[int]:
    """Give the bytes of each text with its tags."""
    since = -1
    for piece in pieces:
        at = 0
        for match in _TEXT.finditer(piece):
            if since >= 0:
                yield since + match.start() - at
            since, at = 0, match.start()
        since += len(piece) - at if since >= 0 else 0
    if since >= 0:
        yield since


def _cells(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Give the attributes of each cell, and the number in each value."""
    tail = b""
    for piece in pieces:
        text = tail + piece
        cut = max(text.rfind(b"<"), 0)
        yield from _CELL.findall(text, 0, cut)
        tail = text[cut:]
    yield from _CELL.findall(tail)
