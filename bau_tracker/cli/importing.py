"""`bau-tracker import`: take a file over whole, or only say what it would change."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from sqlmodel import Session

from bau_tracker.cli.database import moment, opened
from bau_tracker.cli.outputs import check_output
from bau_tracker.cli.printing import give, in_line, say, say_problem
from bau_tracker.domain.errors import BauTrackerError, Conflict, UnreadableInput
from bau_tracker.domain.importing import Layout, RunState
from bau_tracker.domain.permissions import SERVER
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import write_rejects
from bau_tracker.formats.mapping import read_mapping, read_people
from bau_tracker.services import importing, runs
from bau_tracker.services.importing import Result
from bau_tracker.services.recognising import ANSWERS, ITEMS, Request
from bau_tracker.storage.tables import ImportRun

SOME_REJECTED: Final = 3
_SHOWN: Final = 20
_A_MOMENT: Final = 1.0
"""Seconds between two looks at whether another process still reads."""
_FILE = click.Path(path_type=Path)


@click.group("import")
def group() -> None:
    """Take over survey answers or work items from a file."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        (
            click.argument("file", type=_FILE),
            click.option("--team", metavar="SLUG", help="Whose rows these are; left out, the file says so."),
            click.option("--mapping", type=_FILE, metavar="MAP.json", help="Which column holds what, by hand."),
            click.option("--dry-run", is_flag=True, help="Only say what would change."),
            click.option("--rejects", type=_FILE, metavar="OUT.csv", help="Write rejected rows, with their reasons."),
            click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object."),
        )
    ):
        command = option(command)
    return command


@group.command("answers")
@_options
@click.option("--people", type=_FILE, metavar="MAP.csv", help="Addresses of the file and ours: theirs,ours.")
@click.option("--week", metavar="YYYY-Www", help="The week of all rows.")
def answers(people: Path | None, week: str | None, **options: Any) -> None:  # noqa: ANN401  (the shared options)
    """Take over survey answers: the export of a survey tool, our own, or any table with a mapping."""
    check_output(options["rejects"], people)
    request = replace(
        _request(ANSWERS, options),
        people=read_people(people) if people else {},
        week=Week.parse(week) if week else None,
    )
    _run(request, options)


@group.command("items")
@_options
def items(**options: Any) -> None:  # noqa: ANN401  (the shared options)
    """Take over work items: of the usual trackers, or any table with a mapping."""
    _run(_request(ITEMS, options), options)


@group.command("list")
def list_runs() -> None:
    """List the newest imports, with the number by which one is undone."""
    with opened() as session:
        importing.drop_stale(session, moment())
        for run, _ in runs.runs_shown(session, actor=SERVER):
            counts = f"{run.accepted} added, {run.replaced} replaced, {run.unchanged} known, {run.rejected} rejected"
            give(f"{run.id}\t{run.started_at:%Y-%m-%d %H:%M}\t{run.state}\t{in_line(run.file_name)}\t{counts}")


@group.command("undo")
@click.argument("run", type=int)
def undo(run: int) -> None:
    """Make what an import changed as it was before."""
    with opened() as session:
        undone = runs.undo(session, run, actor=SERVER, now=moment())
    say(f"Import {run} is undone: {undone_words(undone)}")


def undone_words(undone: runs.Undone) -> str:
    """Say what undoing an import came to, and what stays and why."""
    words = f"{undone.gone} rows are gone, {undone.back} that they had replaced stand again."
    for number, count in undone.stay.items():
        words += f" {count} stay, as import {number} said them too."
    by = [f"{count} by {f'import {run}' if run else 'the form'}" for run, count in undone.later.items()]
    return f"{words} Replaced meanwhile, so they stay: {', '.join(by)}." if by else words


def _request(what: str, options: dict[str, Any]) -> Request:
    file: Path = options["file"]
    mapping: Path | None = options["mapping"]
    check_output(options["rejects"], file, mapping)
    return Request(
        what=what,
        path=file,
        file_name=file.name,
        team=options["team"],
        mapping=read_mapping(mapping) if mapping else None,
    )


