"""Decides what a row of a tracker's table says about a work item, once it is known which column holds what.

What no single row can settle, the order of dates, is left to `items`, and what a tracker's columns mean to `trackers`.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from hashlib import blake2b
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import DateOrder, ItemRecord, Problem
from bau_tracker.formats.dates import parse_moment
from bau_tracker.formats.faults import Faults, faults_in
from bau_tracker.formats.headers import plain_words
from bau_tracker.formats.item_cells import Cells, Columns
from bau_tracker.formats.trackers import Tracker
from bau_tracker.formats.values import without_blank_lines
from bau_tracker.formats.worklogs import parse_log, parse_logged, parse_seconds, parse_spent, parse_time_spent

MOST_LABELS: Final = 200
_TIMES: Final = ("created", "updated", "started")
DATES: Final = (*_TIMES, "closed")
_SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")
_END_OF_BLOCK: Final = re.compile(r"(?i)<br\s?/?>|</(?:p|div|li|tr|h[1-6])>")
_PAGE: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ItemReading:
    """How rows are to be read: by whom they are written, the columns of each field, and what the reader was told."""

    tracker: Tracker
    header: Sequence[str]
    columns: Columns
    zone: ZoneInfo
    order: DateOrder | None = None
    keep_all: bool = False


class ItemRows:
    """Reads rows of a tracker's table into items."""

    def __init__(self, reading: ItemReading) -> None:
        self._reading = reading
        self._tracker = reading.tracker
        self._utc = {
            name
            for name, indexes in reading.columns.items()
            if any(plain_words(reading.header[index]).endswith(" utc") for index in indexes)
        }
        self._told = Faults(self._heading)
        self._seen: Counter[str] = Counter()

    def read(self, line: int, row: list[str]) -> ItemRecord | Problem:
        """Give the item of a row, or why it can't be one."""
        cells = Cells(row, self._reading.columns, self._tracker.nulls)
        try:
            return self._record(line, row, cells)
        except InvalidInput as error:
            wrong = bool(error.field)  # else it is left out on purpose, and nobody has to mend it
            return self._told.problem(line, row, error, lambda: self._faults(cells) if wrong else [])

    def _heading(self, field: str) -> str:
        indexes = self._reading.columns.get(field)
        return self._reading.header[indexes[0]] if indexes else field

    def _faults(self, cells: Cells) -> list[InvalidInput]:
        """Give what is wrong with each part of a row; where a date can't be read, none is missed."""
        times = faults_in((*(partial(self._moment, cells, name) for name in _TIMES), partial(self._closed, cells)))
        touched = _SOME_DAY if times else self._touched(cells)
        others = (self._title, self._given_key, self._labels, self._sprint_started)
        return [
            *times,
            *faults_in(partial(part, cells) for part in others),
            *faults_in([lambda: self._logged(cells, touched)]),
        ]

    def _touched(self, cells: Cells) -> datetime | None:
        return self._closed(cells) or self._moment(cells, "updated") or self._moment(cells, "created")

    def _record(self, line: int, row: list[str], cells: Cells) -> ItemRecord:
        self._check_wanted(cells)
        title = self._title(cells)
        created, updated, started = (self._moment(cells, name) for name in _TIMES)
        closed = self._closed(cells)
        item_type = self._tracker.item_type(cells)
        return ItemRecord(
            line=line,
            source=self._tracker.source,
            external_key=self._key(cells, title),
            title=title,
            text=self._plain(cells.text("text")),
            item_type=item_type,
            status=cells.text("status").lower() if self._tracker.small_status else cells.text("status"),
            priority=cells.text("priority"),
            labels=self._labels(cells),
            component=", ".join(filter(None, cells.lines("component"))),
            url=self._url(cells),
            team=cells.text("team"),
            created=created,
            updated=updated,
            closed=closed,
            started=started,
            sprint_started=self._sprint_started(cells),
            incident=plain_words(item_type).split(" ")[-1] == "incident",
            logged=self._logged(cells, closed or updated or created),
            row=tuple(row),
        )

    def _check_wanted(self, cells: Cells) -> None:
        reason = "" if self._reading.keep_all else self._tracker.left_out(cells)
        if reason:
            raise InvalidInput(f'{reason}, so it is left out. A mapping with {{"keep_all": true}} takes it along.')

    def _title(self, cells: Cells) -> str:
        title = cells.text("title")
        if not title:
            raise InvalidInput("The row has no title.", "title")
        return title

    def _given_key(self, cells: Cells) -> str:
        key = self._tracker.key(cells)
        if not key and self._reading.columns.get("external_key"):
            raise InvalidInput("The row has no key, so it can't be found again.", "external_key")
        return key

    def _key(self, cells: Cells, title: str) -> str:
        key = self._given_key(cells)
        if key:
            return key
        digest = blake2b(f"{title}\x1f{cells.text('created')}".encode(), digest_size=10).hexdigest()
        self._seen[digest] += 1
        return f"{digest}-{self._seen[digest]}"

    def _labels(self, cells: Cells) -> tuple[str, ...]:
        labels = cells.texts("labels")
        for separator in self._tracker.separators:
            labels = [part for label in labels for part in label.split(separator)]
        found = tuple(dict.fromkeys(label.strip() for label in labels if label.strip()))
        if len(found) > MOST_LABELS:
            raise InvalidInput(f"The row has {len(found):,} labels; {MOST_LABELS} is the most that is kept.", "labels")
        return found

    def _url(self, cells: Cells) -> str:
        url = self._tracker.url(cells)
        return url if _PAGE.fullmatch(url) else ""

    def _plain(self, text: str) -> str:
        """Write HTML as plain text; what only speaks of a <tag> is left as it is."""
        if not self._tracker.markup or not _END_OF_BLOCK.search(text):
            return text
        lines = _TAG.sub("", _END_OF_BLOCK.sub("\n", text))
        return without_blank_lines(html.unescape(lines))

    def _closed(self, cells: Cells) -> datetime | None:
        return self._read_date(self._tracker.closed(cells), "closed")

    def _moment(self, cells: Cells, name: str) -> datetime | None:
        return self._read_date(cells.text(name), name)

    def _read_date(self, text: str, name: str) -> datetime | None:
        zone = UTC if name in self._utc else self._reading.zone
        return self._parsed(text, name, lambda said: parse_moment(said, zone, self._reading.order)) if text else None

    def _read_local(self, text: str) -> datetime:
        return parse_moment(text, self._reading.zone, self._reading.order).astimezone(self._reading.zone)

    def _sprint_started(self, cells: Cells) -> datetime | None:
        """Give the start of the first sprint that an item was in: carried over, it wasn't added late."""
        starts = filter(None, self._tracker.sprint(cells).split("\n"))
        moments = [self._read_date(start.strip(), "sprint_started") for start in starts]
        return min((moment for moment in moments if moment), default=None)

    def _parsed(self, text: str, name: str, parse: Callable[[str], _T]) -> _T:
        try:
            return parse(text)
        except InvalidInput as error:
            raise InvalidInput(error.message, name) from error

    def _logged(self, cells: Cells, touched: datetime | None) -> tuple[tuple[date, int], ...]:
        """Give the log lines, or all the time spent on the day an item was last touched when there are none."""
        logs = cells.texts("log")
        if logs:
            found = tuple(self._parsed(text, "log", lambda log: parse_log(log, self._read_local)) for text in logs)
            self._sum(found, "log")
            return found
        logged = self._listed_log(cells)
        name, spent = self._time_spent(cells)
        rest = spent - self._sum(logged, "log_seconds")
        if rest <= 0:
            return logged
        if touched is None:
            raise InvalidInput("The row says how much time was spent, but has no date to place it.", name)
        return (*logged, (touched.astimezone(self._reading.zone).date(), rest))

    def _sum(self, logged: Iterable[tuple[date, int]], name: str) -> int:
        """Add up log lines; raises InvalidInput when it is more than one item can have taken."""
        return self._parsed(str(sum(seconds for _, seconds in logged)), name, parse_seconds)

    def _listed_log(self, cells: Cells) -> tuple[tuple[date, int], ...]:
        """Give the log that an API lists; it may hold only the first page of it, the rest is in the time spent."""
        days, seconds = cells.lines("log_days"), cells.lines("log_seconds")
        if len(days) != len(seconds):
            raise InvalidInput("The log of work has days without a time, or times without a day.", "log_days")
        return tuple(
            (self._parsed(day, "log_days", self._read_local).date(), self._parsed(spent, "log_seconds", parse_logged))
            for day, spent in zip(days, seconds, strict=True)
        )

    def _time_spent(self, cells: Cells) -> tuple[str, int]:
        """Give the seconds spent in all, and the field that says so."""
        text = cells.text("time_spent")
        seconds = self._parsed(text, "time_spent", parse_spent) if text else 0
        said = cells.text("logged_hours")
        if seconds or not said:
            return "time_spent", seconds
        header = self._reading.header[self._reading.columns["logged_hours"][0]]
        return "logged_hours", self._parsed(said, "logged_hours", lambda each: parse_time_spent(each, header))
