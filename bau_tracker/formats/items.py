"""Decides how a file of work items is read: as JSON or a table, by which tracker, with which date order.

What trackers write is left to `trackers`, what a row says to `item_rows`, what kind of work an item is to
`domain.classification`, and what is stored to `services.importing`.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import (
    ColumnLook,
    Guess,
    Inspection,
    ItemRecord,
    Layout,
    Mapping,
    Problem,
    Question,
)
from bau_tracker.formats.dates import SAY_THE_ORDER, OrderEvidence
from bau_tracker.formats.headers import listed, mapped, sample_mapping
from bau_tracker.formats.item_cells import Columns
from bau_tracker.formats.item_fields import ITEM_FIELDS, WANTED
from bau_tracker.formats.item_rows import DATES, ItemReading, ItemRows
from bau_tracker.formats.json_tables import json_table, looks_like_json, record_in, unwrapped
from bau_tracker.formats.json_values import named_texts
from bau_tracker.formats.looks import column_names, look_of, sample_of
from bau_tracker.formats.suggestions import suggest
from bau_tracker.formats.tables import Table, open_table
from bau_tracker.formats.trackers import TABLE as ANY_TABLE
from bau_tracker.formats.trackers import Tracker, reason_of, recognise_tracker
from bau_tracker.formats.worklogs import log_day

TABLE: Final = "table"
_NO_REPOSITORY: Final = (
    "Nothing says which repository the issues are of, so those of another one with the same numbers would be taken for "
    "these. Export the url too."
)
_SAMPLE_ROWS: Final = 20


@dataclass(frozen=True, slots=True)
class ItemFile:
    """A recognised file: its layout, and its rows as records and problems each time one goes through it."""

    layout: Layout
    table: Table
    reader: Callable[[], Callable[[int, list[str]], ItemRecord | Problem]]

    def __iter__(self) -> Iterator[ItemRecord | Problem]:
        read = self.reader()
        for line, cells, fault in self.table:
            yield Problem(line, "", fault, tuple(cells)) if fault else read(line, cells)


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out about a file; `inspection` tells it to a person."""

    table: Table
    tracker: Tracker
    columns: Columns
    inspection: Inspection


@dataclass(slots=True)
class _Survey:
    """What one pass over all rows showed."""

    evidence: OrderEvidence
    rows: int = 0


def open_items(path: Path, *, zone: ZoneInfo, mapping: Mapping | None = None, name: str = "") -> ItemFile:
    """Recognise a file of work items, without keeping it in memory.

    `zone` is where dates without a zone were written, `name` what an upload was called. Raises UnreadableInput with
    what to do.
    """
    said = mapping or Mapping()
    found = _find_out(path, said, name)
    if found.inspection.questions:
        raise _refusal(found.inspection.questions[0])
    header, order = found.table.header, found.inspection.date_order
    reading = ItemReading(found.tracker, header, found.columns, zone, order, said.keep_all)
    return ItemFile(found.inspection.layout, found.table, lambda: ItemRows(reading).read)


def inspect_items(path: Path, *, zone: ZoneInfo, mapping: Mapping | None = None, name: str = "") -> Inspection:
    """Find out what a file of work items holds, and what only a person can say.

    Takes what `open_items` takes. Raises UnreadableInput only for what can't be read at all, and for a mapping that
    names what isn't there.
    """
    del zone  # asks for the same as `open_items`; nothing found out here depends on it
    return _find_out(path, mapping or Mapping(), name).inspection


def items_header(path: Path, mapping: Mapping, *, name: str = "") -> tuple[str, ...]:
    """Give the headings by which a file's form is told again; raises UnreadableInput for what can't be read."""
    return _table(path, mapping, name)[0].header


def _find_out(path: Path, said: Mapping, name: str) -> _Found:
    table, notes = _table(path, said, name)
    tracker, columns = recognise_tracker(table.header)
    told, misnamed = mapped(table.header, said.columns, ITEM_FIELDS)
    columns |= {field: [] if index is None else [index] for field, index in told.items()}
    survey = _look_over(table, columns)
    order = said.date_order or survey.evidence.order
    if order and survey.evidence.needed:
        notes = (*notes, f"Dates are read with the {order} first.")
    questions = _questions(table.header, columns, misnamed, "" if said.date_order else survey.evidence.doubt)
    looks = tuple(map(look_of, column_names(table.header), sample_of(table, len(table.header))))
    guesses = _guesses(tracker, table.header, columns, told.keys())
    if tracker is ANY_TABLE:
        guesses |= _suggestions(looks, columns, said)
    layout = _layout(table, tracker, columns, notes)
    return _Found(table, tracker, columns, Inspection(layout, looks, guesses, questions, order, survey.rows))