def _run(request: Request, options: dict[str, Any]) -> None:
    with opened() as session:
        run = _read(session, request)
        try:
            result, number = _conclude(session, run, options)
        except (OSError, BauTrackerError):
            _give_up(session, run)
            raise
    if options["as_json"]:
        give(json.dumps(_as_json(result, run, number)))
    _tell(result, run, dry_run=options["dry_run"])
    sys.exit(SOME_REJECTED if result.rejected else 0)


def _conclude(session: Session, run: ImportRun, options: dict[str, Any]) -> tuple[Result, int | None]:
    """Take over what was read, or only say what that would change; give the run's number if it is kept."""
    if options["rejects"]:
        layout = Layout(run.recognised, tuple(run.header))
        write_rejects(options["rejects"], layout, runs.rejects_of(session, run.id, actor=SERVER, now=moment()))
    if not options["dry_run"]:
        return importing.take_over(session, run.id, actor=SERVER, now=moment()), run.id
    result = importing.result_of(session, run)
    runs.discard(session, run.id, actor=SERVER, now=moment())
    return result, None


def _give_up(session: Session, run: ImportRun) -> None:
    session.rollback()
    runs.discard(session, run.id, actor=SERVER, now=moment())
    session.commit()


def _read(session: Session, request: Request) -> ImportRun:
    """Read a file to its end, on from where a run of it stopped; wait while another process reads it."""
    gc.freeze()  # what is loaded by now stays, and would be gone through again and again beside so many rows
    holder, told = token_hex(16), False
    while True:
        run = importing.begin(session, request, actor=SERVER, now=moment())
        session.commit()
        try:
            with _progress() as tell:
                for rows in importing.read_on(session, run.id, holder=holder, clock=moment):
                    session.commit()
                    tell(rows)
        except Conflict as error:
            session.rollback()
            if not told:
                say(f"{error.message} Waiting for it.")
            told = True
            time.sleep(_A_MOMENT)
        except UnreadableInput:
            _give_up(session, run)
            raise
        else:
            session.refresh(run)
            if run.state is RunState.READ:
                return run


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} rows read"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("rows")
        yield lambda rows: progress.update(task, completed=rows)


def _as_json(result: Result, run: ImportRun, number: int | None) -> dict[str, object]:
    return {
        "run": number,
        "recognised": run.recognised,
        "rows": result.rows,
        "accepted": result.accepted,
        "unchanged": result.unchanged,
        "replaced": result.replaced,
        "repeated": result.repeated,
        "rejected": result.rejected,
        "people_unknown": result.people_unknown,
        "weeks": [str(week) for week in result.weeks],
        "problems": [
            {"line": problem.line, "column": problem.column, "message": problem.message} for problem in result.problems
        ],
    }


def _tell(result: Result, run: ImportRun, *, dry_run: bool) -> None:
    """Say on standard error what became of the file."""
    would = "would be " if dry_run else ""
    say(
        f"{in_line(run.file_name)}: recognised as {run.recognised}; {result.rows} rows: "
        f"{result.accepted} {would}added, {result.replaced} {would}replaced, "
        f"{result.unchanged} known already or older, {result.rejected} rejected."
    )
    if result.repeated:
        say(f"Of the rows replaced, {result.repeated} are only given again in the same file: the later counts.")
    for note in run.summary["notes"]:
        say(f"Note: {in_line(note)}")
    if result.total_hours and result.least_hours is not None and result.most_hours is not None:
        say(
            f"{result.people} people, {len(result.weeks)} weeks, {result.total_hours:g} hours in all, "
            f"{result.least_hours:g} to {result.most_hours:g} an answer."
        )
    if result.people_unknown:
        say("Say whose an unknown address is with --people MAP.csv.")
    for problem in result.problems[:_SHOWN]:
        say_problem(problem)
    if result.rejected > _SHOWN:
        say(f"... and {result.rejected - _SHOWN} more; --rejects OUT.csv writes them all.")
