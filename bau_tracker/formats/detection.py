"""Decides how the series given to `bau-tracker detect` are read: who answered what in which week, and who was there.

Weeks are an index or ISO weeks, and are written back as they came. What the series means is left to `domain.detector`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from bau_tracker.domain.errors import InvalidInput, UnreadableInput
from bau_tracker.domain.importing import Problem
from bau_tracker.domain.surveys import MOST_HOURS
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.headers import listed
from bau_tracker.formats.tables import Table, open_table
from bau_tracker.formats.values import parse_yes_no

_FIRST_MONDAY: Final = date(1970, 1, 5)
_MOST_WEEKS: Final = 50_000
_DAYS_TO_SPARE: Final = 800
_RESPONSE_COLUMNS: Final = ("team", "member", "week", "hours", "planned_share", "complaint")
_ROSTER_COLUMNS: Final = ("team", "member", "joined_week", "left_week")
_Record = TypeVar("_Record")


class WeekForm(StrEnum):
    """How a file writes its weeks."""

    INDEX = "index"
    ISO = "iso"


@dataclass(frozen=True, slots=True)
class Response:
    """One person's answer for a week; `week` counts weeks, `planned_share` is 0..1, `topic` empty where not told."""

    team: str
    member: str
    week: int
    hours: float
    planned_share: float
    complaint: bool
    topic: str = ""


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """When a person was in a team; `left_week` is the first week not in it, None for someone who still is."""

    team: str
    member: str
    joined_week: int
    left_week: int | None = None


@dataclass(frozen=True, slots=True)
class Responses:
    """All answers of a file, the rows that are none, how weeks are written, each team's Monday of week 0."""

    records: tuple[Response, ...]
    problems: tuple[Problem, ...]
    week_form: WeekForm
    first_mondays: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Roster:
    """All memberships of a file, and the rows that are none."""

    entries: tuple[RosterEntry, ...]
    problems: tuple[Problem, ...]


def read_responses(path: Path) -> Responses:
    """Read answers; raise UnreadableInput when a column is missing or no row gives a week."""
    table = open_table(path)
    cell = _columns(table, _RESPONSE_COLUMNS, ("topic", "week_start"), path)
    form = _week_form(table, cell["week"], path)
    found, problems = _gather(table, lambda cells: _response(cells, cell, form))
    records, repeated = _once(found)
    problems = sorted([*problems, *repeated], key=lambda problem: problem.line)
    if form is WeekForm.ISO:
        mondays = dict.fromkeys((response.team for response in records), _FIRST_MONDAY)
    else:
        mondays = _first_mondays(table, cell, form) if "week_start" in cell else {}
    return Responses(tuple(records), tuple(problems), form, _in_calendar(mondays, records))


def read_roster(path: Path, form: WeekForm) -> Roster:
    """Read who was in which team when, with weeks written as in the answers; raise UnreadableInput as they do."""
    table = open_table(path)
    cell = _columns(table, _ROSTER_COLUMNS, (), path)
    entries, problems = _gather(table, lambda cells: _entry(cells, cell, form))
    return Roster(tuple(entry for _, entry in entries), tuple(problems))


def write_week(week: int, form: WeekForm) -> int | str:
    """Give a week as the file wrote it."""
    return week if form is WeekForm.INDEX else str(Week(_FIRST_MONDAY).shift(week))


def _columns(table: Table, needed: tuple[str, ...], optional: tuple[str, ...], path: Path) -> dict[str, int]:
    names = [text.casefold() for text in table.header]
    missing = [name for name in needed if name not in names]
    if missing:
        raise UnreadableInput(f"{path.name} has no column {' or '.join(missing)}; it has {listed(table.header)}.")
    repeated = [name for name in (*needed, *optional) if names.count(name) > 1]
    if repeated:
        raise UnreadableInput(f"{path.name} has the column {repeated[0]} {names.count(repeated[0])} times.")
    return {name: names.index(name) for name in (*needed, *optional) if name in names}


def _gather(table: Table, read: Callable[[list[str]], _Record]) -> tuple[list[tuple[int, _Record]], list[Problem]]:
    """Give the records with their lines, and why the other rows are none."""
    records, problems = [], []
    for line, cells, fault in table:
        try:
            if fault:
                raise InvalidInput(fault)  # noqa: TRY301  (a fault is told in the same way as a bad value)
            records.append((line, read(cells)))
        except InvalidInput as error:
            problems.append(Problem(line, error.field, error.message, tuple(cells)))
    return records, problems


