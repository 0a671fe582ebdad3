"""`bau-tracker export`: weeks, verdicts and items as tables; answers, for whoever runs the server."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from sqlmodel import Session

from bau_tracker.cli.database import moment, opened
from bau_tracker.domain.permissions import SERVER
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import Line, TableFormat, write_table
from bau_tracker.formats.own_answers import OWN_COLUMNS, answer_row
from bau_tracker.services import exporting, verdict_history
from bau_tracker.services.verdicts import settle_all
from bau_tracker.settings import read_settings

_FORMATS = [form.value for form in TableFormat]
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("export")
@click.argument("what", type=click.Choice(["weeks", "items", "answers", "verdicts"]))
@click.option("--team", metavar="SLUG", help="Only this team.")
@click.option("--from", "since", metavar="YYYY-Www", help="From this week on.")
@click.option("--to", "until", metavar="YYYY-Www", help="Up to this week.")
@click.option(
    "--format",
    "table_format",
    type=click.Choice([form.value for form in TableFormat]),
    default="csv",
    show_default=True,
)
@click.option("--pseudonymous", is_flag=True, help="Answers only: codes for people, no comments; can't be turned back.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Standard output if left out.",
)
def command(
    what: str,
    team: str | None,
    since: str | None,
    until: str | None,
    table_format: str,
    pseudonymous: bool,
    output: Path | None,
) -> None:
    """Write weeks, items, verdicts or answers as a table.

    Weeks and verdicts keep the privacy minimums. Answers hold what each person said: keep them like the database.
    """
    if pseudonymous and what != "answers":
        raise click.UsageError("--pseudonymous goes with answers; nothing else holds a person.")
    settings, now = read_settings(), moment()
    first, last = (Week.parse(text) if text else None for text in (since, until))
    if first and last and first > last:
        raise click.UsageError(f"--from {first} is after --to {last}.")
    with opened(settings) as session:
        if what in {"weeks", "verdicts"}:
            settle(session, team)
        teams = exporting.teams_to_export(session, team, actor=SERVER, now=now)
        columns: tuple[str, ...]
        rows: Iterable[Line]
        if what == "weeks":
            columns = exporting.WEEK_COLUMNS
            rows = exporting.week_rows(session, teams, actor=SERVER, now=now, since=first, until=last)
        elif what == "verdicts":
            columns = verdict_history.COLUMNS
            rows = verdict_history.history_rows(session, teams, actor=SERVER, now=now, since=first, until=last)
        elif what == "items":
            columns, rows = exporting.ITEM_COLUMNS, exporting.item_rows(session, teams, since=first, until=last)
        else:
            secret = settings.secret_key if pseudonymous else None
            records = exporting.answer_records(session, teams, pseudonyms=secret, since=first, until=last)
            columns, rows = OWN_COLUMNS, map(answer_row, records)
        write_table(output or sys.stdout.buffer, columns, rows, TableFormat(table_format), mark=output is not None)


def settle(session: Session, team: str | None) -> None:
    """Reach the verdicts that are missing, so that none is left out."""
    for _ in settle_all(session, moment, slug=team, thorough=False):
        pass
