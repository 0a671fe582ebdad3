"""The program `bau-tracker`: one command a topic, and one place where failures become an exit status.

0 done; 1 failed, nothing changed; 2 wrong usage or unreadable input; 3 done, some rows rejected. Messages go to
standard error, data to standard output.
"""

from __future__ import annotations

import sys

import click

from bau_tracker.cli import classify, demo, detect, exporting, importing, migrate, people, serve, teams
from bau_tracker.domain.errors import BauTrackerError, UnreadableInput
from bau_tracker.settings import UnsafeSettings

FAILED, UNREADABLE = 1, 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bau-tracker")
def program() -> None:
    """See unplanned work eat a product team's week before it is too late."""


for command in (
    demo.command,
    serve.command,
    migrate.command,
    people.group,
    teams.team,
    teams.member,
    importing.group,
    exporting.command,
    classify.command,
    detect.command,
):
    program.add_command(command)


def main() -> None:
    """Run the program; a failure is one message and an exit status."""
    try:
        program()
    except UnreadableInput as error:
        _end(error.message, UNREADABLE)
    except BauTrackerError as error:
        _end(error.message, FAILED)
    except UnsafeSettings as error:
        _end(str(error), UNREADABLE)


def _end(message: str, status: int) -> None:
    click.echo(message, err=True)
    sys.exit(status)
