"""Decides how all that is wrong with a row is told at once, so that who mends it needn't come back for the next fault.

A row is read straight through, which stops at its first fault; only then is each of its parts tried by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import Problem

LONGEST: Final = 1000
"""Characters of a reason, all faults of a row together; what is longer is cut."""
_LONGEST_COLUMN: Final = 60
MOST_ROWS: Final = 20_000
"""Rejected rows of a file that are gone through part by part; nobody mends more by hand, and it takes time."""


def fault_in(part: Callable[[], object]) -> InvalidInput | None:
    """Give what is wrong with a part of a row; None when it can be read."""
    try:
        part()
    except InvalidInput as error:
        return error
    return None


def faults_in(parts: Iterable[Callable[[], object]]) -> list[InvalidInput]:
    """Give what is wrong with the parts of a row, in their order."""
    return [fault for part in parts if (fault := fault_in(part)) is not None]


class Faults:
    """Makes problems of the rows of one file that can't be taken; `heading` gives the heading of a field."""

    def __init__(self, heading: Callable[[str], str]) -> None:
        self._heading = heading
        self._rows = 0

    def problem(
        self, line: int, row: Sequence[str], first: InvalidInput, others: Callable[[], Iterable[InvalidInput]]
    ) -> Problem:
        """Give the problem of a row: the fault at which reading it stopped and the `others`, one of each column."""
        self._rows += 1
        by_column: dict[str, InvalidInput] = {}
        for fault in (first, *(others() if self._rows <= MOST_ROWS else ())):
            by_column.setdefault(self._heading(fault.field), fault)
        if len(by_column) == 1:
            return Problem(line, self._heading(first.field), first.message, tuple(row))
        names = [_cut(column, _LONGEST_COLUMN) for column in by_column]
        told = [
            f"“{name}”: {fault.message}" if name else fault.message
            for name, fault in zip(names, by_column.values(), strict=True)
        ]
        return Problem(line, "; ".join(filter(None, names)), _cut(" ".join(told), LONGEST), tuple(row))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
