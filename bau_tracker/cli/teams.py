"""`bau-tracker team` and `bau-tracker member`: add teams, and put people into them."""

from __future__ import annotations

from datetime import datetime

import click

from bau_tracker.cli.database import moment, opened
from bau_tracker.cli.printing import give, say
from bau_tracker.domain.memberships import day_words
from bau_tracker.domain.permissions import Role
from bau_tracker.domain.surveys import Step
from bau_tracker.services import teams


@click.group("team")
def team() -> None:
    """Add teams."""


@team.command("add")
@click.argument("name")
@click.option("--timezone", default="UTC", show_default=True, help="Where its weeks open and freeze: Europe/Berlin.")
@click.option("--hours", type=float, default=40.0, show_default=True, help="Hours of a usual full week.")
@click.option(
    "--step",
    type=click.Choice([step.value for step in Step]),
    default=Step.HALF_DAYS.value,
    show_default=True,
    help="What the form splits a week in.",
)
@click.option("--holidays", default="", metavar="REGION", help="Whose public holidays count: DE, or a part as DE-BY.")
def add_team(name: str, timezone: str, hours: float, step: str, holidays: str) -> None:
    """Add a team and print its slug, the name it has in addresses and options."""
    with opened() as session:
        added = teams.add_team(
            session,
            name,
            timezone=timezone,
            hours_per_week=hours,
            step=Step(step),
            holidays=holidays,
            now=moment(),
        )
    give(added.slug)


@click.group("member")
def member() -> None:
    """Put people into teams, and out of them."""


@member.command("add")
@click.argument("email")
@click.option("--team", "slug", required=True, metavar="SLUG", help="The team's slug.")
@click.option("--lead", is_flag=True, help="May see the team's figures, import and export.")
@click.option(
    "--from", "first", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="First day; today if left out."
)
@click.option("--hours", type=float, help="Hours a week; the team's if left out, 0 for somebody who isn't asked.")
def add_member(email: str, slug: str, lead: bool, first: datetime | None, hours: float | None) -> None:
    """Put a person into a team from a day on, replacing what they were to it from that day."""
    with opened() as session:
        teams.add_member(
            session,
            email,
            slug,
            role=Role.LEAD if lead else Role.MEMBER,
            starts_on=first.date() if first else None,
            hours_per_week=hours,
            now=moment(),
        )
    say(f"{email} is a {'lead' if lead else 'member'} of {slug}.")


@member.command("remove")
@click.argument("email")
@click.option("--team", "slug", required=True, metavar="SLUG", help="The team's slug.")
@click.option("--on", "last", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Last day; today if left out.")
def remove_member(email: str, slug: str, last: datetime | None) -> None:
    """Let a person's time in a team end on a day; published weeks stand."""
    with opened() as session:
        day = teams.remove_member(session, email, slug, last_day=last.date() if last else None, now=moment())
    say(f"The last day of {email} in {slug} is {day_words(day)}.")
