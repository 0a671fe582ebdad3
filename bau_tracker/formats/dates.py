"""Decides what moment a cell tells, and whether a column writes the day or the month first.

A date such as 9/6/2018 says nothing by itself: a value over 12 anywhere in the column settles the order, and where
nothing does, a person is asked. ISO dates, month names and dots (15.02.2026) need no order. No date is ever made up.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Final, NamedTuple

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import DateOrder
from bau_tracker.formats.remembering import Remembered

EARLIEST_YEAR: Final = 2000
"""Tools that hide dates write 1980 or 1970 in their place."""

_HIGHEST_MONTH: Final = 12
_HIGHEST_DAY: Final = 31
_MOST_SEEN: Final = 5_000
_LONGEST_SEEN: Final = 40
_CENTURY: Final = 100
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_WEEKDAY: Final = re.compile(r"[^\W\d]{2,}\.?,\s*")
_YEAR_FIRST: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_NUMERIC: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_DAY_AND_NAME: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[\s/-]*([^\W\d_]{3,})\.?[\s/,-]+(\d{4}|\d{2})(?!\d)")
_NAME_AND_DAY: Final = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_SERIAL: Final = re.compile(r"([3-7]\d{4})(?:[.,](\d+))?")
_TIME: Final = re.compile(
    r"(?:[T,]?\s*)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*(?:([ap])\.?\s?m\.?)?\s*(\S.*)?",
    re.IGNORECASE,
)
_PLAIN_TIME: Final = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})")
_OFFSET: Final = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mär mrz", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), 1
    )
    for name in names.split()
}
_ZONES: Final = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2, "EEST": 3,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip


LONGEST: Final = 500
"""Characters over which a text is no date: how its spaces could be shared out would take ages to try."""
_WRITE_IT: Final = "Write it as 2026-11-20 or 2026-11-20 14:30."
SAY_THE_ORDER: Final = 'Say so with a mapping: {"date_order": "day"} or {"date_order": "month"}.'


class _Found(NamedTuple):
    """A date in a text: `first` and `second` are day and month once `settled`, and `rest` is what follows."""

    year: int
    first: int
    second: int
    settled: bool
    rest: str


@dataclass(slots=True)
class OrderEvidence:
    """What a column has shown of its order so far: an example for each, and one that fits both."""

    day_first: str = ""
    month_first: str = ""
    either: str = ""
    _seen: set[str] = field(default_factory=set)

    def see(self, text: str) -> None:
        """Take a cell into account; what is no date says nothing."""
        if text[4:5] == "-":
            return
        day = text.partition(" ")[0] if text[:1].isdigit() else text
        if day in self._seen:
            return
        if len(self._seen) < _MOST_SEEN and len(day) <= _LONGEST_SEEN:
            self._seen.add(day)
        found = _find(text.strip())
        if found is None or found.settled or found.first == found.second:
            return
        if not (0 < found.first <= _HIGHEST_DAY and 0 < found.second <= _HIGHEST_DAY):
            return
        if found.first > _HIGHEST_MONTH >= found.second:
            self.day_first = self.day_first or text
        elif found.second > _HIGHEST_MONTH >= found.first:
            self.month_first = self.month_first or text
        elif found.first <= _HIGHEST_MONTH:
            self.either = self.either or text

    @property
    def needed(self) -> bool:
        """Say whether any date is read differently with the day or the month first."""
        return bool(self.day_first or self.month_first or self.either)

    @property
    def order(self) -> DateOrder | None:
        """Give the order that the column has shown; None when it has shown none, or both."""
        if bool(self.day_first) is bool(self.month_first):
            return None
        return DateOrder.DAY if self.day_first else DateOrder.MONTH

    @property
    def doubt(self) -> str:
        """Say what only a person can settle; empty when there is nothing."""
        if self.day_first and self.month_first:
            return (
                f"The dates “{self.day_first}” (day first) and “{self.month_first}” (month first) are written in "
                "different orders. Write all of them as 2026-11-20, or say which order counts: dates that can't be "
                "read so are then left out."
            )
        if self.either and self.order is None:
            return (
                f"“{self.either}” can be read as {_written(self.either, DateOrder.DAY)} (day first) or as "
                f"{_written(self.either, DateOrder.MONTH)} (month first), and no date in the file settles it."
            )
        return ""


def is_date(text: str) -> bool:
    """Say whether a text begins with something that is written like a date."""
    return _find(text.strip()) is not None


def is_placeholder(text: str) -> bool:
    """Say whether a text is the date that a tool writes in place of one that it hides."""
    found = _find(text.strip())
    return found is not None and found.year < EARLIEST_YEAR and found.first == found.second == 1


def parse_moment(text: str, zone: tzinfo, order: DateOrder | None = None) -> datetime:
    """Read a date, perhaps with a time and a zone, as a moment; without a zone it is taken to be in `zone`.

    Raises InvalidInput for what is no date, or one from before EARLIEST_YEAR.
    """
    if len(text) > LONGEST:
        raise InvalidInput(f"“{text[:_LONGEST_SEEN]}…” is no date that can be read. {_WRITE_IT}")
    if text[4:5] == "-":
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = _parse(text, zone, order)
    else:
        moment = _parse(text, zone, order)
    if moment.year < EARLIEST_YEAR:
        raise InvalidInput(f"“{text}” is before {EARLIEST_YEAR}, so the tool has written no real date.")
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


class Moments:
    """Reads the moments of one column; what a day or a time of day says is worked out once and remembered."""

    def __init__(self, zone: tzinfo, order: DateOrder | None) -> None:
        self._zone, self._order = zone, order
        self._days = Remembered(self._day)
        self._times = Remembered(_plain_time)

    def read(self, text: str) -> datetime:
        """Read what `parse_moment` reads, and raise what it raises."""
        if text[4:5] != "-" or text[10:11] == " ":
            day_text, _, time_text = text.partition(" ")
            day, at = self._days[day_text], self._times[time_text]
            if day is not None and at is not None:
                return datetime.combine(day, at, self._zone)
        return parse_moment(text, self._zone, self._order)

    def _day(self, text: str) -> date | None:
        found = _find(text)
        with suppress(ValueError):
            if found is not None and not found.rest and found.year >= EARLIEST_YEAR:
                return _date(found, self._order)
        return None


def _plain_time(text: str) -> time | None:
    """Read a time of day of hours, minutes and seconds; None for a time that says more, or less."""
    match = _PLAIN_TIME.fullmatch(text)
    with suppress(ValueError):
        if match:
            return time(int(match[1]), int(match[2]), int(match[3]))
    return None


def _parse(text: str, zone: tzinfo, order: DateOrder | None) -> datetime:
    cell = text.strip()
    serial = _SERIAL.fullmatch(cell)
    if serial:
        seconds = round(float(f"0.{serial[2] or 0}") * 86400)
        return datetime.combine(_EXCEL_EPOCH + timedelta(days=int(serial[1])), time()) + timedelta(seconds=seconds)
    found = _find(cell)
    if found is not None:
        with suppress(ValueError):
            return _with_time(_date(found, order), found.rest, zone)
    raise InvalidInput(f"“{text}” is no date that can be read. {_WRITE_IT}")


def _find(cell: str) -> _Found | None:
    weekday = _WEEKDAY.match(cell)
    text = cell[weekday.end() :] if weekday else cell
    if match := _YEAR_FIRST.match(text):
        return _Found(int(match[1]), int(match[4]), int(match[3]), settled=True, rest=text[match.end() :])
    if match := _NUMERIC.match(text):
        dotted = match[2] == "."
        return _Found(_year(match[4]), int(match[1]), int(match[3]), settled=dotted, rest=text[match.end() :])
    if match := _DAY_AND_NAME.match(text):
        return _Found(_year(match[3]), int(match[1]), _month(match[2]), settled=True, rest=text[match.end() :])
    if match := _NAME_AND_DAY.match(text):
        return _Found(int(match[3]), int(match[2]), _month(match[1]), settled=True, rest=text[match.end() :])
    return None


def _date(found: _Found, order: DateOrder | None) -> date:
    if found.settled or found.first == found.second or order is DateOrder.DAY:
        return date(found.year, found.second, found.first)
    if order is DateOrder.MONTH:
        return date(found.year, found.first, found.second)
    raise ValueError


def _written(text: str, order: DateOrder) -> str:
    found = _find(text.strip())
    if found is None:
        return text
    day = _date(found, order)
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"


def _with_time(day: date, rest: str, zone: tzinfo) -> datetime:
    if not rest.strip():
        return datetime.combine(day, time())
    match = _TIME.fullmatch(rest)
    if not match:
        raise ValueError
    hour = int(match[1])
    if match[5]:
        if not 1 <= hour <= 12:  # noqa: PLR2004  (a clock face)
            raise ValueError
        hour = hour % 12 + (12 if match[5] in "pP" else 0)
    moment = time(hour, int(match[2]), int(match[3] or 0), int((match[4] or "0").ljust(6, "0")[:6]))
    return datetime.combine(day, moment, tzinfo=_zone(match[6], day, moment, zone))


def _zone(name: str | None, day: date, moment: time, zone: tzinfo) -> tzinfo | None:
    """Give the zone a cell names; the zone's own abbreviation wins over the general meaning of one."""
    if not name:
        return None
    if name == datetime.combine(day, moment, tzinfo=zone).tzname():
        return zone
    offset = _OFFSET.fullmatch(name.strip())
    if offset:
        distance = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-distance if offset[1] == "-" else distance)
    if name.upper() not in _ZONES:
        raise ValueError
    return timezone(timedelta(hours=_ZONES[name.upper()])) if _ZONES[name.upper()] else UTC


def _year(digits: str) -> int:
    return int(digits) + (20 * _CENTURY if int(digits) < _CENTURY else 0)


def _month(name: str) -> int:
    """Number a month's name by its first three letters; 0, which is no month, for any other word."""
    return _MONTHS.get(name[:3].casefold(), 0)