def _suggestions(looks: Sequence[ColumnLook], columns: Columns, said: Mapping) -> dict[str, Guess]:
    """Offer columns for the fields that nothing is known of, among the columns that hold no other."""
    used = {index for indexes in columns.values() for index in indexes}
    free = [look for index, look in enumerate(looks) if index not in used and look.looks_like != "empty"]
    return suggest(free, {field: want for field, want in WANTED.items() if field not in {*columns, *said.columns}})


def _table(path: Path, said: Mapping, name: str) -> tuple[Table, tuple[str, ...]]:
    called = name or path.name
    if looks_like_json(path, called):
        table = json_table(path, called)
        if not table.header:
            return table, ("The file holds no record, so there is nothing to take over.",)
        return table, ("A line of this file means a record of it: line 3 is the third record.",)
    table = open_table(path, name=name, encoding=said.encoding, delimiter=said.delimiter)
    column = _column_of_records(table)
    if column is None:
        return table, table.notes
    note = f"Each row holds its record as JSON in the column “{table.header[column]}”; the other columns aren't read."
    return unwrapped(table, column, called), (*table.notes, note)


def _column_of_records(table: Table) -> int | None:
    """Find the column of a raw dump in which each cell is a known tracker's record."""
    if recognise_tracker(table.header)[0] is not ANY_TABLE:
        return None
    rows = [cells for _, cells, fault in islice(table, _SAMPLE_ROWS) if not fault]
    for column in range(len(table.header)):
        records = [record_in(cells[column]) for cells in rows if cells[column].startswith("{")]
        names = {name: None for record in records if not isinstance(record, str) for name in named_texts(record)}
        if names and recognise_tracker(tuple(names))[0] is not ANY_TABLE:
            return column
    return None


def _look_over(table: Table, columns: Columns) -> _Survey:
    """Go through a file once: count it, and see how its site writes its dates."""
    dated = [index for name in (*DATES, "sprint_started", "log_days") for index in columns.get(name, ())]
    logs = columns.get("log", [])
    survey = _Survey(OrderEvidence())
    for _, cells, fault in table:
        survey.rows += 1
        if fault:
            continue
        for index in dated:
            survey.evidence.see(cells[index])
        for index in logs:
            if cells[index]:
                survey.evidence.see(log_day(cells[index]))
    return survey


def _questions(
    header: Sequence[str], columns: Columns, misnamed: Dictionary[str, str], doubt: str
) -> tuple[Question, ...]:
    """Ask for columns that a mapping names wrongly, for the titles, and for the order of dates."""
    asked = [Question(field, message) for field, message in misnamed.items()]
    if header and not columns.get("title") and "title" not in misnamed:
        message = f"This isn't recognised as the export of a tracker. It has {listed(header)}."
        asked.append(Question("title", f"{message} Say which column holds the items' titles."))
    if doubt:
        asked.append(Question("date_order", doubt))
    return tuple(asked)


def _refusal(question: Question) -> UnreadableInput:
    """Turn a question into a refusal that says how to answer it."""
    if question.field == "date_order":
        return UnreadableInput(f"{question.message} {SAY_THE_ORDER}")
    sample = sample_mapping({"title": "…", "external_key": "…", "created": "…"})
    return UnreadableInput(f"{question.message} Say so with a mapping, such as {sample}")


def _layout(table: Table, tracker: Tracker, columns: Columns, notes: tuple[str, ...]) -> Layout:
    names = column_names(table.header)
    shown = tuple((field, names[index]) for field, indexes in columns.items() for index in indexes[:1])
    if tracker.source == "github" and not columns.keys() & {"url", "repository"}:
        notes = (*notes, _NO_REPOSITORY)
    why = reason_of(tracker, table.header, columns)
    return Layout(tracker.source, table.header, table.encoding, table.delimiter, shown, notes, why)


def _guesses(tracker: Tracker, header: Sequence[str], columns: Columns, told: Container[str]) -> dict[str, Guess]:
    names = column_names(header)
    return {
        field: Guess(
            names[indexes[0]],
            "The mapping says so." if field in told else f"{tracker.called} calls it “{header[indexes[0]]}”.",
        )
        for field, indexes in columns.items()
        if indexes and field in ITEM_FIELDS
    }
