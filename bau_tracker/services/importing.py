"""What a lead, or whoever runs the server, can do with a file: begin a run of it, read it, take it over whole or not.

A run is read in batches: the caller commits after each, so that a long file holds nobody up and whoever goes on with it
later finds what was read. Taking over is one transaction. Which rows can be taken is decided by `intake`, what a file
says by `formats`; looking back and undoing is in `runs`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any, Final

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, Forbidden, NotFound, UnreadableInput
from bau_tracker.domain.importing import Problem, RunState
from bau_tracker.domain.permissions import SERVER, Actor
from bau_tracker.domain.weeks import Week
from bau_tracker.services.intake import Intake
from bau_tracker.services.recognising import (
    ANSWERS,
    Request,
    digest,
    opened,
    request_of,
    team_of,
    with_memory,
    written_down,
)
from bau_tracker.services.remembering import remember
from bau_tracker.storage import importing, rejects, rollups, runs, surveys
from bau_tracker.storage.item_history import Change, compare_items, keep_items, key_of
from bau_tracker.storage.staged_items import stage_items, staged_items, weeks_of_staged_items
from bau_tracker.storage.tables import ImportRun, Person, Team

BATCH: Final = 5000
LEASE: Final = timedelta(seconds=30)
"""How long nobody else reads a run on after its reader's last sign of life."""
TAKES_OVER: Final = timedelta(minutes=5)
"""How long a run that is being taken over is left alone: that is one step, which shows no sign of life."""
LASTS: Final = timedelta(days=1)
"""How long an import waits to be taken over, and its file with it."""
_NOT_WAITING: Final = "This import doesn't wait to be taken over: it is still being read, or was taken over already."
MOST_PROBLEMS: Final = 1000
"""How many problems a result carries; all of them are kept with the run."""


@dataclass(slots=True)
class Result:
    """What a run's rows come to: rows = accepted + unchanged + replaced + rejected. Hours are those of the file.

    `known` counts the answers of which one was stored already; `repeated` are the replaced rows that only a later row
    of the same file replaces, so that nothing stored changes for them.
    """

    run: int
    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    replaced: int = 0
    repeated: int = 0
    rejected: int = 0
    known: int = 0
    people: int = 0
    people_unknown: list[str] = field(default_factory=list)
    weeks: list[Week] = field(default_factory=list)
    least_hours: float | None = None
    most_hours: float | None = None
    total_hours: float = 0.0
    problems: list[Problem] = field(default_factory=list)


def begin(session: Session, request: Request, *, actor: Actor, now: datetime) -> ImportRun:
    """Begin a run of a file, or find the unfinished one of the same file about which the same was said.

    Raises UnreadableInput when the file can't be read or isn't recognised, Forbidden to who leads no team, and what
    `team_for` raises.
    """
    team = team_of(session, request.team, actor, now)
    drop_stale(session, now)
    request, memory = with_memory(session, request, team, actor, asks=True)
    layout, _ = opened(request, team)
    notes = [*layout.notes, *([memory.said] if memory and memory.said else [])]
    run = ImportRun(
        what=request.what,
        file_name=request.file_name[:255],
        sha256=digest(request.path),
        recognised=layout.tool,
        header=list(layout.header),
        request=written_down(request),
        summary={"why": layout.why, "notes": notes, "columns": [list(pair) for pair in layout.columns]},
        team_id=team.id if team else None,
        person_id=actor.person_id,
        started_at=now,
    )
    known = runs.unfinished_like(session, run)
    if known is None:
        runs.add_run(session, run)
    return known or run


def waits_until(run: ImportRun) -> datetime | None:
    """Say until when an import can be gone on with; None for one that needs nothing more of anybody."""
    return run.started_at + LASTS if run.state in (*runs.UNFINISHED, RunState.FAILED) else None


def drop_stale(session: Session, now: datetime) -> None:
    """Delete the imports that nothing was taken over from and that waited too long; their files are gone too."""
    for stale in runs.left_since(session, now - LASTS, now):
        runs.renew(session, stale.id, holder=None, leased_until=None)  # else it could be taken over meanwhile
        run = runs.run_with_id(session, stale.id)
        if run is not None and waits_until(run):
            runs.drop(session, run)


