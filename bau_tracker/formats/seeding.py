"""Reads the example data: teams.json, answers/TEAM.csv and items/TEAM.csv, with weeks counted from the newest one.

Week 0 is the newest whole week, -1 the one before, 1 the one that runs; `-1 Tue 14:05` is a moment in it in the team's
time zone. The files are the project's own: whatever is wrong in them raises and is a fault to be mended.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from bau_tracker.domain.importing import AnswerRecord, ItemRecord
from bau_tracker.domain.people import slug_of
from bau_tracker.domain.permissions import Role
from bau_tracker.domain.surveys import CATEGORIES, Answer, Step, TimeSplit
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week

SOURCE: Final = "jira"
DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ANSWER_HEADER: Final = (
    "week", "email", "answered", "away", "available", *CATEGORIES, "callouts", "excessive", "deferred", "comment",
)  # fmt: skip
ITEM_HEADER: Final = (
    "key", "title", "type", "status", "priority", "labels", "component", "created", "closed", "logged",
)  # fmt: skip
_SECONDS_AN_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class SeedPerson:
    """Somebody invented."""

    email: str
    name: str
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class SeedMember:
    """What a person is to a team, and when; hours None are the team's, `ends_on` None is open."""

    email: str
    role: Role
    starts_on: date
    ends_on: date | None
    hours: float | None


@dataclass(frozen=True, slots=True)
class SeedAction:
    """Something that an invented team agreed to do, from a day on; `done_on` None is under way."""

    text: str
    agreed_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class SeedTeam:
    """An invented team."""

    name: str
    timezone: str
    hours_per_week: float
    members: tuple[SeedMember, ...]
    step: Step = Step.HALF_DAYS
    holidays: str = ""
    agreed: tuple[SeedAction, ...] = ()

    @property
    def slug(self) -> str:
        """Give the team's name in addresses, which names its files too."""
        return slug_of(self.name)

    @property
    def zone(self) -> ZoneInfo:
        """Give the team's time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is who; `demo_people` are those to try the program as: what they are -> e-mail address."""

    people: tuple[SeedPerson, ...]
    teams: tuple[SeedTeam, ...]
    demo_people: dict[str, str]


def read_roster(folder: Path, newest: Week) -> Roster:
    """Read people and teams, with their dates shifted so that week 0 is `newest`."""
    said = json.loads((folder / "teams.json").read_text(encoding="utf-8"))
    return Roster(
        people=tuple(SeedPerson(one["email"], one["name"], one.get("admin", False)) for one in said["people"]),
        teams=tuple(_team(team, newest) for team in said["teams"]),
        demo_people={one["who"]: one["email"] for one in said["sign_in"]},
    )


def read_answers(folder: Path, team: SeedTeam, newest: Week) -> Iterator[AnswerRecord]:
    """Go through a team's answers, with their weeks and moments shifted."""
    for line, row in _rows(folder / "answers" / f"{team.slug}.csv"):
        yield AnswerRecord(
            line=line,
            week=newest.shift(int(row["week"])),
            answer=_answer(row),
            team=team.slug,
            email=row["email"],
            answered_at=_moment(row["answered"], newest, team.zone),
        )


def read_items(folder: Path, team: SeedTeam, newest: Week) -> Iterator[ItemRecord]:
    """Go through a team's work items, with their moments shifted."""
    for line, row in _rows(folder / "items" / f"{team.slug}.csv"):
        created = _moment(row["created"], newest, team.zone)
        closed = _moment(row["closed"], newest, team.zone) if row["closed"] else None
        yield ItemRecord(
            line=line,
            source=SOURCE,
            external_key=row["key"],
            title=row["title"],
            item_type=row["type"],
            status=row["status"],
            priority=row["priority"],
            labels=tuple(row["labels"].split()),
            component=row["component"],
            team=team.slug,
            created=created,
            updated=closed or created,
            closed=closed,
            logged=tuple(_logged(entry, newest) for entry in row["logged"].split("; ") if entry),
        )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from enumerate(csv.DictReader(file, strict=True), start=2)


def _team(said: dict[str, Any], newest: Week) -> SeedTeam:
    members = (
        SeedMember(
            email=one["email"],
            role=Role(one["role"]),
            starts_on=newest.shift(one["from_week"]).monday,
            ends_on=newest.shift(one["to_week"]).sunday if "to_week" in one else None,
            hours=one.get("hours"),
        )
        for one in said["members"]
    )
    return SeedTeam(
        name=said["name"],
        timezone=said["timezone"],
        hours_per_week=said["hours_per_week"],
        members=tuple(members),
        step=Step(said["step"]),
        holidays=said["holidays"],
        agreed=tuple(_action(entry, newest) for entry in said["agreed"]),
    )


def _action(said: dict[str, Any], newest: Week) -> SeedAction:
    done = newest.shift(said["done_week"]).sunday if "done_week" in said else None
    return SeedAction(said["text"], newest.shift(said["week"]).monday, done)


def _answer(row: dict[str, str]) -> Answer:
    return Answer(
        split=TimeSplit(**{name: _hours(row[name]) for name in CATEGORIES}),
        away=row["away"] == "yes",
        hours_available=float(row["available"]) if row["available"] else None,
        callouts=_hours(row["callouts"]),
        excessive=frozenset(Chip(chip) for chip in row["excessive"].split()),
        deferred={"yes": True, "no": False, "": None}[row["deferred"]],
        comment=row["comment"],
    )


def _hours(text: str) -> float:
    return float(text or 0)


def _day(week: str, day: str, newest: Week) -> date:
    return newest.shift(int(week)).monday + timedelta(days=DAYS.index(day))


def _moment(text: str, newest: Week, zone: ZoneInfo) -> datetime:
    """Read `-1 Tue 14:05` as a moment of the team's time zone, in UTC."""
    week, day, clock = text.split()
    return datetime.combine(_day(week, day, newest), time.fromisoformat(clock), tzinfo=zone).astimezone(UTC)


def _logged(text: str, newest: Week) -> tuple[date, int]:
    """Read `-1 Tue 2.5` as a day and seconds."""
    week, day, hours = text.split()
    return _day(week, day, newest), round(float(hours) * _SECONDS_AN_HOUR)
