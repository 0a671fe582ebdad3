"""What the benchmark of the detector knows of a team: its answers, who was in it, and what really happened.

Reads and writes folders of teams: responses.csv, roster.csv and truth.json. Weeks count from a team's own first week.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from bau_tracker.formats.detection import Response, RosterEntry, WeekForm, read_responses, read_roster

RESPONSES: Final = "responses.csv"
ROSTER: Final = "roster.csv"
TRUTH: Final = "truth.json"
_RESPONSE_COLUMNS: Final = (
    "team", "member", "week", "week_start", "hours", "planned_share", "complaint", "topic",
)  # fmt: skip
_ROSTER_COLUMNS: Final = ("team", "member", "joined_week", "left_week")


@dataclass(frozen=True, slots=True)
class Slide:
    """A true slide: the first week that is lower, the week that is lowest first, and by how many points."""

    onset: int
    end: int
    points: float


@dataclass(frozen=True, slots=True)
class Recovery:
    """A true recovery: its first week, and the first week in which all is as it was."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened in a team; `levels` are the like-for-like percentages, None where nobody was there."""

    scenario: str
    weeks: int
    start: date
    levels: tuple[float | None, ...]
    slide: Slide | None = None
    recovery: Recovery | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A team of the benchmark."""

    team: str
    truth: Truth
    responses: tuple[Response, ...]
    roster: tuple[RosterEntry, ...]


def cut(case: Case, last: int) -> Case:
    """Give what was known of a team at the end of a week."""
    here = (entry for entry in case.roster if entry.joined_week <= last)
    return Case(
        team=case.team,
        truth=case.truth,
        responses=tuple(response for response in case.responses if response.week <= last),
        roster=tuple(_not_yet_left(entry, last) for entry in here),
    )


def _not_yet_left(entry: RosterEntry, last: int) -> RosterEntry:
    if entry.left_week is None or entry.left_week <= last:
        return entry
    return RosterEntry(entry.team, entry.member, entry.joined_week)


def folders_with_cases(folder: Path) -> list[Path]:
    """Give the folder itself if it holds teams, else those in it that do."""
    found = [path for path in (folder, *sorted(folder.glob("*/"))) if (path / TRUTH).is_file()]
    if not found:
        raise SystemExit(f"{folder} holds no {TRUTH}, nor does a folder in it. Give a folder with made teams.")
    return found[:1] if found[0] == folder else found


def read_cases(folder: Path) -> list[Case]:
    """Read the teams of a folder."""
    read = read_responses(folder / RESPONSES)
    if read.week_form is not WeekForm.INDEX or read.problems:
        raise SystemExit(f"{folder / RESPONSES} has rows that can't be read, or weeks that aren't whole numbers.")
    responses: dict[str, list[Response]] = defaultdict(list)
    for response in read.records:
        responses[response.team].append(response)
    roster: dict[str, list[RosterEntry]] = defaultdict(list)
    for entry in read_roster(folder / ROSTER, WeekForm.INDEX).entries:
        roster[entry.team].append(entry)
    teams = json.loads((folder / TRUTH).read_text(encoding="utf-8"))["teams"]
    return [Case(team, _truth(told), tuple(responses[team]), tuple(roster[team])) for team, told in teams.items()]


def _truth(told: dict[str, Any]) -> Truth:
    slide, recovery = told["slide"], told["recovery"]
    return Truth(
        scenario=told["scenario"],
        weeks=told["n_weeks"],
        start=date.fromisoformat(told["start"]),
        levels=tuple(told["true_level"]),
        slide=Slide(slide["onset"], slide["end"], slide["points"]) if slide else None,
        recovery=Recovery(recovery["start"], recovery["end"]) if recovery else None,
    )


def write_cases(cases: Sequence[Case], folder: Path) -> None:
    """Write teams into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_csv(folder / RESPONSES, _RESPONSE_COLUMNS, (_cells(case, each) for case in cases for each in case.responses))
    entries = (entry for case in cases for entry in case.roster)
    _write_csv(folder / ROSTER, _ROSTER_COLUMNS, ((e.team, e.member, e.joined_week, e.left_week) for e in entries))
    told = {"teams": {case.team: _told(case.truth) for case in cases}}
    (folder / TRUTH).write_text(json.dumps(told), encoding="utf-8")


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _cells(case: Case, each: Response) -> tuple[object, ...]:
    monday = case.truth.start + timedelta(weeks=each.week)
    percent = round(each.planned_share * 100, 2)
    return (each.team, each.member, each.week, monday, each.hours, percent, int(each.complaint), each.topic)


def _told(truth: Truth) -> dict[str, object]:
    return {
        "scenario": truth.scenario,
        "n_weeks": truth.weeks,
        "start": truth.start.isoformat(),
        "slide": asdict(truth.slide) if truth.slide else None,
        "recovery": asdict(truth.recovery) if truth.recovery else None,
        "true_level": truth.levels,
    }
