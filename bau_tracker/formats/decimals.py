"""Decides whether a point or a comma before three digits parts off decimals or thousands: `1.020` beside `22,5`.

Alone such a number has decimals, since no week has a thousand hours. The other numbers of its column can say otherwise;
where they contradict each other, nobody but who wrote it knows, and the row is left to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import Unit
from bau_tracker.formats.remembering import LONGEST, MOST
from bau_tracker.formats.values import parse_amount

_MARKED: Final = re.compile(r"[-+]?(\d*)([.,])(\d*)(?!\d)")
_GROUPED: Final = re.compile(r"[-+]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*(?!\d)")
_LONGEST_NUMBER: Final = 40
_BOTH: Final = frozenset(".,")


class Thousands(StrEnum):
    """What parts off thousands in a column where some number has three digits behind a mark."""

    POINT = "."
    COMMA = ","
    UNKNOWN = "?"


class Decimals:
    """What the numbers of some columns, by the name of their field, have shown; rows that say the same count once."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        self._columns = tuple(columns.items())
        self._seen: set[tuple[str, ...]] = set()
        self._decimal: dict[str, set[str]] = {name: set() for name in columns}
        self._grouped: dict[str, dict[str, str]] = {name: {} for name in columns}

    def see(self, cells: Sequence[str]) -> None:
        """Look at a row."""
        texts = tuple([cells[column] for _, column in self._columns])
        if texts in self._seen:
            return
        if len(self._seen) < MOST and len("".join(texts)) <= LONGEST:
            self._seen.add(texts)
        for (name, _), text in zip(self._columns, texts, strict=True):
            if ("," in text or "." in text) and len(text) <= _LONGEST_NUMBER:
                self._see(name, text.strip())

    def thousands(self) -> dict[str, Thousands]:
        """Say by field what parts off thousands, or that it can't be told; without the fields where nothing does."""
        found = {name: self._settle(name) for name, _ in self._columns}
        return {name: mark for name, mark in found.items() if mark is not None}

    def notes(self, headings: Mapping[str, str]) -> tuple[str, ...]:
        """Say what was made of such numbers, with the headings of the fields."""
        return tuple(self._note(name, mark, headings[name]) for name, mark in self.thousands().items())

    def _see(self, name: str, text: str) -> None:
        if grouped := _GROUPED.match(text):
            self._grouped[name].setdefault(grouped[1], text)
        elif marked := _MARKED.match(text):
            self._decimal[name].add(marked[2])

    def _settle(self, name: str) -> Thousands | None:
        decimal, grouped = self._decimal[name], self._grouped[name]
        if decimal == _BOTH or (not decimal and len(grouped) > 1):
            return Thousands.UNKNOWN if grouped else None
        other = next((mark for mark in grouped if decimal and mark not in decimal), None)
        return Thousands(other) if other else None

    def _note(self, name: str, mark: Thousands, heading: str) -> str:
        example = self._grouped[name].get(mark) or next(iter(self._grouped[name].values()))
        if mark is Thousands.UNKNOWN:
            return (
                f"“{heading[:60]}” has decimals with a point in some rows and with a comma in others, so it isn't "
                f"known what numbers such as {example} mean: those rows are rejected."
            )
        own, others = ("comma", "point") if mark is Thousands.POINT else ("point", "comma")
        return f"“{heading[:60]}” has decimals with a {own}, so the {others} in {example} parts off thousands."


def amounts_with(thousands: Thousands | None) -> Callable[[str], tuple[float, Unit | None]]:
    """Give what reads the amounts of a column, as `parse_amount` does."""
    if thousands is None:
        return parse_amount

    def parse(text: str) -> tuple[float, Unit | None]:
        grouped = _GROUPED.match(text.strip())
        if grouped and thousands is Thousands.UNKNOWN:
            whole = re.sub(r"[.,]", "", text)
            raise InvalidInput(
                f"“{text}” could be {text.replace(',', '.')} or {whole}, as the column has decimals with a point in "
                "some rows and with a comma in others. Write two decimals, or none."
            )
        return parse_amount(text.replace(thousands, "") if grouped and grouped[1] == thousands else text)

    return parse
