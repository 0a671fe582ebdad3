"""Decides the columns of our own export of answers, and reads them back without loss.

    team              slug of the team
    week              ISO week, 2026-W47
    email             the person; empty for an anonymous answer
    respondent        what keeps anonymous answers apart; empty for a person with an e-mail
    status            submitted or away
    hours_available   working time the split was made of; empty when unknown
    planned ... overhead   hours, one column for each category of `domain.surveys`, in its order
    callouts          hours out of hours, kept apart from the week
    excessive         names of complaints joined by "; ", empty for none, "not asked" where they weren't asked for
    deferred          yes, no, or empty where it wasn't asked for
    comment           one line
    answered_at       ISO 8601 in UTC, 2026-11-20T09:30:00Z; empty when unknown

Text that a spreadsheet would take for a formula carries an apostrophe more (`guards`); columns may stand in any order,
and others beside them are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Final, TypeVar

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import AnswerRecord, Problem
from bau_tracker.domain.surveys import CATEGORIES, Answer, AnswerStatus, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.dates import parse_moment
from bau_tracker.formats.faults import Faults, fault_in, faults_in
from bau_tracker.formats.guards import unguard
from bau_tracker.formats.remembering import Remembered
from bau_tracker.formats.values import parse_amount, parse_yes_no

TOOL: Final = "bau_tracker"
NOT_ASKED: Final = "not asked"
OWN_COLUMNS: Final = (
    "team", "week", "email", "respondent", "status", "hours_available", *CATEGORIES,
    "callouts", "excessive", "deferred", "comment", "answered_at",
)  # fmt: skip

_YES_NO: Final = {"": None, "yes": True, "no": False}
_ANSWER_COLUMNS: Final = ("status", "hours_available", *CATEGORIES, "callouts", "excessive", "deferred")
_OTHER_COLUMNS: Final = ("team", "week", "email", "respondent", "comment", "answered_at")
_T = TypeVar("_T")
_STATUSES: Final = {AnswerStatus.SUBMITTED.value: False, AnswerStatus.AWAY.value: True}


def is_own(header: Sequence[str]) -> bool:
    """Say whether a header has all of our columns."""
    return set(OWN_COLUMNS) <= set(header)


def answer_row(record: AnswerRecord) -> tuple[str | float | None, ...]:
    """Give the cells of OWN_COLUMNS for an answer; guarding them is left to the writer."""
    answer = record.answer
    at = record.answered_at
    return (
        record.team,
        str(record.week),
        record.email,
        record.respondent,
        answer.status.value,
        answer.hours_available,
        *(answer.split.hours(name) for name in CATEGORIES),
        answer.callouts,
        _excessive_text(answer.excessive),
        "" if answer.deferred is None else ("yes" if answer.deferred else "no"),
        answer.comment,
        "" if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    )


class OwnRows:
    """Reads rows of our own export; `week`, when given, stands for what each row says.

    Weeks look alike, so what the cells of an answer come to is worked out once and remembered, up to a bound.
    """

    def __init__(self, header: Sequence[str], week: Week | None) -> None:
        self._answer_cells = itemgetter(*map(header.index, _ANSWER_COLUMNS))
        self._other_cells = itemgetter(*map(header.index, _OTHER_COLUMNS))
        self._week = week
        self._answers = Remembered(self._answer)
        self._alone = Remembered(self._fault_alone)
        self._told = Faults(lambda field: field)
        self._hours = Remembered(_hours)
        self._chips = Remembered(_complaints)
        self._weeks = Remembered(Week.parse)
        self._texts = Remembered(unguard)

    def read(self, line: int, cells: list[str]) -> AnswerRecord | Problem:
        """Give the answer of a row, or why it can't be one."""
        try:
            return self._record(line, tuple(cells))
        except InvalidInput as error:
            return self._told.problem(line, cells, error, lambda: self._faults(cells))

    def _faults(self, cells: list[str]) -> list[InvalidInput]:
        """Give what is wrong with each part of a row; with its answer as a whole only where every cell is sound."""
        _, week, _, _, comment, at = self._other_cells(cells)
        said = self._answer_cells(cells)
        alone = (self._alone[name, text] for name, text in zip(_ANSWER_COLUMNS, said, strict=True))
        found = [fault for fault in alone if fault is not None] or faults_in([lambda: self._answers[said]])
        others = (
            lambda: self._week or _named("week", self._weeks, week),
            lambda: Answer(away=True, comment=unguard(comment)),
            lambda: _moment(at) if at else None,
        )
        return [*found, *faults_in(others)]

    def _fault_alone(self, cell: tuple[str, ...]) -> InvalidInput | None:
        """Give what is wrong with one cell of an answer, by its column and its text, were the others sound.

        Hours stand beside a few more, so that none at all aren't missed; all else stands in an answer of who was away.
        """
        name, text = cell
        other = next(field for field in CATEGORIES if field != name)
        sound = {"status": "submitted", other: "0.001"} if name in CATEGORIES else {"status": "away"}
        texts = sound | {name: text}
        fault = fault_in(lambda: self._answer(tuple(texts.get(field, "") for field in _ANSWER_COLUMNS)))
        return fault if fault and fault.field == name else None

    def _record(self, line: int, cells: tuple[str, ...]) -> AnswerRecord:
        team, week, email, respondent, comment, at = self._other_cells(cells)
        answer = self._answers[self._answer_cells(cells)]
        return AnswerRecord(
            line,
            self._week or _named("week", self._weeks, week),
            replace(answer, comment=unguard(comment)) if comment else answer,
            self._texts[team],
            self._texts[email],
            unguard(respondent) if respondent else "",
            _moment(at) if at else None,
            cells,
        )

    def _answer(self, cells: tuple[str, ...]) -> Answer:
        """Work out an answer but its comment, from the cells of _ANSWER_COLUMNS."""
        status, available, *hours, callouts, excessive, deferred = cells
        if status not in _STATUSES:
            raise InvalidInput(f"“{status}” is no status. Write submitted or away.", "status")
        known = self._hours
        return Answer(
            TimeSplit(*[_named(name, known, text) for name, text in zip(CATEGORIES, hours, strict=True)]),
            _STATUSES[status],
            _named("hours_available", known, available) if available else None,
            _named("callouts", known, callouts),
            _named("excessive", self._chips, excessive),
            _YES_NO[deferred] if deferred in _YES_NO else _yes_no(deferred),
        )


def _named(name: str, known: Remembered[str, _T], text: str) -> _T:
    """Give what a cell means; name its column when it can't be right."""
    try:
        return known[text]
    except InvalidInput as error:
        raise InvalidInput(error.message, name) from error


def _hours(text: str) -> float:
    return parse_amount(text)[0] if text else 0.0


def _complaints(text: str) -> frozenset[Chip] | None:
    if text == NOT_ASKED:
        return None
    try:
        return frozenset(Chip(name.strip()) for name in text.split(";") if name.strip())
    except ValueError as error:
        raise InvalidInput(f"“{text}” isn't made of known complaints ({', '.join(Chip)}).") from error


def _excessive_text(chips: frozenset[Chip] | None) -> str:
    return NOT_ASKED if chips is None else "; ".join(chip.value for chip in Chip if chip in chips)


def _yes_no(text: str) -> bool:
    try:
        return parse_yes_no(text)
    except InvalidInput as error:
        raise InvalidInput(error.message, "deferred") from error


def _moment(text: str) -> datetime:
    try:
        return parse_moment(text, UTC)
    except InvalidInput as error:
        raise InvalidInput(error.message, "answered_at") from error