def _once(found: list[tuple[int, Response]]) -> tuple[list[Response], list[Problem]]:
    """Keep the last answer of each person and week, and say which were left out for it."""
    newest = {(one.team, one.member, one.week): line for line, one in found}
    records, problems = [], []
    for line, one in found:
        later = newest[one.team, one.member, one.week]
        if later == line:
            records.append(one)
        else:
            words = f"{one.member} answers for this week again in line {later}, which counts instead."
            problems.append(Problem(line, "member", words))
    return records, problems


def _in_calendar(mondays: Mapping[str, date], records: list[Response]) -> dict[str, date]:
    """Give the Mondays of week 0 of the teams all of whose weeks then lie in the calendar, with a year to spare."""
    weeks: dict[str, list[int]] = defaultdict(list)
    for record in records:
        weeks[record.team].append(record.week)
    return {team: first for team, first in mondays.items() if _is_possible(first, weeks[team] or [0])}


def _is_possible(first: date, weeks: list[int]) -> bool:
    days = [first.toordinal() + 7 * week for week in (min(weeks), max(weeks))]
    return date.min.toordinal() + _DAYS_TO_SPARE < days[0] <= days[1] < date.max.toordinal() - _DAYS_TO_SPARE


def _response(cells: list[str], cell: dict[str, int], form: WeekForm) -> Response:
    return Response(
        team=_name(cells, cell, "team"),
        member=_name(cells, cell, "member"),
        week=_week(cells[cell["week"]], form, "week"),
        hours=_number(cells[cell["hours"]], MOST_HOURS, "hours"),
        planned_share=_number(cells[cell["planned_share"]].removesuffix("%"), 100, "planned_share") / 100,
        complaint=_complaint(cells[cell["complaint"]]),
        topic=cells[cell["topic"]] if "topic" in cell else "",
    )


def _entry(cells: list[str], cell: dict[str, int], form: WeekForm) -> RosterEntry:
    left = cells[cell["left_week"]].strip()
    return RosterEntry(
        team=_name(cells, cell, "team"),
        member=_name(cells, cell, "member"),
        joined_week=_week(cells[cell["joined_week"]], form, "joined_week"),
        left_week=_week(left, form, "left_week") if left else None,
    )


def _name(cells: list[str], cell: dict[str, int], column: str) -> str:
    name = cells[cell[column]].strip()
    if not name:
        raise InvalidInput(f"The row has no {column}.", column)
    return name


def _number(text: str, most: float, column: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= most:
        raise InvalidInput(f"“{text}” is no {column} between 0 and {most:g}.", column)
    return number


def _complaint(text: str) -> bool:
    try:
        return parse_yes_no(text)
    except InvalidInput as error:
        raise InvalidInput(f"“{text}” is neither 0 nor 1.", "complaint") from error


def _week(text: str, form: WeekForm, column: str) -> int:
    try:
        if form is WeekForm.ISO:
            return Week.parse(text) - Week(_FIRST_MONDAY)
        week = int(text)
    except (InvalidInput, ValueError) as error:
        wanted = "2026-W47" if form is WeekForm.ISO else "a whole number"
        raise InvalidInput(f"“{text}” is no week; weeks are written as {wanted} here.", column) from error
    if abs(week) > _MOST_WEEKS:
        raise InvalidInput(f"Week {week} is too far away.", column)
    return week


def _week_form(table: Table, index: int, path: Path) -> WeekForm:
    """Go by the first row that gives a week."""
    for form in _forms(table, index):
        return form
    raise UnreadableInput(f"{path.name} has no row with a week. Write weeks as whole numbers or as 2026-W47.")


def _forms(table: Table, index: int) -> Iterator[WeekForm]:
    for _, cells, fault in table:
        for form in WeekForm if not fault else ():
            try:
                _week(cells[index], form, "week")
            except InvalidInput:
                continue
            yield form


def _first_mondays(table: Table, cell: dict[str, int], form: WeekForm) -> dict[str, date]:
    """Give the Monday of each team's week 0 by its first row that says when its week starts."""
    found: dict[str, date] = {}
    for _, cells, fault in table:
        if fault:
            continue
        try:
            team = _name(cells, cell, "team")
            if team not in found:
                start = Week.containing(date.fromisoformat(cells[cell["week_start"]])).monday
                found[team] = start - timedelta(weeks=_week(cells[cell["week"]], form, "week"))
        except (ValueError, OverflowError, InvalidInput):
            continue
    return found
