"""Decides what a row of somebody else's survey says, once it is known which column holds what.

What no single row can settle (order of dates, units) is left to `findings`, which columns are used to `answers`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import AnswerRecord, Problem, Unit
from bau_tracker.domain.surveys import CATEGORIES, LONGEST_COMMENT, Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.chips import read_chips
from bau_tracker.formats.dates import parse_moment
from bau_tracker.formats.findings import ROUNDING, WHOLE, Findings
from bau_tracker.formats.values import parse_amount, parse_yes_no, to_hours

_ANONYMOUS: Final = frozenset(("anonymous", "anonym", "anonyme", "anónimo"))
_ISO_WEEK: Final = re.compile(r"\b\d{4}-?W\d{1,2}\b", re.IGNORECASE)
_WEEK_WORDS: Final = re.compile(
    r"^(?:week|woche)?\s*(?:of|commencing|beginning|starting|ending|from|vom|ab)?\s*:?\s*", re.IGNORECASE
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows are to be read: the column of each field, what was found, and what the reader was told."""

    header: Sequence[str]
    positions: dict[str, int]
    findings: Findings
    zone: ZoneInfo
    default_hours: float
    week: Week | None = None
    other_email: int | None = None


class AnswerRows:
    """Reads rows of a survey into answers."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._split = tuple((name, reading.positions.get(name)) for name in CATEGORIES)
        self._percent = {reading.findings.units.get(name) for name, at in self._split if at is not None} == {
            Unit.PERCENT
        }
        self._seen: Counter[bytes] = Counter()

    def read(self, line: int, cells: list[str]) -> AnswerRecord | Problem:
        """Give the answer of a row, or why it can't be one."""
        try:
            return self._record(line, cells)
        except InvalidInput as error:
            position = self._reading.positions.get(error.field)
            column = error.field if position is None else self._reading.header[position]
            return Problem(line, column, error.message, tuple(cells))

    def _record(self, line: int, cells: list[str]) -> AnswerRecord:
        at = self._cell(cells, "answered_at", self._moment)
        available = self._cell(cells, "hours_available", self._available)
        answer = Answer(
            split=self._time_split(cells, self._reading.default_hours if available is None else available),
            away=bool(self._cell(cells, "away", parse_yes_no)),
            hours_available=self._reading.default_hours if available is None and self._percent else available,
            callouts=self._cell(cells, "callouts", self._available) or 0.0,
            excessive=self._complaints(cells),
            deferred=self._cell(cells, "deferred", parse_yes_no),
            comment=shortened(self._text(cells, "comment")),
        )
        email = self._email(cells)
        return AnswerRecord(
            line=line,
            week=self._reading.week or self._week(cells, at),
            answer=answer,
            team=self._text(cells, "team"),
            email=email,
            respondent="" if email else self._respondent(cells),
            answered_at=at,
            row=tuple(cells),
        )

    def _text(self, cells: list[str], name: str) -> str:
        position = self._reading.positions.get(name)
        return "" if position is None else cells[position].strip()

    def _cell(self, cells: list[str], name: str, parse: Callable[[str], _T]) -> _T | None:
        text = self._text(cells, name)
        if not text:
            return None
        try:
            return parse(text)
        except InvalidInput as error:
            raise InvalidInput(error.message, name) from error

    def _moment(self, text: str) -> datetime:
        return parse_moment(text, self._reading.zone, self._reading.findings.order)

    def _available(self, text: str) -> float:
        amount, unit = parse_amount(text)
        return to_hours(amount, unit or Unit.HOURS, available=self._reading.default_hours)

    def _time_split(self, cells: list[str], available: float) -> TimeSplit:
        findings, hours, placed = self._reading.findings, [], []
        for name, _ in self._split:
            amount, unit = self._cell(cells, name, parse_amount) or (0.0, None)
            if unit is None:
                amount, unit = amount * findings.scale, findings.units.get(name, Unit.HOURS)
            placed.append(amount)
            hours.append(to_hours(amount, unit, available=available))
        if self._percent and math.fsum(placed) > WHOLE + ROUNDING:
            raise InvalidInput(f"The shares add up to {math.fsum(placed):g} %; 100 is the most.", "planned")
        return TimeSplit(*hours)

    def _complaints(self, cells: list[str]) -> frozenset[Chip] | None:
        return read_chips(self._text(cells, "excessive"))[0] if "excessive" in self._reading.positions else None

    def _week(self, cells: list[str], at: datetime | None) -> Week:
        said = self._cell(cells, "week", self._read_week)
        if said is not None:
            return said
        if at is None:
            name = "week" if "week" in self._reading.positions else "answered_at"
            raise InvalidInput("The row says no week. Write it as 2026-W47.", name)
        return week_answered(at, self._reading.zone)

    def _read_week(self, text: str) -> Week:
        week = _ISO_WEEK.search(text)
        if week:
            return Week.parse(week[0])
        try:
            return Week.containing(self._moment(_WEEK_WORDS.sub("", text)).date())
        except InvalidInput as error:
            raise InvalidInput(f"“{text}” is no week that can be read. Write it as 2026-W47.") from error

    def _email(self, cells: list[str]) -> str:
        email = self._text(cells, "email")
        if email.casefold() not in _ANONYMOUS:
            return email
        other = self._reading.other_email
        asked = "" if other is None else cells[other].strip()
        return asked if "@" in asked else ""

    def _respondent(self, cells: list[str]) -> str:
        """Tell anonymous rows apart: by the tool's id, else by what they say and how often it was said before."""
        respondent = self._text(cells, "respondent")
        if respondent:
            return respondent
        digest = blake2b("\x1f".join(cells).encode(), digest_size=10)
        self._seen[digest.digest()] += 1
        return f"{digest.hexdigest()}-{self._seen[digest.digest()]}"


def week_answered(at: datetime, zone: ZoneInfo) -> Week:
    """Give the week that an answer given at a moment is about: on Monday and Tuesday the week before."""
    day = at.astimezone(zone).date()
    week = Week.containing(day)
    return week.shift(-1) if day.weekday() <= 1 else week


def shortened(comment: str) -> str:
    """Cut a comment to the length that is kept."""
    return comment if len(comment) <= LONGEST_COMMENT else f"{comment[: LONGEST_COMMENT - 1]}…"
