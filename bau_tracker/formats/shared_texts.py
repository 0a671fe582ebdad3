"""Decides how much the texts of a workbook come to once each stands in all of the cells that name it.

A workbook keeps each text once, and cells name it by its number. A reader writes it out for each cell, so half a
megabyte can become gigabytes. Whatever isn't written as spreadsheets write it counts as the longest text.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

_TEXT: Final = re.compile(rb"<(?:[\w.-]{1,60}:)?si(?=[\s/>])")
_CELL: Final = re.compile(
    rb"<(?:[\w.-]{1,60}:)?(?:c(?=[\s/>])(?P<about>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)|v(?=[\s/>])[^<>]*>(?P<value>[^<]*))"
)
SHORTEST_CELL: Final = 20
"""Bytes of a cell that names a text, at least: its tags, and `t="s"`."""
_NAMES_A_TEXT: Final = re.compile(rb"\st\s*=\s*[\"']s[\"']")
_PLAIN: Final = re.compile(rb"\d{1,9}")
_LONGEST_START: Final = 100
"""Bytes within which the tag that begins a text has ended."""


class SharedTexts:
    """Sees the parts of a workbook go by: how many texts they hold, and how many bytes the longest has."""

    def __init__(self) -> None:
        self.count = self.longest = 0
        self.begin_part()

    def begin_part(self) -> None:
        """Say that what comes next is of another part."""
        self._since, self._tail = 0, b""

    def see(self, piece: bytes) -> None:
        """Take a piece of a part into account."""
        text = self._tail + piece
        cut = text.rfind(b"<", -_LONGEST_START)
        self._tail = text[cut:] if cut >= 0 else b""  # so that no tag is cut in two
        size = len(text) - len(self._tail)
        starts = [match.start() for match in _TEXT.finditer(text, 0, size)] if b"si" in text else []
        if not starts:
            self._since += size if self._since else 0
            self.longest = max(self.longest, self._since)
            return
        between = (later - earlier for earlier, later in pairwise(starts))
        first = starts[0] + self._since if self._since else 0
        self._since = size - starts[-1]
        self.count += len(starts)
        self.longest = max(self.longest, first, self._since, *between)


def most_in_cells(longest: int, sheets: Iterable[Iterable[bytes]]) -> int:
    """Say how many bytes the cells' texts have, were each the longest, from the pieces of all parts but the texts."""
    return longest * sum(map(_cells_at_most, sheets))


def bytes_in_cells(texts: Iterable[bytes], sheets: Iterable[Iterable[bytes]]) -> int:
    """Add up the lengths of the texts that cells name, from the pieces of the part of texts and of all the others."""
    lengths = array("L", _lengths(texts))
    longest = max(lengths, default=0)
    total = 0
    for pieces in sheets:
        waits = False  # for the number of a text
        for cell in _cells(pieces):
            if cell["value"] is None:
                total += longest if waits else 0
                waits = _NAMES_A_TEXT.search(cell["about"]) is not None
            elif waits:
                number = int(cell["value"]) if _PLAIN.fullmatch(cell["value"]) else len(lengths)
                total += lengths[number] if number < len(lengths) else longest
                waits = False
        total += longest if waits else 0
    return total


def _cells_at_most(pieces: Iterable[bytes]) -> int:
    """Count the attributes whose value is `s`, also where a piece ends within one."""
    found, tail = 0, b""
    for piece in pieces:
        text = tail + piece
        found += text.count(b'"s"') + text.count(b"'s'")
        tail = text[-2:]
    return found


def _lengths(pieces: Iterable[bytes]) -> Iterator[int]:
    """Give the bytes of each text with its tags."""
    since = -1
    for text in _at_tags(pieces):
        at = 0
        for match in _TEXT.finditer(text):
            if since >= 0:
                yield since + match.start() - at
            since, at = 0, match.start()
        since += len(text) - at if since >= 0 else 0
    if since >= 0:
        yield since


def _cells(pieces: Iterable[bytes]) -> Iterator[re.Match[bytes]]:
    """Give the cells and the values of a sheet, in their order."""
    for text in _at_tags(pieces):
        yield from _CELL.finditer(text)


def _at_tags(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Give the same bytes in pieces that end before a tag; how long one can be was checked before."""
    tail = b""
    for piece in pieces:
        text = tail + piece
        cut = max(text.rfind(b"<"), 0)
        if cut:
            yield text[:cut]
        tail = text[cut:]
    yield tail
