"""Decides what a row of somebody else's survey says, once it is known which column holds what.

What no single row can settle (order of dates, units) is left to `findings`, which columns are used to `answers`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from hashlib import blake2b
from operator import itemgetter
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import AnswerRecord, Problem, Unit
from bau_tracker.domain.surveys import CATEGORIES, Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.chips import read_chips
from bau_tracker.formats.comments import in_own_words, with_own_words
from bau_tracker.formats.dates import Moments
from bau_tracker.formats.decimals import amounts_with
from bau_tracker.formats.faults import Faults, fault_in, faults_in
from bau_tracker.formats.findings import AMOUNTS, ROUNDING, WHOLE, Findings, is_name
from bau_tracker.formats.options import Option, ticked
from bau_tracker.formats.placing import Placing
from bau_tracker.formats.remembering import Remembered
from bau_tracker.formats.survey_tools import Form, is_unfinished
from bau_tracker.formats.values import parse_yes_no, to_hours

_ISO_WEEK: Final = re.compile(r"\b\d{4}-?W\d{1,2}\b", re.IGNORECASE)
_WEEK_WORDS: Final = re.compile(
    r"^(?:week|woche)?\s*(?:of|commencing|beginning|starting|ending|from|vom|ab)?\s*:?\s*", re.IGNORECASE
)
UNFINISHED: Final = (
    "The answer was begun and never sent, so it is left out. Say that unfinished answers are to be taken along "
    '("keep_all": true in a mapping) to have it too.'
)
MOST_ANONYMOUS: Final = 1_000_000
"""Rows without an address or an id that are told apart; each takes some 100 bytes."""
_NO_WEEK: Final = "The row says no week. Write it as 2026-W47."
_ANSWER_FIELDS: Final = ("hours_available", *CATEGORIES, "away", "callouts", "deferred", "excessive")
_OTHER_FIELDS: Final = ("team", "week", "answered_at", "email", "respondent", "comment")
_FEW: Final = "0.001"
"""So few hours, days or parts of a whole that they change nothing about those beside them."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Reading:
    """How rows are to be read: what was found out about the file, and what the reader was told.

    `keep_all` takes unfinished answers too.
    """

    header: Sequence[str]
    form: Form
    placing: Placing
    findings: Findings
    zone: ZoneInfo
    default_hours: float
    week: Week | None = None
    keep_all: bool = False


