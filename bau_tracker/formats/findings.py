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
from bau_tracker.domain.taxonomy import Kind
from bau_tracker.formats.chips import read_chips
from bau_tracker.formats.comments import has_room, in_own_words
from bau_tracker.formats.dates import OrderEvidence, is_placeholder
from bau_tracker.formats.decimals import Decimals, Thousands
from bau_tracker.formats.headers import SPLIT_FIELDS
from bau_tracker.formats.options import Option, ticked
from bau_tracker.formats.remembering import MOST, Remembered
from bau_tracker.formats.survey_tools import Form, is_unfinished
from bau_tracker.formats.tables import Row
from bau_tracker.formats.values import parse_amount, unit_in

WHOLE: Final = 100.0
ROUNDING: Final = 0.5
"""Percent by which shares that people rounded may miss the whole."""

AMOUNTS: Final = (*SPLIT_FIELDS, "hours_available", "callouts")
_EXAMPLES: Final = 3
_ANONYMOUS: Final = frozenset(("", "anonymous", "anonym", "anonyme", "anónimo"))


@dataclass(frozen=True, slots=True)
class Findings:
    """What the first pass learned of a file: `units` by column of the split, `scale` what numbers are times.

    `thousands` says by field what parts off thousands, where anything does; `doubt` what of the order of dates only
    a person can settle, `rest` is the part of the week that no column holds and that is what the others leave,
    `undated` says that no answer has a real date, `rows` counts all rows.
    """

    units: dict[str, Unit] = field(default_factory=dict)
    scale: float = 1.0
    order: DateOrder | None = None
    doubt: str = ""
    rest: str = ""
    undated: bool = False
    rows: int = 0
    thousands: dict[str, Thousands] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def is_name(text: str) -> bool:
    """Say whether a cell tells whose a row is; Microsoft Forms writes “anonymous” where it doesn't know."""
    return text.strip().casefold() not in _ANONYMOUS


def look_over(
    rows: Iterable[Row],
    questions: Sequence[str],
    positions: dict[str, int],
    mapping: Mapping,
    form: Form,
    options: Sequence[Option] = (),
) -> Findings:
    """Go through a file once, and settle what it lets be settled."""
    split = {name: positions[name] for name in SPLIT_FIELDS if name in positions}
    dates = _Dates(positions.get("week"), positions.get("answered_at"), form.times)
    numbers, texts, people = _Numbers(list(split.values())), _Texts(positions, options), _People(positions)
    amounts = {name: positions[name] for name in AMOUNTS if name in positions}
    decimals = Decimals(amounts)
    unfinished = count = 0
    for _, cells, fault in rows:
        count += 1
        if fault:
            continue
        if is_unfinished(form, cells):
            unfinished += 1
            if not mapping.keep_all:
                continue
        dates.see(cells)
        numbers.see(cells)
        decimals.see(cells)
        texts.see(cells)
        people.see(cells)
    declared = {name: mapping.unit or unit_in(questions[index]) for name, index in split.items()}
    units, scale, notes = _units(declared, numbers)
    rest = _rest(units)
    order = mapping.date_order or dates.evidence.order
    undated = dates.placeholders > 0 and not dates.real
    said = (
        *((f"Dates are read with the {order} first.",) if order and dates.evidence.needed else ()),
        *((_UNDATED,) if undated else ()),
        *_unfinished_notes(unfinished, mapping),
        *notes,
        *decimals.notes({name: questions[index] for name, index in amounts.items()}),
        *((_REST[rest],) if rest else _short_notes(units, numbers)),
        *texts.notes(),
        *people.notes(),
    )
    doubt = "" if mapping.date_order else dates.evidence.doubt
    return Findings(units, scale, order, doubt, rest, undated, count, decimals.thousands(), said)


def _short_notes(units: dict[str, Unit], numbers: _Numbers) -> tuple[str, ...]:
    """Say that shares leave something of the week over, where they do."""
    if set(units.values()) != {Unit.PERCENT} or not numbers.any or numbers.all_wholes or numbers.all_ones:
        return ()
    return ("The shares of some rows add up to less than 100 %: what is missing counts as time away.",)


_UNDATED: Final = "The tool hides when answers were given, so all its dates are the same and say nothing."
_REST: Final = {
    "planned": "No column holds the planned work, so what the others leave of the week is taken for it.",
    "other_bau": "No column holds the unplanned work, so the rest of the week is taken for other BAU.",
}


class _Dates:
    """What the dates of the rows have shown."""

    def __init__(self, week: int | None, answered: int | None, times: Sequence[int]) -> None:
        self._columns = [index for index in (week, answered, *times) if index is not None]
        self._answered = answered
        self.evidence = OrderEvidence()
        self.placeholders = 0
        self.real = False

    def see(self, cells: Sequence[str]) -> None:
        for index in self._columns:
            if text := cells[index]:
                self.evidence.see(text)
        if self._answered is not None and not self.real and (text := cells[self._answered].strip()):
            hidden = is_placeholder(text)
            self.placeholders += hidden
            self.real = not hidden


