"""Runs what is compared on one team: BAU Tracker's detector, and the rules that people use today.

The detector is taken as it is offered, answers in and rows out. Weeks are handed to it as calendar weeks, so that it
knows where quarters end whatever week a team counts from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from bau_tracker.domain.weeks import Week
from bau_tracker.formats.detection import Response, RosterEntry, WeekForm
from bau_tracker.services.detection import COLUMNS, verdict_rows
from tests.bench.cases import Case
from tests.bench.naive import RULES, weekly_means

States = dict[int, str]
"""The state of each week that has one."""
Row = dict[str, object]
"""A row of `bau-tracker detect`, by column."""

OURS: Final = "BAU Tracker"
BASELINE: Final = "spreadsheet"
"""What costs are compared with: the plainest rule."""
_FIRST_MONDAY: Final = date(1970, 1, 5)
_LAST_WEEK: Final = "(the last week of all)"
"""Not a team: one answer that says how far the data go, since a team's own answers may end sooner."""


def verdicts(case: Case, last: int) -> dict[int, Row]:
    """Give the detector's row for each week of a team up to the last."""
    offset = (case.truth.start - _FIRST_MONDAY).days // 7
    rows = verdict_rows(_responses(case, offset, last), _roster(case, offset), WeekForm.ISO)
    named = (Row(zip(COLUMNS, row, strict=True)) for row in rows)
    return {
        Week.parse(str(row["week"])) - Week(_FIRST_MONDAY) - offset: row for row in named if row["team"] == case.team
    }


def _responses(case: Case, offset: int, last: int) -> Iterator[Response]:
    yield from (replace(response, week=response.week + offset) for response in case.responses)
    yield Response(_LAST_WEEK, "nobody", last + offset, 40.0, 1.0, complaint=False)


def _roster(case: Case, offset: int) -> Iterator[RosterEntry]:
    for entry in case.roster:
        left = None if entry.left_week is None else entry.left_week + offset
        yield RosterEntry(entry.team, entry.member, entry.joined_week + offset, left)


def _ours(case: Case) -> States:
    rows = verdicts(case, case.truth.weeks - 1)
    return {week: str(row["state"]) for week, row in rows.items()}


def _naive(name: str) -> Callable[[Case], States]:
    return lambda case: dict(enumerate(RULES[name](weekly_means(case))))


DETECTORS: Final[Mapping[str, Callable[[Case], States]]] = {OURS: _ours} | {name: _naive(name) for name in RULES}
