"""What a lead, or whoever runs the server, can do with a file: check it, take it over whole or not at all, look back.

Which rows can be taken is decided by `intake`, what a file says by `formats`. Everything happens in one transaction,
which the caller commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bau_tracker.domain.errors import Forbidden, NotFound
from bau_tracker.domain.importing import Layout, Problem
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.answers import open_answers
from bau_tracker.formats.items import open_items
from bau_tracker.services.intake import BATCH, Intake, Record, Request, Result
from bau_tracker.services.permissions import team_for, teams_allowing
from bau_tracker.storage import importing, items, rollups, surveys, teams
from bau_tracker.storage.tables import ImportRun, Team


def import_answers(session: Session, request: Request, *, actor: Actor, now: datetime) -> Result:
    """Take a file's answers over, or only compare them; the newer answer of a person and week replaces the older.

    A row that can't be taken becomes a problem with its reason and line, and the others go on. Raises UnreadableInput
    when the file can't be read or isn't recognised, Forbidden to who leads no team, and what `team_for` raises; then
    nothing is stored.
    """
    team = _team(session, request, actor, now)
    zone, hours = _usual(team)
    file = open_answers(
        request.path,
        zone=zone,
        default_hours=hours,
        mapping=request.mapping,
        week=request.week,
        name=request.file_name,
    )
    run = _run("answers", request, file.layout, actor, now)
    intake = Intake(session, request, team, run, actor=actor, now=now)
    importing.open_stage(session)
    for records in _batches(intake.taken(file)):
        importing.stage(session, [intake.answer_row(record) for record in records])
    result = intake.result
    result.layout = file.layout
    comparison = importing.compare(session)
    result.accepted, result.replaced = comparison.accepted, comparison.replaced
    result.unchanged, result.people = comparison.unchanged, comparison.people
    result.weeks = [Week(monday) for monday in importing.staged_mondays(session)]
    result.least_hours, result.most_hours = comparison.least_hours, comparison.most_hours
    result.total_hours = comparison.total_hours
    if not request.dry_run:
        for team_id in importing.staged_teams(session):
            surveys.lock_team(session, team_id)
        importing.take_over(session, now)
        rollups.refresh_weeks(session, intake.teams.values(), importing.staged_weeks(), now)
        intake.finish()
    importing.close_stage(session)
    return result


def import_items(session: Session, request: Request, *, actor: Actor, now: datetime) -> Result:
    """Take a file's work items over, each with a kind and an origin and why, or only compare them.

    Raises like `import_answers`.
    """
    team = _team(session, request, actor, now)
    file = open_items(request.path, zone=_usual(team)[0], mapping=request.mapping, name=request.file_name)
    run = _run("items", request, file.layout, actor, now)
    intake = Intake(session, request, team, run, actor=actor, now=now)
    result = intake.result
    weeks: set[Week] = set()
    with session.begin_nested() as attempt:
        for records in _batches(intake.taken(file)):
            rows = [intake.item_row(record) for record in records]
            logged = {items.key_of(row): hours for row, hours in rows}
            kept = items.keep_items(session, [row for row, _ in rows], logged)
            result.accepted += kept.accepted
            result.replaced += kept.replaced
            result.unchanged += kept.unchanged
            weeks.update(Week(row.week) for row, _ in rows if row.week)
        if request.dry_run:
            attempt.rollback()
    result.layout = file.layout
    result.weeks = sorted(weeks)
    if not request.dry_run:
        intake.finish()
    return result


def run_of(session: Session, run_id: int, *, actor: Actor) -> tuple[ImportRun, Iterator[Problem]]:
    """Give a run and the rows it rejected to whoever made it, or an administrator; raises NotFound to others."""
    run = importing.run_with_id(session, run_id)
    if run is None or not (actor.is_admin or run.person_id == actor.person_id):
        raise NotFound("There is no such import, or it was somebody else's.")
    return run, importing.rejects_of(session, run_id)


def _team(session: Session, request: Request, actor: Actor, now: datetime) -> Team | None:
    if request.team:
        return team_for(session, request.team, Action.IMPORT, actor=actor, now=now)
    if not actor.is_admin and not teams_allowing(session, Action.IMPORT, actor=actor, now=now):
        raise Forbidden("Only a lead of a team, or an administrator, can import.")
    return None


def _usual(team: Team | None) -> tuple[ZoneInfo, float]:
    """Give the time zone and the hours of a week that a file without its own is read with."""
    return (teams.schedule_of(team).zone, team.hours_per_week) if team else (ZoneInfo("UTC"), 40.0)


def _run(what: str, request: Request, layout: Layout, actor: Actor, now: datetime) -> ImportRun:
    with request.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return ImportRun(
        what=what,
        file_name=request.file_name[:255],
        sha256=digest,
        recognised=layout.tool,
        header=list(layout.header),
        person_id=actor.person_id,
        imported_at=now,
    )


def _batches(records: Iterator[Record]) -> Iterator[list[Record]]:
    while batch := list(islice(records, BATCH)):
        yield batch
