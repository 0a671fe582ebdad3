"""`bau-tracker person`: add people, and give them their sign-in links."""

from __future__ import annotations

import click

from bau_tracker.cli.database import moment, opened
from bau_tracker.cli.printing import give, say
from bau_tracker.services import people
from bau_tracker.settings import read_settings


@click.group("person")
def group() -> None:
    """Add people and make sign-in links."""


@group.command("add")
@click.argument("email")
@click.option("--name", default="", help="What the person is called.")
@click.option("--admin", is_flag=True, help="May see every team, with the same minimums as a lead.")
def add(email: str, name: str, admin: bool) -> None:
    """Add a person and print a sign-in link that works once.

    For a person who is there already, it prints a new link.
    """
    settings, now = read_settings(), moment()
    with opened(settings) as session:
        person = people.add_person(session, email, name=name, admin=admin, now=now)
        token = people.make_link(session, person, secret=settings.secret_key, now=now)
    give(f"{settings.base_url}/sign-in/{token}")
    say(f"The link signs {person.email} in once, within {people.LINK_LASTS.days} days.")
