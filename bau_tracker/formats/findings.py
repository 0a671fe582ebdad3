"""Decides what only a whole file can settle: the order of its dates, and whether its numbers are hours or percent.

It also counts what will be left out or cut, so that a person is told before anything is stored.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import DateOrder, Mapping, Unit
from bau_tracker.domain.surveys import LONGEST_COMMENT
from bau_tracker.formats.chips import read_chips
from bau_tracker.formats.dates import OrderEvidence
from bau_tracker.formats.headers import SPLIT_FIELDS
from bau_tracker.formats.tables import Row
from bau_tracker.formats.values import parse_amount, unit_in

WHOLE: Final = 100.0
ROUNDING: Final = 0.5
"""Percent by which shares that people rounded may miss the whole."""

_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Findings:
    """What the first pass learned of a file: `units` by column of the split, `scale` what numbers are times."""

    units: dict[str, Unit] = field(default_factory=dict)
    scale: float = 1.0
    order: DateOrder | None = None
    notes: tuple[str, ...] = ()


def look_over(rows: Iterable[Row], header: Sequence[str], positions: dict[str, int], mapping: Mapping) -> Findings:
    """Go through a file once; raise UnreadableInput when nothing settles the order of its dates."""
    dated = [positions[name] for name in ("week", "answered_at") if name in positions]
    split = {name: positions[name] for name in SPLIT_FIELDS if name in positions}
    excessive, comment = positions.get("excessive"), positions.get("comment")
    evidence, numbers, texts = OrderEvidence(), _Numbers(), _Texts()
    for _, cells, fault in rows:
        if fault:
            continue
        for index in dated:
            evidence.see(cells[index])
        numbers.see([cells[index] for index in split.values()])
        texts.see("" if excessive is None else cells[excessive], "" if comment is None else cells[comment])
    declared = {name: mapping.unit or unit_in(header[index]) for name, index in split.items()}
    units, scale, notes = _units(declared, numbers)
    order = evidence.settle(mapping.date_order)
    said = (f"Dates are read with the {order} first.",) if order and evidence.needed else ()
    return Findings(units, scale, order, (*said, *notes, *texts.notes()))


@dataclass(slots=True)
class _Numbers:
    """What the rows' bare numbers add up to; `most` is the largest one, `marked` says that some carry a unit."""

    rows: int = 0
    wholes: int = 0
    ones: int = 0
    most: float = 0.0
    marked: bool = False

    def see(self, cells: Sequence[str]) -> None:
        try:
            amounts = [parse_amount(text) for text in cells if text and not text.isspace()]
        except InvalidInput:
            return
        bare = [amount for amount, unit in amounts if unit is None]
        self.marked = self.marked or len(bare) < len(amounts)
        total = math.fsum(bare)
        if total > 0:
            self.rows += 1
            self.wholes += abs(total - WHOLE) <= ROUNDING
            self.ones += abs(total - 1) <= ROUNDING / WHOLE
            self.most = max(self.most, *bare)


def _units(declared: dict[str, Unit | None], numbers: _Numbers) -> tuple[dict[str, Unit], float, tuple[str, ...]]:
    """Settle the unit of each column, and whether percent are written as 0.6."""
    small = numbers.rows > 0 and not numbers.marked and numbers.most <= 1
    if Unit.PERCENT in declared.values():
        units = {name: unit or Unit.HOURS for name, unit in declared.items()}
        if small and set(units.values()) == {Unit.PERCENT}:
            return units, WHOLE, ("Shares are written as 0.6 for 60 %.",)
        return units, 1.0, ()
    if not any(declared.values()) and numbers.rows and not numbers.marked:
        if numbers.wholes == numbers.rows:
            note = "The numbers of every row add up to 100, so they are read as percent, not hours."
            return dict.fromkeys(declared, Unit.PERCENT), 1.0, (note,)
        if numbers.ones == numbers.rows and small:
            note = "The numbers of every row add up to 1, so they are read as shares: 0.6 for 60 %."
            return dict.fromkeys(declared, Unit.PERCENT), WHOLE, (note,)
    return {name: unit or Unit.HOURS for name, unit in declared.items()}, 1.0, ()


@dataclass(slots=True)
class _Texts:
    """What of the texts won't be kept."""

    unknown: int = 0
    examples: list[str] = field(default_factory=list)
    long: int = 0

    def see(self, excessive: str, comment: str) -> None:
        if excessive:
            for option in read_chips(excessive)[1]:
                self.unknown += 1
                if len(self.examples) < _EXAMPLES and option not in self.examples:
                    self.examples.append(option)
        self.long += len(comment.strip()) > LONGEST_COMMENT

    def notes(self) -> tuple[str, ...]:
        found = []
        if self.unknown:
            named = ", ".join(f"“{option[:60]}”" for option in self.examples)
            found.append(
                f"Named as excessive but no known complaint, so left out: {self.unknown} times, such as {named}."
            )
        if self.long:
            found.append(f"Comments of over {LONGEST_COMMENT} characters are cut: {self.long}.")
        return tuple(found)