def read_on(session: Session, run_id: int, *, holder: str, clock: Callable[[], datetime]) -> Iterator[int]:
    """Read a run from where it stands, batch by batch; give the rows read so far after each, for the caller to commit.

    `holder` names the reader: nobody else reads on until its lease is over. A row that can't be taken becomes a problem
    with its reason and line, and the others go on. Raises Conflict when somebody else reads, UnreadableInput when the
    file is gone, was changed or can't be read any more; what was read stays.
    """
    run = _claimed(session, run_id, holder, clock())
    if run.state != RunState.READING:
        return
    request, now = request_of(run), clock()
    actor = _actor_of(session, run)
    team = team_of(session, request.team, actor, now)
    if digest(request.path) != run.sha256:
        raise UnreadableInput(f"{run.file_name} was changed since its import began. Import it anew.")
    _, entries = opened(request, team)
    intake = Intake(session, team, request.people, actor=actor, now=now)
    intake.unknown.update(dict.fromkeys(run.unknown))
    stage = importing.Stage(session, run_id)
    rows, rejected = run.rows, run.rejected
    unread = islice(iter(entries), rows, None)
    while (found := intake.sort(islice(unread, BATCH), run_id)).rows:
        rows, rejected = rows + found.rows, rejected + len(found.problems)
        _renew(session, run_id, holder, clock(), rows=rows, rejected=rejected, unknown=list(intake.unknown))
        stage.add(found.answers)
        stage_items(session, run_id, found.items)
        rejects.keep_rejects(session, run_id, found.problems)
        yield rows
    _renew(session, run_id, holder, clock(), state=RunState.READ, rows_total=rows)
    session.refresh(run)
    yield rows


def result_of(session: Session, run: ImportRun) -> Result:
    """Say what taking a run over would change; of one that is taken over, what it has changed."""
    result = _begun_result(session, run)
    if run.state in (RunState.IMPORTED, RunState.UNDONE):
        _recall(run, result)
    elif run.what == ANSWERS:
        _compare_answers(session, run.id, result)
    else:
        _sum_items_up(session, run.id, result, compare_items)
    return result


def objection(session: Session, run: ImportRun, *, actor: Actor, now: datetime) -> str:
    """Say why a run that is read may no longer be taken over; empty when it may.

    Then nothing that it would change may be shown either: “known already” would tell whether a guess at an answer that
    somebody else gave since was right.
    """
    try:
        _check(session, run, _weeks(session, run), actor, now)
    except (Conflict, Forbidden, NotFound) as error:
        return error.message
    return ""


def take_over(session: Session, run_id: int, *, actor: Actor, now: datetime) -> Result:
    """Take over what a run has read; the newer answer of a person and week replaces the older, all in one transaction.

    Raises Conflict when the run isn't read to its end or is taken over already, or when a week can't be imported into
    any more, and what `team_for` raises.
    """
    run = _held(session, run_id)
    weeks = _weeks(session, run)
    for team_id in weeks:
        surveys.lock_team(session, team_id)
    touched = _check(session, run, weeks, actor, now)
    result = _begun_result(session, run)
    if run.what == ANSWERS:
        _compare_answers(session, run_id, result)
        importing.take_over(session, run_id, now, all_new=not result.known)
        rollups.refresh_weeks(session, touched, weeks, now)
    else:
        _sum_items_up(session, run_id, result, partial(keep_items, now=now))
    _finish(session, run, result, now)
    remember(session, run, weeks, now)
    return result


def announce(session: Session, run_id: int, *, now: datetime) -> None:
    """Say that a run is being taken over, before it is: the page of the run shows it. Raises Conflict like `take_over`.

    A run of which that was said long ago can be taken over anew; whoever comes second finds it done.
    """
    runs.renew(session, run_id, holder=None, failure="")
    run = runs.run_with_id(session, run_id)
    if run is None or run.state not in (RunState.READ, RunState.TAKING_OVER):
        raise Conflict(_NOT_WAITING)
    if run.state == RunState.TAKING_OVER and run.leased_until and run.leased_until > now:
        raise Conflict("This import is being taken over already.")
    runs.renew(session, run_id, holder=None, state=RunState.TAKING_OVER, leased_until=now + TAKES_OVER)


def fail(session: Session, run_id: int, message: str) -> None:
    """Say of an unfinished run that it can't go on, and why; one that was given up meanwhile needs no word."""
    runs.renew(session, run_id, holder=None, leased_until=None)
    run = runs.run_with_id(session, run_id)
    if run is not None and run.state in runs.UNFINISHED:
        run.state, run.failure = RunState.FAILED, message[:1000]
        session.add(run)
        session.flush()


def _held(session: Session, run_id: int) -> ImportRun:
    """Give a run that is read to its end, held until the end of the transaction."""
    runs.renew(session, run_id, holder=None, leased_until=None)
    run = runs.run_with_id(session, run_id)
    if run is None or run.state not in (RunState.READ, RunState.TAKING_OVER):
        raise Conflict(_NOT_WAITING)
    return run


def _weeks(session: Session, run: ImportRun) -> dict[int, list[date]]:
    found = importing.staged_weeks if run.what == ANSWERS else weeks_of_staged_items
    return found(session, run.id)


