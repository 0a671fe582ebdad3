"""The program `bau-tracker`: one command a topic, and one place where failures become an exit status.

0 done; 1 failed, nothing changed; 2 wrong usage or unreadable input; 3 done, some rows rejected. Messages go to
standard error, data to standard output. A command's module is loaded when it is called, so that none waits for charts.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

import click

from bau_tracker.cli.printing import say, shown
from bau_tracker.domain.errors import BauTrackerError, InvalidInput
from bau_tracker.settings import UnsafeSettings

FAILED, UNREADABLE = 1, 2
COMMANDS: Final = {
    "demo": ("demo", "command"),
    "serve": ("serve", "command"),
    "migrate": ("migrate", "command"),
    "person": ("people", "group"),
    "team": ("teams", "team"),
    "member": ("teams", "member"),
    "remind": ("reminders", "remind"),
    "digest": ("reminders", "digest"),
    "verdicts": ("verdicts", "command"),
    "import": ("importing", "group"),
    "export": ("exporting", "command"),
    "classify": ("classify", "command"),
    "detect": ("detect", "command"),
}
"""Module and name of each command."""


class Program(click.Group):
    """A group whose commands are loaded when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Give the names of the commands, in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  (as above)
        """Load a command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"bau_tracker.cli.{module}"), name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what click says of wrong usage repeats arguments, which may be names of files."""
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            error.message = shown(error.message)  # type: ignore[misc]  # what click makes of it is its own
            raise


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bau-tracker")
def program() -> None:
    """See unplanned work eat a product team's week before it is too late."""


def main() -> None:
    """Run the program; a failure is one message and an exit status."""
    try:
        program()
    except InvalidInput as error:
        _end(error.message, UNREADABLE)
    except BauTrackerError as error:
        _end(error.message, FAILED)
    except UnsafeSettings as error:
        _end(str(error), UNREADABLE)
    except OSError as error:
        _end(f"{error.filename or 'A file'}: {error.strerror or error}. Nothing was changed.", FAILED)


def _end(message: str, status: int) -> None:
    say(message)
    sys.exit(status)
