"""`bau-tracker remind` and `bau-tracker digest`: send what is due, from a timer; each message goes once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Final

import click
from sqlmodel import Session

from bau_tracker.cli.database import moment, opened
from bau_tracker.cli.printing import give, in_line, say
from bau_tracker.domain.errors import Conflict
from bau_tracker.services import digests, messages
from bau_tracker.services.posting import Clock, Office, Parcel, Report
from bau_tracker.settings import read_settings
from bau_tracker.storage.teams import all_teams
from bau_tracker.web.mail import open_office

SOME_FAILED: Final = 3
_NOTHING: Final = (
    "Nothing can be sent: set BAU_TRACKER_MAIL to a mail server (or to “mailbox” to try it), or give a team a channel."
)
_DRY_RUN: Final = click.option("--dry-run", is_flag=True, help="Only list what is due: kind, team, week, recipient.")
Plan = Callable[..., Iterator[Parcel]]
Send = Callable[..., Report]


@click.command("remind")
@_DRY_RUN
def remind(dry_run: bool) -> None:
    """Send the invitations and reminders that are due.

    Run it every ten minutes: nobody gets a message twice. Status 3 says that some were not taken, 1 that nothing can be
    sent; what was not sent is tried again.
    """
    _run(messages.due_messages, messages.remind, dry_run=dry_run)


@click.command("digest")
@_DRY_RUN
def digest(dry_run: bool) -> None:
    """Send the results of the weeks that were published lately.

    Run it every hour: nobody gets a result twice. Status 3 says that some were not taken, 1 that nothing can be sent.
    """
    _run(digests.due_digests, digests.digest, dry_run=dry_run)


def _run(plan: Plan, send: Send, *, dry_run: bool) -> None:
    settings = read_settings()
    with opened(settings) as session, open_office(settings) as office:
        if office.outbox is None and not any(team.webhook for team in all_teams(session)):
            raise Conflict(_NOTHING)
        report = _list(session, plan, office, moment) if dry_run else send(session, office, clock=moment)
    if report.sent:
        say(f"{report.sent} {'message' if report.sent == 1 else 'messages'} sent.")
    for failure in report.failures:
        say(f"Not sent: {in_line(failure)}")
    sys.exit(SOME_FAILED if report.failures else 0)


def _list(session: Session, plan: Plan, office: Office, clock: Clock) -> Report:
    for parcel in plan(session, office, clock=clock):
        key = parcel.key
        give(f"{key.kind.value}\t{parcel.team.slug}\t{key.week}\t{in_line(parcel.to)}")
    return Report()