def _check(
    session: Session, run: ImportRun, weeks: Mapping[int, Iterable[date]], actor: Actor, now: datetime
) -> list[Team]:
    """Give the teams of a run's weeks, if its importer may still import into those."""
    intake = Intake(session, team_of(session, request_of(run).team, actor, now), {}, actor=actor, now=now)
    if not weeks.keys() <= intake.teams.keys():
        raise Forbidden("You may no longer import for all teams of this file. Import it anew.")
    for team_id, mondays in weeks.items() if run.what == ANSWERS else ():
        for monday in mondays:
            changed = intake.objection_to_week(intake.teams[team_id], Week(monday))
            if changed:
                raise Conflict(f"{changed} That has changed since the file was read: import it anew.")
    return [intake.teams[team_id] for team_id in weeks]


def _finish(session: Session, run: ImportRun, result: Result, now: datetime) -> None:
    run.accepted, run.replaced, run.unchanged = result.accepted, result.replaced, result.unchanged
    run.summary = run.summary | {
        "repeated": result.repeated,
        "people": result.people,
        "weeks": [str(week) for week in result.weeks],
        "least_hours": result.least_hours,
        "most_hours": result.most_hours,
        "total_hours": result.total_hours,
    }
    run.state, run.imported_at, run.holder, run.leased_until = RunState.IMPORTED, now, "", None
    session.add(run)
    runs.empty_stage(session, run.id)
    session.flush()


def _begun_result(session: Session, run: ImportRun) -> Result:
    result = Result(run.id, run.rows, rejected=run.rejected, people_unknown=list(run.unknown))
    result.problems = list(rejects.rejects_of(session, run.id, limit=MOST_PROBLEMS))
    return result


def _recall(run: ImportRun, result: Result) -> None:
    result.accepted, result.replaced, result.unchanged = run.accepted, run.replaced, run.unchanged
    result.weeks = [Week.parse(text) for text in run.summary.get("weeks", ())]
    result.people, result.repeated = run.summary.get("people", 0), run.summary.get("repeated", 0)
    result.least_hours, result.most_hours = run.summary.get("least_hours"), run.summary.get("most_hours")
    result.total_hours = run.summary.get("total_hours", 0.0)


def _compare_answers(session: Session, run_id: int, result: Result) -> None:
    found = importing.compare(session, run_id)
    result.known, result.repeated = found.known, found.repeated
    result.accepted, result.replaced, result.unchanged = found.accepted, found.replaced, found.unchanged
    result.people, result.total_hours = found.people, found.total_hours
    result.least_hours, result.most_hours = found.least_hours, found.most_hours
    result.weeks = [Week(monday) for monday in importing.mondays_staged(session, run_id)]


def _sum_items_up(session: Session, run_id: int, result: Result, change_items: Callable[..., list[Change]]) -> None:
    """Count what becomes of a run's items, by comparing them with those that stand or by storing them."""
    for batch in staged_items(session, run_id):
        logged = {key_of(item): hours for item, hours, _ in batch}
        changes = change_items(session, [item for item, _, _ in batch], logged)
        for change, (_, _, copies) in zip(changes, batch, strict=True):
            result.accepted += change is Change.NEW
            result.replaced += {Change.NEW: copies - 1, Change.NEWER: copies}.get(change, 0)
            result.repeated += copies - 1 if change in {Change.NEW, Change.NEWER} else 0
            result.unchanged += copies if change is Change.NONE else 0
    mondays = set(chain.from_iterable(weeks_of_staged_items(session, run_id).values()))
    result.weeks = [Week(monday) for monday in sorted(mondays)]


def _claimed(session: Session, run_id: int, holder: str, now: datetime) -> ImportRun:
    claimed = runs.claim(session, run_id, holder, now=now, until=now + LEASE)
    run = runs.run_with_id(session, run_id)
    if run is None:
        raise NotFound("There is no such import.")
    if not claimed:
        raise Conflict(f"{run.file_name} is being read by another process, {run.rows} rows so far. Try again shortly.")
    return run


def _renew(session: Session, run_id: int, holder: str, now: datetime, **values: Any) -> None:  # noqa: ANN401
    """Show that a reader is alive and how far it has come."""
    if not runs.renew(session, run_id, holder=holder, leased_until=now + LEASE, **values):
        raise Conflict("Another process has taken this import on. It goes on there.")


def _actor_of(session: Session, run: ImportRun) -> Actor:
    """Give who made a run, with what they may do today."""
    if run.person_id is None:
        return SERVER
    person = session.get_one(Person, run.person_id)
    return Actor(person_id=person.id, is_admin=person.is_admin)
