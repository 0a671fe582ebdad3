"""`bau-tracker migrate`: bring the database to the newest schema."""

from __future__ import annotations

import sys

import click

from bau_tracker.cli.database import reachable
from bau_tracker.cli.printing import say
from bau_tracker.settings import read_settings
from bau_tracker.storage import migrate


@click.command("migrate")
@click.option("--check", is_flag=True, help="Only compare; exit status 1 when something is to be done.")
def command(check: bool) -> None:
    """Bring the database to the newest schema.

    Safe to run twice, and by two processes at once.
    """
    with reachable(read_settings().database_url) as engine:
        current = migrate.is_current(engine)
        if check:
            say("The database is current." if current else "The database wants: bau-tracker migrate")
            sys.exit(0 if current else 1)
        if not current:
            migrate.upgrade(engine)
    say("The database is current.")
