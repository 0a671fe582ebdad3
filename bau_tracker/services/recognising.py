"""What is said about a file, and what is found out about it before it is read: its form, its columns, what is open.

What was said about earlier files of the same form is remembered (see `remembering`). Reading a file on and taking it
over is left to `importing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bau_tracker.domain.errors import Forbidden, UnreadableInput
from bau_tracker.domain.importing import AnswerRecord, Inspection, ItemRecord, Layout, Problem
from bau_tracker.domain.importing import Mapping as ColumnMapping
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.answers import answers_header, inspect_answers, open_answers
from bau_tracker.formats.items import inspect_items, items_header, open_items
from bau_tracker.services.permissions import team_for, teams_allowing
from bau_tracker.services.remembering import Memory, mapping_of, recall
from bau_tracker.storage import teams
from bau_tracker.storage.tables import ImportRun, Team

ANSWERS: Final = "answers"
ITEMS: Final = "items"
FIRST_ROWS: Final = 10
"""How many rows are shown as they would be stored."""

Entry = AnswerRecord | ItemRecord | Problem


@dataclass(frozen=True, slots=True)
class Request:
    """Which file is to be imported, and how.

    `what` is ANSWERS or ITEMS, `file_name` what its owner calls it, `team` the slug of the team it is of (None: the
    file says so); `people` turns a file's addresses into ours, or into SKIP for somebody who is left out.
    """

    what: str
    path: Path
    file_name: str
    team: str | None = None
    week: Week | None = None
    mapping: ColumnMapping | None = None
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found out about a file: `request` is what was said, with what is remembered of the file's form.

    `memory` is None where nothing is.
    """

    inspection: Inspection
    request: Request
    memory: Memory | None


def inspect(session: Session, request: Request, *, actor: Actor, now: datetime) -> Look:
    """Say what is found out about a file before a run of it is begun, with what is remembered of its form.

    Raises UnreadableInput when the file can't be read at all, Forbidden to who leads no team, and what `team_for`
    raises.
    """
    team = team_of(session, request.team, actor, now)
    remembered, memory = with_memory(session, request, team, actor)
    return Look(_inspected(remembered, team), remembered, memory)


def preview(session: Session, request: Request, *, actor: Actor, now: datetime) -> list[Entry]:
    """Give the first rows of a file as they would be read; raises like `begin`."""
    team = team_of(session, request.team, actor, now)
    return list(islice(iter(opened(with_memory(session, request, team, actor)[0], team)[1]), FIRST_ROWS))


def team_of(session: Session, slug: str | None, actor: Actor, now: datetime) -> Team | None:
    """Give the team that a file is of, None where the file says it, to somebody who may import.

    Raises Forbidden to who leads no team, and what `team_for` raises.
    """
    if slug:
        return team_for(session, slug, Action.IMPORT, actor=actor, now=now)
    if not actor.is_admin and not teams_allowing(session, Action.IMPORT, actor=actor, now=now):
        raise Forbidden("Only a lead of a team, or an administrator, can import.")
    return None


def with_memory(
    session: Session, request: Request, team: Team | None, actor: Actor, *, asks: bool = False
) -> tuple[Request, Memory | None]:
    """Add to what is said about a file what is remembered of its form; what is said now counts.

    With `asks`, raises UnreadableInput when questions of the form have changed and nobody has said what they are now.
    """
    said = request.mapping or ColumnMapping()
    header_of = items_header if request.what == ITEMS else answers_header
    header = header_of(request.path, said, name=request.file_name)
    memory = recall(session, request.what, header, team_id=team.id if team else None, person_id=actor.person_id)
    if memory is None:
        return request, None
    if asks and request.mapping is None and memory.doubt:
        raise UnreadableInput(f"{memory.doubt} Say which column holds what now, with a mapping.")
    people = {**memory.people, **request.people}
    return replace(request, mapping=request.mapping or memory.mapping, people=people), memory


def _inspected(request: Request, team: Team | None) -> Inspection:
    zone, hours = _usual(team)
    said, name = request.mapping, request.file_name
    if request.what == ITEMS:
        return inspect_items(request.path, zone=zone, mapping=said, name=name)
    return inspect_answers(request.path, zone=zone, default_hours=hours, mapping=said, week=request.week, name=name)


def _usual(team: Team | None) -> tuple[ZoneInfo, float]:
    """Give the time zone and the hours of a week that a file without its own is read with."""
    return (teams.schedule_of(team).zone, team.hours_per_week) if team else (ZoneInfo("UTC"), 40.0)


def opened(request: Request, team: Team | None) -> tuple[Layout, Iterable[Entry]]:
    """Open a file of which no question is open; raises UnreadableInput with the first that is."""
    zone, hours = _usual(team)
    said, name = request.mapping, request.file_name
    if request.what == ITEMS:
        items = open_items(request.path, zone=zone, mapping=said, name=name)
        return items.layout, items
    answers = open_answers(request.path, zone=zone, default_hours=hours, mapping=said, week=request.week, name=name)
    return answers.layout, answers


def digest(path: Path) -> str:
    """Give the hash by which a file is told again; raises UnreadableInput when it isn't there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableInput(f"The file isn't there any more ({error.strerror}). Import it anew.") from error


def written_down(request: Request) -> dict[str, Any]:
    """Write down what was said about a file, for whoever reads it on."""
    return {
        "file": str(request.path.absolute()),
        "team": request.team,
        "week": str(request.week) if request.week else None,
        "mapping": asdict(request.mapping) if request.mapping else None,
        "people": dict(request.people),
    }


def request_of(run: ImportRun) -> Request:
    """Read back what was said about a run's file."""
    said = run.request
    return Request(
        what=run.what,
        path=Path(said["file"]),
        file_name=run.file_name,
        team=said["team"],
        week=Week.parse(said["week"]) if said["week"] else None,
        mapping=mapping_of(said["mapping"]) if said["mapping"] else None,
        people=said["people"],
    )
