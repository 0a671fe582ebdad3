"""Runs what is compared on one team: BAU Tracker's detector, and the rules that people use today.

The detector is taken as it is offered, answers in and rows out, one team at a time: each counts its weeks from a Monday
of its own, and where quarters end depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bau_tracker.formats.detection import Response, WeekForm
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
_LAST_WEEK: Final = "(the last week of all)"
"""Not a team: one answer that says how far the data go, since a team's own answers may end sooner."""


def verdicts(case: Case, last: int) -> dict[int, Row]:
    """Give the detector's row for each week of a team up to the last."""
    until = Response(_LAST_WEEK, "nobody", last, 40.0, 1.0, complaint=False)
    rows = verdict_rows([*case.responses, until], case.roster, WeekForm.INDEX, {case.team: case.truth.start})
    named = (Row(zip(COLUMNS, row, strict=True)) for row in rows)
    return {int(str(row["week"])): row for row in named if row["team"] == case.team}


def _ours(case: Case) -> States:
    rows = verdicts(case, case.truth.weeks - 1)
    return {week: str(row["state"]) for week, row in rows.items()}


def _naive(name: str) -> Callable[[Case], States]:
    return lambda case: dict(enumerate(RULES[name](weekly_means(case))))


DETECTORS: Final[Mapping[str, Callable[[Case], States]]] = {OURS: _ours} | {name: _naive(name) for name in RULES}
