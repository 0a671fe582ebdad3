"""Decides how the columns of a file are named and shown to a person who says which holds what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bau_tracker.domain.importing import ColumnLook

MOST_EXAMPLES: Final = 3
LONGEST_EXAMPLE: Final = 60


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Name every column unlike any other: “Labels (2)” is the second called so, “(column 7)” has no header."""
    times, seen, taken = Counter(header), Counter[str](), set(header)
    names = []
    for place, text in enumerate(header, 1):
        seen[text] += 1
        name = f"{text} ({seen[text]})" if times[text] > 1 else text
        if not text or (times[text] > 1 and name in taken):
            name = f"(column {place})"
        names.append(name)
    return tuple(names)


class Looks:
    """Collects a few different values of each column."""

    def __init__(self, header: Sequence[str]) -> None:
        self._names = column_names(header)
        self._examples: list[list[str]] = [[] for _ in header]
        self._wanting = set(range(len(header)))

    def see(self, cells: Sequence[str]) -> None:
        """Take a row into account."""
        for index in tuple(self._wanting):
            text = " ".join(cells[index][: 2 * LONGEST_EXAMPLE].split())
            short = text if len(text) <= LONGEST_EXAMPLE else f"{text[: LONGEST_EXAMPLE - 1]}…"
            if short and short not in self._examples[index]:
                self._examples[index].append(short)
                if len(self._examples[index]) == MOST_EXAMPLES:
                    self._wanting.discard(index)

    def looks(self) -> tuple[ColumnLook, ...]:
        """Give the columns as seen so far."""
        return tuple(
            ColumnLook(name, tuple(examples)) for name, examples in zip(self._names, self._examples, strict=True)
        )