class AnswerRows:
    """Reads rows of a survey into answers.

    Weeks look alike, so what the cells of an answer come to is worked out once and remembered, up to a bound.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        placing = reading.placing
        places = placing.positions
        if reading.findings.undated:
            places = {name: index for name, index in places.items() if name != "answered_at"}
        options = [option.column for option in placing.options]
        self._options = [Option(index, option.label) for index, option in enumerate(placing.options)]
        # A field without a column is read from the empty cell that is put at the end of each row.
        self._answer_cells = itemgetter(*(places.get(name, -1) for name in _ANSWER_FIELDS), *options)
        other = -1 if placing.other_email is None else placing.other_email
        self._other_cells = itemgetter(*(places.get(name, -1) for name in _OTHER_FIELDS), other)
        self._times = () if reading.findings.undated else reading.form.times
        self._amounts = {name: amounts_with(reading.findings.thousands.get(name)) for name in AMOUNTS}
        units = reading.findings.units
        self._units = tuple((name, units.get(name, Unit.HOURS)) for name in CATEGORIES)
        self._percent = bool(units) and set(units.values()) == {Unit.PERCENT}
        self._asked = frozenset(("excessive",) if options else ()) | frozenset(places)
        order = reading.findings.order
        self._moments = Moments(UTC if reading.form.utc else reading.zone, order)
        self._days = Moments(reading.zone, order)
        self._answers = Remembered(self._answer)
        self._alone = Remembered(self._fault_alone)
        self._told = Faults(self._heading)
        self._weeks = Remembered(self._read_week)
        self._seen: Counter[bytes] = Counter()
        self._checks = reading.form.done is not None or reading.form.state is not None

    def read(self, line: int, cells: list[str]) -> AnswerRecord | Problem:
        """Give the answer of a row, or why it can't be one."""
        if self._checks and not self._reading.keep_all and is_unfinished(self._reading.form, cells):
            return Problem(line, "", UNFINISHED, tuple(cells))
        try:
            return self._record(line, cells)
        except InvalidInput as error:
            return self._told.problem(line, cells, error, lambda: self._faults(cells))

    def _heading(self, field: str) -> str:
        position = self._reading.placing.positions.get(field)
        return field if position is None else self._reading.header[position]

    def _faults(self, cells: list[str]) -> list[InvalidInput]:
        """Give what is wrong with each part of a row; with its answer as a whole only where every cell is sound."""
        padded = (*cells, "")
        _, week, answered, *_ = map(str.strip, self._other_cells(padded))
        said = self._answer_cells(padded)
        alone = (self._alone[name, text] for name, text in zip(_ANSWER_FIELDS, said, strict=False) if text.strip())
        found = [fault for fault in alone if fault is not None] or faults_in([lambda: self._answers[said]])
        moment = partial(self._moment, answered or self._last_time(cells))
        return [
            *found,
            *faults_in([moment, lambda: self._reading.week or self._week(week, None if week else moment())]),
        ]

    def _fault_alone(self, cell: tuple[str, ...]) -> InvalidInput | None:
        """Give what is wrong with one cell of an answer, by the name of its field and its text, were the others sound.

        Hours stand beside a few more, so that none at all aren't missed; all else stands in an answer of who was away.
        """
        name, text = cell
        other = next(field for field in CATEGORIES if field != name)
        texts = {other: _FEW, name: text} if name in CATEGORIES else {"away": "yes"} | {name: text}
        options = [""] * len(self._options)
        fault = fault_in(lambda: self._answer((*(texts.get(field, "") for field in _ANSWER_FIELDS), *options)))
        return fault if fault and fault.field == name else None

    def _record(self, line: int, cells: list[str]) -> AnswerRecord:
        row = tuple(cells)
        padded = (*row, "")
        team, week, answered, email, respondent, comment, other = map(str.strip, self._other_cells(padded))
        at = self._moment(answered or self._last_time(cells))
        answer = self._answers[self._answer_cells(padded)]
        if "@" not in email and not is_name(email):
            email = other if "@" in other else ""
        return AnswerRecord(
            line,
            self._reading.week or self._week(week, at),
            replace(answer, comment=with_own_words(comment, answer.comment)) if comment else answer,
            team,
            email,
            "" if email else respondent or self._respondent(cells),
            at,
            row,
        )

    def _answer(self, cells: tuple[str, ...]) -> Answer:
        """Work out an answer from the cells of _ANSWER_FIELDS and then of the options; its comment has another cell."""
        texts = dict(zip(_ANSWER_FIELDS, map(str.strip, cells), strict=False))
        available = self._hours("hours_available", texts)
        usual = self._reading.default_hours
        away = bool(_parsed("away", texts, parse_yes_no))
        rest = "" if away else self._reading.findings.rest
        complaints, unknown = self._complaints(texts["excessive"], cells[len(_ANSWER_FIELDS) :])
        return Answer(
            split=self._time_split(texts, usual if available is None else available, rest),
            away=away,
            hours_available=usual if available is None and self._percent else available,
            callouts=self._hours("callouts", texts) or 0.0,
            excessive=complaints,
            deferred=_parsed("deferred", texts, parse_yes_no),
            comment=in_own_words(unknown),
        )

    def _moment(self, text: str) -> datetime | None:
        if not text:
            return None
        try:
            return self._moments.read(text)
        except InvalidInput as error:
            raise InvalidInput(error.message, "answered_at") from error

    def _last_time(self, cells: Sequence[str]) -> str:
        """Give when an answer that was never sent was last touched."""
        return next((text for index in self._times if (text := cells[index].strip())), "")

    def _hours(self, name: str, texts: dict[str, str]) -> float | None:
        said = _parsed(name, texts, self._amounts[name])
        return said and to_hours(said[0], said[1] or Unit.HOURS, available=self._reading.default_hours)

    def _time_split(self, texts: dict[str, str], available: float, rest: str) -> TimeSplit:
        findings, hours, placed = self._reading.findings, {}, []
        for name, usual in self._units:
            amount, unit = _parsed(name, texts, self._amounts[name]) or (0.0, None)
            if unit is None:
                amount, unit = amount * findings.scale, usual
            placed.append(amount)
            hours[name] = to_hours(amount, unit, available=available)
        if self._percent and sum(placed) > WHOLE + ROUNDING:
            raise InvalidInput(f"The shares add up to {math.fsum(placed):g} %; 100 is the most.", "planned")
        if rest and any(texts[name] for name in CATEGORIES):
            hours[rest] = max(0.0, available - math.fsum(hours.values()))
        return TimeSplit(**hours)

    def _complaints(self, text: str, options: Sequence[str]) -> tuple[frozenset[Chip] | None, tuple[str, ...]]:
        """Give the complaints, None where they weren't asked for, and what else was named."""
        if "excessive" not in self._asked:
            return None, ()
        return read_chips(f"{text};{ticked(self._options, options)}")

    def _week(self, text: str, at: datetime | None) -> Week:
        if text:
            return self._weeks[text]
        if at is None:
            raise InvalidInput(_NO_WEEK, "week" if "week" in self._asked else "answered_at")
        return week_answered(at, self._reading.zone)

    def _read_week(self, text: str) -> Week:
        try:
            week = _ISO_WEEK.search(text)
            if week:
                return Week.parse(week[0])
            return Week.containing(self._days.read(_WEEK_WORDS.sub("", text)).date())
        except InvalidInput as error:
            raise InvalidInput(f"“{text}” is no week that can be read. Write it as 2026-W47.", "week") from error

    def _respondent(self, cells: list[str]) -> str:
        """Tell anonymous rows of a tool without ids apart: by what they say and how often it was said before."""
        digest = blake2b("\x1f".join(cells).encode(), digest_size=10)
        if len(self._seen) >= MOST_ANONYMOUS and digest.digest() not in self._seen:
            raise InvalidInput(f"Over {MOST_ANONYMOUS:,} rows have neither an address nor an id. Split the file.")
        self._seen[digest.digest()] += 1
        return f"{digest.hexdigest()}-{self._seen[digest.digest()]}"


def _parsed(name: str, texts: dict[str, str], parse: Callable[[str], _T]) -> _T | None:
    if not texts[name]:
        return None
    try:
        return parse(texts[name])
    except InvalidInput as error:
        raise InvalidInput(error.message, name) from error


def week_answered(at: datetime, zone: ZoneInfo) -> Week:
    """Give the week that an answer given at a moment is about: on Monday and Tuesday the week before."""
    return _week_answered_on(at.astimezone(zone).date())


@lru_cache(maxsize=1024)
def _week_answered_on(day: date) -> Week:
    week = Week.containing(day)
    return week.shift(-1) if day.weekday() <= 1 else week
