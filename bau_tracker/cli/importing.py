"""`bau-tracker import`: take a file over whole, or only say what it would change."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from sqlmodel import Session

from bau_tracker.cli.database import moment, opened
from bau_tracker.domain.importing import Problem
from bau_tracker.domain.permissions import SERVER
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import write_rejects
from bau_tracker.formats.mapping import read_mapping, read_people
from bau_tracker.services import importing
from bau_tracker.services.intake import Request, Result

SOME_REJECTED: Final = 3
_SHOWN: Final = 20
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
    request = _request(options)
    request = replace(
        request,
        people=read_people(people) if people else {},
        week=Week.parse(week) if week else None,
    )
    _run(importing.import_answers, request, options)


@group.command("items")
@_options
def items(**options: Any) -> None:  # noqa: ANN401  (the shared options)
    """Take over work items: Jira's CSV export, or any table with a mapping."""
    _run(importing.import_items, _request(options), options)


def _request(options: dict[str, Any]) -> Request:
    file: Path = options["file"]
    mapping: Path | None = options["mapping"]
    return Request(
        path=file,
        file_name=file.name,
        team=options["team"],
        mapping=read_mapping(mapping) if mapping else None,
        dry_run=options["dry_run"],
    )


def _run(import_file: Callable[..., Result], request: Request, options: dict[str, Any]) -> None:
    rejects: list[Problem] = []
    with opened() as session:
        result = _with_progress(import_file, session, replace(request, on_reject=rejects.append))
        if options["rejects"]:
            write_rejects(options["rejects"], result.layout, rejects)
    if options["as_json"]:
        click.echo(json.dumps(_as_json(result)))
    _tell(result, request)
    sys.exit(SOME_REJECTED if result.rejected else 0)


def _with_progress(import_file: Callable[..., Result], session: Session, request: Request) -> Result:
    with ExitStack() as stack:
        if sys.stderr.isatty():
            columns = (SpinnerColumn(), TextColumn("{task.completed:,} rows read"))
            progress = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
            task = progress.add_task("rows")
            request = replace(request, on_progress=lambda rows: progress.update(task, completed=rows))
        return import_file(session, request, actor=SERVER, now=moment())


def _as_json(result: Result) -> dict[str, object]:
    return {
        "run": result.run,
        "recognised": result.layout.tool,
        "rows": result.rows,
        "accepted": result.accepted,
        "unchanged": result.unchanged,
        "replaced": result.replaced,
        "rejected": result.rejected,
        "people_unknown": result.people_unknown,
        "weeks": [str(week) for week in result.weeks],
        "problems": [
            {"line": problem.line, "column": problem.column, "message": problem.message} for problem in result.problems
        ],
    }


def _tell(result: Result, request: Request) -> None:
    """Say on standard error what became of the file."""
    would = "would be " if request.dry_run else ""
    click.echo(
        f"{request.file_name}: recognised as {result.layout.tool}; {result.rows} rows: {result.accepted} {would}added, "
        f"{result.replaced} {would}replaced, {result.unchanged} known already or older, {result.rejected} rejected.",
        err=True,
    )
    for note in result.layout.notes:
        click.echo(f"Note: {note}", err=True)
    if result.total_hours and result.least_hours is not None and result.most_hours is not None:
        click.echo(
            f"{result.people} people, {len(result.weeks)} weeks, {result.total_hours:g} hours in all, "
            f"{result.least_hours:g} to {result.most_hours:g} an answer.",
            err=True,
        )
    for problem in result.problems[:_SHOWN]:
        click.echo(f"Line {problem.line}: {problem.message}", err=True)
    if result.rejected > _SHOWN:
        click.echo(f"... and {result.rejected - _SHOWN} more; --rejects OUT.csv writes them all.", err=True)
