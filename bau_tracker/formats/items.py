"""Decides which tracker a file of work items comes from, and reads its rows: Jira's CSV, or a table with a mapping.

Kept of a Jira issue are its key, title, text, type, status, priority, labels, components, dates and logged seconds.
People's names and custom fields are left out on purpose. What kind of work an item is, is left to
`domain.classification`, what is stored to `services.importing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from bau_tracker.domain.errors import InvalidInput, UnreadableInput
from bau_tracker.domain.importing import DateOrder, ItemRecord, Layout, Mapping, Problem
from bau_tracker.formats.dates import OrderEvidence, parse_moment
from bau_tracker.formats.headers import listed, mapped, plain_words, sample_mapping
from bau_tracker.formats.tables import Table, open_table
from bau_tracker.formats.values import parse_amount
from bau_tracker.formats.worklogs import log_day, parse_log, parse_seconds

JIRA: Final = "jira"
TABLE: Final = "table"
ITEM_FIELDS: Final = (
    "external_key", "title", "text", "item_type", "status", "priority", "labels", "component", "url", "team",
    "created", "updated", "closed", "logged_hours",
)  # fmt: skip
"""What a mapping for items can name."""

_JIRA_HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "title": ("summary", "zusammenfassung"),
    "external_key": ("issue key", "work item key", "vorgangsschlüssel"),
    "id": ("issue id", "work item id", "vorgangs id"),
    "item_type": ("issue type", "work item type", "work type", "vorgangstyp"),
    "status": ("status",),
    "text": ("description", "beschreibung"),
    "priority": ("priority", "priorität"),
    "labels": ("labels", "stichwörter"),
    "component": ("components", "component s", "component", "komponenten", "komponente n"),
    "created": ("created", "erstellt"),
    "updated": ("updated", "aktualisiert"),
    "closed": ("resolved", "erledigt"),
    "log": ("log work", "arbeit protokollieren"),
    "time_spent": ("time spent", "benötigte zeit"),
}
_JIRA_NEEDS: Final = ("title", "external_key", "id", "item_type", "status")
_DATES: Final = ("created", "updated", "closed")
_T = TypeVar("_T")


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


def open_items(path: Path, *, zone: ZoneInfo, mapping: Mapping | None = None, name: str = "") -> ItemFile:
    """Recognise a file of work items, without keeping it in memory.

    `zone` is where dates without a zone were written, `name` what an upload was called. Raises UnreadableInput with
    what to do.
    """
    table = open_table(path, name=name)
    said = mapping or Mapping()
    columns = _jira_columns(table.header)
    source = JIRA if all(columns.get(needed) for needed in _JIRA_NEEDS) else TABLE
    if source == TABLE:
        columns = {}
    columns |= {
        field: [] if index is None else [index]
        for field, index in mapped(table.header, said.columns, ITEM_FIELDS).items()
    }
    if not columns.get("title"):
        raise UnreadableInput(
            f"This isn't recognised as a Jira export. It has {listed(table.header)}. Say which column holds what "
            f"with a mapping, such as {sample_mapping({'title': '…', 'external_key': '…', 'created': '…'})}"
        )
    order, notes = _look_over(table, columns, said)
    rows = ItemRows(source, table.header, columns, zone, order)
    shown = tuple((field, table.header[index]) for field, indexes in columns.items() for index in indexes[:1])
    layout = Layout(source, table.header, table.encoding, table.delimiter, shown, (*table.notes, *notes))
    return ItemFile(layout, table, rows.fresh)


class ItemRows:
    """Reads rows of a tracker's table into items; `columns` holds the columns of each field, all of a repeated one."""

    def __init__(
        self, source: str, header: Sequence[str], columns: dict[str, list[int]], zone: ZoneInfo, order: DateOrder | None
    ) -> None:
        self._source = source
        self._header = header
        self._columns = columns
        self._zone = zone
        self._order = order
        self._seen: Counter[str] = Counter()

    def fresh(self) -> Callable[[int, list[str]], ItemRecord | Problem]:
        """Give a reader that has seen no row yet."""
        return ItemRows(self._source, self._header, self._columns, self._zone, self._order).read

    def read(self, line: int, cells: list[str]) -> ItemRecord | Problem:
        """Give the item of a row, or why it can't be one."""
        try:
            return self._record(line, cells)
        except InvalidInput as error:
            indexes = self._columns.get(error.field)
            column = self._header[indexes[0]] if indexes else error.field
            return Problem(line, column, error.message, tuple(cells))

    def _record(self, line: int, cells: list[str]) -> ItemRecord:
        title = self._text(cells, "title")
        if not title:
            raise InvalidInput("The row has no title.", "title")
        created, updated, closed = (self._moment(cells, name) for name in _DATES)
        return ItemRecord(
            line=line,
            source=self._source,
            external_key=self._key(cells, title),
            title=title,
            text=self._text(cells, "text"),
            item_type=self._text(cells, "item_type"),
            status=self._text(cells, "status"),
            priority=self._text(cells, "priority"),
            labels=self._labels(cells),
            component=", ".join(self._texts(cells, "component")),
            url=self._text(cells, "url"),
            team=self._text(cells, "team"),
            created=created,
            updated=updated,
            closed=closed,
            logged=self._logged(cells, closed or updated or created),
            row=tuple(cells),
        )

    def _texts(self, cells: list[str], name: str) -> list[str]:
        return [text for index in self._columns.get(name, ()) if (text := cells[index].strip())]

    def _text(self, cells: list[str], name: str) -> str:
        return next(iter(self._texts(cells, name)), "")

    def _parsed(self, text: str, name: str, parse: Callable[[str], _T]) -> _T:
        try:
            return parse(text)
        except InvalidInput as error:
            raise InvalidInput(error.message, name) from error

    def _moment(self, cells: list[str], name: str) -> datetime | None:
        text = self._text(cells, name)
        return self._parsed(text, name, self._read_moment) if text else None

    def _read_moment(self, text: str) -> datetime:
        return parse_moment(text, self._zone, self._order)

    def _key(self, cells: list[str], title: str) -> str:
        key = self._text(cells, "external_key")
        if key:
            return key
        if self._columns.get("external_key"):
            raise InvalidInput("The row has no key, so it can't be found again.", "external_key")
        digest = blake2b(f"{title}\x1f{self._text(cells, 'created')}".encode(), digest_size=10).hexdigest()
        self._seen[digest] += 1
        return f"{digest}-{self._seen[digest]}"

    def _labels(self, cells: list[str]) -> tuple[str, ...]:
        labels = self._texts(cells, "labels")
        if self._source == JIRA:
            return tuple(labels)
        return tuple(label.strip() for cell in labels for label in cell.replace(";", ",").split(",") if label.strip())

    def _logged(self, cells: list[str], day: datetime | None) -> tuple[tuple[date, int], ...]:
        """Give the log lines, or all the time spent on the day an item was last touched when there are none."""
        logs = self._texts(cells, "log")
        if logs:
            return tuple(self._parsed(text, "log", lambda log: parse_log(log, self._read_moment)) for text in logs)
        for name, parse in (("time_spent", parse_seconds), ("logged_hours", _seconds_of_hours)):
            text = self._text(cells, name)
            seconds = self._parsed(text, name, parse) if text else 0
            if seconds and day is None:
                raise InvalidInput("The row says how much time was spent, but has no date to place it.", name)
            if seconds and day:
                return ((day.date(), seconds),)
        return ()


def _jira_columns(header: Sequence[str]) -> dict[str, list[int]]:
    words = [plain_words(text) for text in header]
    return {
        field: found
        for field, names in _JIRA_HEADERS.items()
        if (found := [index for index, word in enumerate(words) if word in names])
    }


def _look_over(
    table: Table, columns: dict[str, list[int]], mapping: Mapping
) -> tuple[DateOrder | None, tuple[str, ...]]:
    """Settle the order of dates over all of them: a site writes its dates in one way."""
    dated = [index for name in _DATES for index in columns.get(name, ())]
    logs = columns.get("log", [])
    evidence = OrderEvidence()
    for _, cells, fault in table:
        if fault:
            continue
        for index in dated:
            evidence.see(cells[index])
        for index in logs:
            if cells[index]:
                evidence.see(log_day(cells[index]))
    order = evidence.settle(mapping.date_order)
    return order, (f"Dates are read with the {order} first.",) if order and evidence.needed else ()


def _seconds_of_hours(text: str) -> int:
    hours, _ = parse_amount(text)
    return parse_seconds(str(round(hours * 3600)))
