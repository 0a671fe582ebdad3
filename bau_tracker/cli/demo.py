"""`bau-tracker demo`: everything in one command, with a year of example data."""

from __future__ import annotations

import shutil
from dataclasses import replace

import click
import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.cli.database import moment, reachable
from bau_tracker.cli.printing import in_line, say
from bau_tracker.cli.serve import address_of, serve
from bau_tracker.domain.errors import Conflict
from bau_tracker.services import digests, messages, people, seeding
from bau_tracker.settings import MAILBOX, Settings, read_settings
from bau_tracker.storage import migrate
from bau_tracker.storage.engine import writing
from bau_tracker.storage.people import is_empty, person_with_email
from bau_tracker.web.mail import open_office


@click.command("demo")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--reset", is_flag=True, help="Throw the example data away and load it anew.")
def command(host: str, port: int, reset: bool) -> None:
    """Load a year of example data if the database is empty, serve it, and print how to sign in."""
    settings = replace(read_settings(), base_url=address_of(host, port), mail=MAILBOX)
    with reachable(settings.database_url) as engine:
        migrate.upgrade(engine)
        if reset:
            _reset(engine)
            shutil.rmtree(settings.mailbox_dir, ignore_errors=True)
        links = _prepare(engine, settings)
        _send(engine, settings)
    say(f"\nBAU Tracker with example data: {settings.base_url}\nSign in as (each link works once):")
    for who, address in links:
        say(f"  {in_line(who)}: {address}")
    say(f"Mail is kept instead of being sent; an administrator reads it: {settings.base_url}/mailbox")
    serve(settings, host, port, workers=1)


def _prepare(engine: sa.Engine, settings: Settings) -> list[tuple[str, str]]:
    """Load the example data where nobody is yet; give who can sign in, and a link for each."""
    now = moment()
    with Session(writing(engine), expire_on_commit=False) as session:
        if is_empty(session):
            seeding.load_seed(session, now=now)
        links = []
        for who, email in seeding.demo_people().items():
            person = person_with_email(session, email)
            if person is not None:
                token = people.make_link(session, person, secret=settings.secret_key, now=now)
                links.append((f"{who}, {person.name}", f"{settings.base_url}/sign-in/{token}"))
        session.commit()
    return links


def _send(engine: sa.Engine, settings: Settings) -> None:
    """Send what is due into the mailbox, as timers would: reminders while a week is open, results after it froze."""
    with Session(writing(engine), expire_on_commit=False) as session, open_office(settings) as office:
        for send in (messages.remind, digests.digest):
            send(session, office, clock=moment)


def _reset(engine: sa.Engine) -> None:
    """Empty the database; raises Conflict when it holds anything but the example data."""
    with Session(engine) as session:
        ours = any(person_with_email(session, email) for email in seeding.demo_people().values())
        if not ours and not is_empty(session):
            raise Conflict("This database doesn't hold the example data, so nothing was thrown away.")
    migrate.downgrade(engine, "base")
    migrate.upgrade(engine)
