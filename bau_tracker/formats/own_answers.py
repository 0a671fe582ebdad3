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
from datetime import UTC, datetime
from operator import itemgetter
from typing import Final

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import AnswerRecord, Problem
from bau_tracker.domain.surveys import CATEGORIES, Answer, AnswerStatus, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.dates import parse_moment
from bau_tracker.formats.guards import unguard
from bau_tracker.formats.values import parse_amount, parse_yes_no

TOOL: Final = "bau_tracker"
NOT_ASKED: Final = "not asked"
OWN_COLUMNS: Final = (
    "team", "week", "email", "respondent", "status", "hours_available", *CATEGORIES,
    "callouts", "excessive", "deferred", "comment", "answered_at",
)  # fmt: skip

_MEMORY: Final = 10_000
_YES_NO: Final = {"": None, "yes": True, "no": False}
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

    Values come again and again, so what a cell means is worked out once and remembered, up to a bound.
    """

    def __init__(self, header: Sequence[str], week: Week | None) -> None:
        self._pick = itemgetter(*(header.index(name) for name in OWN_COLUMNS))
        self._week = week
        self._weeks: dict[str, Week] = {}
        self._hours: dict[str, float] = {"": 0.0}
        self._chips: dict[str, frozenset[Chip] | None] = {"": frozenset(), NOT_ASKED: None}

    def read(self, line: int, cells: list[str]) -> AnswerRecord | Problem:
        """Give the answer of a row, or why it can't be one."""
        try:
            return self._record(line, cells)
        except InvalidInput as error:
            return Problem(line, error.field, error.message, tuple(cells))

    def _record(self, line: int, cells: list[str]) -> AnswerRecord:
        team, week, email, respondent, status, available, *hours, callouts, excessive, deferred, comment, at = (
            self._pick(cells)
        )
        if status not in _STATUSES:
            raise InvalidInput(f"“{status}” is no status. Write submitted or away.", "status")
        known = self._hours
        try:
            split = TimeSplit(*[known[text] for text in hours])
        except KeyError:
            split = TimeSplit(*[self._amount(text, name) for text, name in zip(hours, CATEGORIES, strict=True)])
        answer = Answer(
            split,
            _STATUSES[status],
            self._amount(available, "hours_available") if available else None,
            self._amount(callouts, "callouts"),
            self._complaints(excessive),
            _YES_NO[deferred] if deferred in _YES_NO else _yes_no(deferred),
            unguard(comment),
        )
        return AnswerRecord(
            line,
            self._week or self._weeks.get(week) or self._read_week(week),
            answer,
            unguard(team),
            unguard(email),
            unguard(respondent),
            _moment(at) if at else None,
            tuple(cells),
        )

    def _read_week(self, text: str) -> Week:
        try:
            week = Week.parse(text)
        except InvalidInput as error:
            raise InvalidInput(error.message, "week") from error
        if len(self._weeks) < _MEMORY:
            self._weeks[text] = week
        return week

    def _amount(self, text: str, name: str) -> float:
        hours = self._hours.get(text)
        if hours is not None:
            return hours
        try:
            hours, _ = parse_amount(text)
        except InvalidInput as error:
            raise InvalidInput(error.message, name) from error
        if len(self._hours) < _MEMORY:
            self._hours[text] = hours
        return hours

    def _complaints(self, text: str) -> frozenset[Chip] | None:
        if text in self._chips:
            return self._chips[text]
        try:
            chips = frozenset(Chip(name.strip()) for name in text.split(";") if name.strip())
        except ValueError as error:
            names = ", ".join(Chip)
            raise InvalidInput(f"“{text}” isn't made of known complaints ({names}).", "excessive") from error
        if len(self._chips) < _MEMORY:
            self._chips[text] = chips
        return chips


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