class _Numbers:
    """What the rows' bare numbers add up to; `most` is the largest one, `marked` says that some carry a unit.

    `percent` says that every number is marked as percent. Rows that say the same count once.
    """

    def __init__(self, columns: Sequence[int]) -> None:
        self._columns = columns
        self._seen: set[tuple[str, ...]] = set()
        self._amounts = Remembered(parse_amount)
        self.any = False
        self.all_wholes = self.all_ones = True
        self.most = 0.0
        self.marked = False
        self.percent = True

    def see(self, cells: Sequence[str]) -> None:
        texts = tuple([cells[index] for index in self._columns])
        if texts in self._seen:
            return
        if len(self._seen) < MOST:
            self._seen.add(texts)
        try:
            amounts = [self._amounts[text] for text in texts if text and not text.isspace()]
        except InvalidInput:
            return
        bare = [amount for amount, unit in amounts if unit is None]
        self.marked = self.marked or len(bare) < len(amounts)
        self.percent = self.percent and all(unit is Unit.PERCENT for _, unit in amounts)
        total = math.fsum(bare)
        if total > 0:
            self.any = True
            self.all_wholes = self.all_wholes and abs(total - WHOLE) <= ROUNDING
            self.all_ones = self.all_ones and abs(total - 1) <= ROUNDING / WHOLE
            self.most = max(self.most, *bare)


def _units(declared: dict[str, Unit | None], numbers: _Numbers) -> tuple[dict[str, Unit], float, tuple[str, ...]]:
    """Settle the unit of each column, and whether percent are written as 0.6."""
    small = numbers.any and not numbers.marked and numbers.most <= 1
    if Unit.PERCENT in declared.values():
        units = {name: unit or Unit.HOURS for name, unit in declared.items()}
        if small and set(units.values()) == {Unit.PERCENT}:
            return units, WHOLE, ("Shares are written as 0.6 for 60 %.",)
        return units, 1.0, ()
    if not any(declared.values()) and numbers.marked and numbers.percent:
        return dict.fromkeys(declared, Unit.PERCENT), 1.0, ()
    if not any(declared.values()) and len(declared) > 1 and numbers.any and not numbers.marked:
        if numbers.all_wholes:
            note = "The numbers of every row add up to 100, so they are read as percent, not hours."
            return dict.fromkeys(declared, Unit.PERCENT), 1.0, (note,)
        if numbers.all_ones and small:
            note = "The numbers of every row add up to 1, so they are read as shares: 0.6 for 60 %."
            return dict.fromkeys(declared, Unit.PERCENT), WHOLE, (note,)
    return {name: unit or Unit.HOURS for name, unit in declared.items()}, 1.0, ()


def _rest(units: dict[str, Unit]) -> str:
    """Name the part of the week that is what the others leave: shares of a whole say it, hours don't."""
    if not units or set(units.values()) != {Unit.PERCENT}:
        return ""
    kinds = any(kind.value in units for kind in Kind)
    if "planned" in units:
        return "" if kinds else Kind.OTHER_BAU.value
    return "planned" if kinds else ""


def _unfinished_notes(unfinished: int, mapping: Mapping) -> tuple[str, ...]:
    if not unfinished:
        return ()
    if mapping.keep_all:
        return (f"Unfinished answers are taken along, as you said: {unfinished}.",)
    return (f"Unfinished answers are left out: {unfinished}. They can be taken along.",)


_COUNTS_ANEW: Final = (
    "One that was changed in the tool since an earlier import can't be told from a new one, so it counts anew. Export "
    "with ids or addresses; or undo the earlier import first, if this file has its rows too."
)


class _People:
    """How many rows say neither by an address nor by an id whose they are."""

    def __init__(self, positions: dict[str, int]) -> None:
        self._columns = [positions[name] for name in ("respondent", "email") if name in positions]
        self._nameless = 0

    def see(self, cells: Sequence[str]) -> None:
        for column in self._columns:
            text = cells[column]
            if "@" in text or is_name(text):
                return
        self._nameless += 1

    def notes(self) -> tuple[str, ...]:
        if not self._nameless:
            return ()
        return (f"Rows with neither an address nor a response id: {self._nameless}. {_COUNTS_ANEW}",)


class _Texts:
    """What of the texts is kept elsewhere, or not at all."""

    def __init__(self, positions: dict[str, int], options: Sequence[Option]) -> None:
        self._excessive, self._comment = positions.get("excessive"), positions.get("comment")
        self._options = options
        self._unknown_in = Remembered(lambda text: read_chips(text)[1])
        self._unknown = self._without_room = self._long = 0
        self._examples: list[str] = []

    def see(self, cells: Sequence[str]) -> None:
        comment = "" if self._comment is None else cells[self._comment]
        if len(comment) > LONGEST_COMMENT:
            self._long += len(comment.strip()) > LONGEST_COMMENT
        unknown: tuple[str, ...] = ()
        if self._excessive is not None and cells[self._excessive]:
            unknown = self._unknown_in[cells[self._excessive]]
        if self._options and (said := ticked(self._options, cells)):
            unknown = (*unknown, *self._unknown_in[said])
        if unknown:
            self._count(unknown, comment.strip())

    def notes(self) -> tuple[str, ...]:
        found = []
        if self._unknown:
            named = ", ".join(f"“{option[:60]}”" for option in self._examples)
            found.append(
                "Named as excessive in other words than the known complaints, so kept with the comment: "
                f"{self._unknown} times, such as {named}."
            )
        if self._without_room:
            found.append(f"Of those, left out because the comment has no room for them: {self._without_room}.")
        if self._long:
            found.append(f"Comments of over {LONGEST_COMMENT} characters are cut: {self._long}.")
        return tuple(found)

    def _count(self, unknown: Sequence[str], comment: str) -> None:
        self._unknown += len(unknown)
        if not has_room(comment, in_own_words(unknown)):
            self._without_room += len(unknown)
        for option in unknown:
            if len(self._examples) < _EXAMPLES and option not in self._examples:
                self._examples.append(option)
