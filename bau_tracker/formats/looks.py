"""Decides what a column of a foreign file looks like, from a sample of its values, and what each column is called.

What a column means is left to `headers`, `survey_tools` and `suggestions`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import ColumnLook, Unit
from bau_tracker.formats.dates import is_date
from bau_tracker.formats.tables import Row
from bau_tracker.formats.values import parse_amount, parse_yes_no

SAMPLE_ROWS: Final = 200
_MOST_VALUES: Final = 40
_LONGEST_VALUE: Final = 200
_EXAMPLES: Final = 3
_SHOWN: Final = 60
_A_FEW: Final = 8
_ADDRESS: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
_LONGEST_ADDRESS: Final = 254

Sample = tuple[tuple[str, ...], ...]
"""The different values of each column in the first rows, blank ones left out."""


def column_names(header: Sequence[str]) -> tuple[str, ...]:
    """Give each column a name unlike any other's: “Other (1)” and “Other (2)”, “(column 7)” for an empty heading."""
    repeats = Counter(header)
    alone = frozenset(text for text, times in repeats.items() if text and times == 1)
    taken, seen = set(alone), Counter[str]()
    names = []
    for place, text in enumerate(header, 1):
        if text in alone:
            names.append(text)
            continue
        name = "" if text else f"(column {place})"
        while not name or name in taken:
            seen[text] += 1
            name = f"{text or f'(column {place})'} ({seen[text]})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def sample_of(rows: Iterable[Row], width: int) -> Sample:
    """Collect the different values of each column in the first rows."""
    found: list[dict[str, None]] = [{} for _ in range(width)]
    for _, cells, fault in islice(rows, SAMPLE_ROWS):
        if fault:
            continue
        for values, cell in zip(found, cells, strict=True):
            text = cell[:_LONGEST_VALUE].strip()
            if text and len(values) < _MOST_VALUES:
                values[text] = None
    return tuple(tuple(values) for values in found)


def look_of(name: str, values: Sequence[str]) -> ColumnLook:
    """Describe a column by a few of its values."""
    examples = tuple(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…" for text in values[:_EXAMPLES])
    return ColumnLook(name, examples, _looks_like(values))


def _looks_like(values: Sequence[str]) -> str:
    if not values:
        return "empty"
    for words, fits in _LOOKS:
        if all(map(fits, values)):
            return words
    return "a few choices" if len(values) <= _A_FEW and max(map(len, values)) <= _SHOWN else "text"


def _amount_in(*units: Unit | None) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            return parse_amount(text)[1] in units
        except InvalidInput:
            return False

    return fits


def _is_yes_no(text: str) -> bool:
    try:
        parse_yes_no(text)
    except InvalidInput:
        return False
    return not text.isdecimal()


_LOOKS: Final[tuple[tuple[str, Callable[[str], bool]], ...]] = (
    ("e-mail addresses", lambda text: len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None),
    ("numbers", _amount_in(None)),
    ("percentages", _amount_in(Unit.PERCENT, None)),
    ("hours", _amount_in(Unit.HOURS, Unit.DAYS, None)),
    ("dates", is_date),
    ("yes or no", _is_yes_no),
)
