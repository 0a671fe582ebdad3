"""`bau-tracker detect`: verdicts on the answers of a file, without a database."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from bau_tracker.cli.outputs import check_output
from bau_tracker.cli.printing import say, say_problem
from bau_tracker.formats.detection import Roster, read_responses, read_roster
from bau_tracker.formats.exports import write_table
from bau_tracker.services import detection

SOME_REJECTED: Final = 3
_SHOWN: Final = 20
_FILE = click.Path(path_type=Path)


@click.command("detect")
@click.argument("responses", type=_FILE, metavar="RESPONSES.csv")
@click.option("--roster", type=_FILE, metavar="R.csv", help="Who was in which team when, for the response rate.")
@click.option("-o", "--output", type=_FILE, metavar="OUT.csv", help="Standard output if left out.")
def command(responses: Path, roster: Path | None, output: Path | None) -> None:
    """Say for every team and week where its planned work is going. Needs no database.

    \b
    RESPONSES.csv  team,member,week,hours,planned_share,complaint; shares in percent, weeks an index or YYYY-Www
    R.csv          team,member,joined_week,left_week
    OUT.csv        team,week,state,level,corroborated,planned_share,low,high,respondents,reason
    """
    check_output(output, responses, roster)
    given = read_responses(responses)
    people = read_roster(roster, given.week_form) if roster else Roster((), ())
    rows = detection.verdict_rows(given.records, people.entries, given.week_form, given.first_mondays, watch=_watch)
    write_table(output or sys.stdout.buffer, detection.COLUMNS, rows, mark=False)
    problems = [*given.problems, *people.problems]
    for problem in problems[:_SHOWN]:
        say_problem(problem)
    if problems:
        say(f"{len(problems)} rows were left out; the rest is done.")
        sys.exit(SOME_REJECTED)


def _watch(teams: Sequence[str]) -> Iterator[str]:
    """Go through teams, and show how far it is where somebody sees it."""
    silent = not sys.stderr.isatty()
    with click.progressbar(teams, label="Judging teams", file=sys.stderr, hidden=silent) as bar:
        yield from bar
