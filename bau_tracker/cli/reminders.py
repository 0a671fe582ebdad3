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
from bau_tracker.services.posting import Office, Parcel, Report
from bau_tracker.settings import read_settings
from bau_tracker.storage.teams import all_teams
from bau_tracker.web.mail import open_office

SOME_FAILED: Final = 3
_NOTHING: Final = (
    "Nothing can be sent: set BAU_TRACKER_MAIL to a mail server (or to “mailbox” to try it), or give a team a channel."
)
_DRY_RUN: Final = click.option("--dry-run", is_flag=True, help="Only list what is due: kind, team, week, recipient.")
Line = tuple[str, str, str, str]
Plan = Callable[[Session, Office], Iterator[Line]]
Send = Callable[..., Report]


@click.command("remind")
@_DRY_RUN
def remind(dry_run: bool) -> None:
    """Send the invitations and reminders that are due.

    Run it every ten minutes: nobody gets a message twice. Status 3 says that some were not taken, 1 that nothing can be
    sent; what was not sent is tried again.
    """
    _run(_reminder_lines, messages.remind, dry_run=dry_run)


@click.command("digest")
@_DRY_RUN
def digest(dry_run: bool) -> None:
    """Send the results of the weeks that were published lately, then alerts and weekly summaries to leads.

    Run it every hour: nobody gets anything twice. Status 3 says that some were not taken, 1 that nothing can be sent.
    """
    _run(_due_lines, digests.digest, dry_run=dry_run)


def _run(plan: Plan, send: Send, *, dry_run: bool) -> None:
    settings = read_settings()
    with opened(settings) as session, open_office(settings) as office:
        if office.outbox is None and not any(team.webhook for team in all_teams(session)):
            raise Conflict(_NOTHING)
        report = _list(session, plan, office) if dry_run else send(session, office, clock=moment)
    if report.sent:
        say(_said(report))
    for failure in report.failures:
        say(f"Not sent: {in_line(failure)}")
    sys.exit(SOME_FAILED if report.failures else 0)


def _said(report: Report) -> str:
    told = f", {report.alerts} of them about alerts" if report.alerts else ""
    return f"{report.sent} {'message' if report.sent == 1 else 'messages'} sent{told}."


def _list(session: Session, plan: Plan, office: Office) -> Report:
    for line in plan(session, office):
        give("\t".join(in_line(word) for word in line))
    return Report()


def _reminder_lines(session: Session, office: Office) -> Iterator[Line]:
    return _lines(messages.due_messages(session, office, clock=moment))


def _due_lines(session: Session, office: Office) -> Iterator[Line]:
    """Give what the next run would send: verdicts that are missing are reached for it, and forgotten again."""
    with session.begin_nested() as attempt:
        digests.settle_for_now(session, moment())
        yield from _lines(digests.due_digests(session, office, clock=moment))
        for mailing in digests.due_alerts(session, office, clock=moment):
            yield from ((*line, mailing.to) for line in mailing.lines)
        attempt.rollback()


def _lines(parcels: Iterator[Parcel]) -> Iterator[Line]:
    for parcel in parcels:
        yield parcel.key.kind.value, parcel.team.slug, str(parcel.key.week), parcel.to
