"""`bau-tracker verdicts`: reach the verdicts that are missing, from a timer; those of the past anew if asked for."""

from __future__ import annotations

import click

from bau_tracker.cli.database import moment, opened
from bau_tracker.cli.printing import say
from bau_tracker.domain.errors import NotFound
from bau_tracker.services.verdicts import Settled, settle_all
from bau_tracker.storage.tables import Team
from bau_tracker.storage.teams import team_with_slug


@click.command("verdicts")
@click.option("--team", "slug", metavar="SLUG", help="Only this team.")
@click.option(
    "--again", is_flag=True, help="Also the past, by the present detector and settings; the old ones are kept."
)
def command(slug: str | None, again: bool) -> None:
    """Reach the verdicts of published weeks that have none, or whose answers or people changed.

    Run it every hour: what is reached is kept, two at once take turns, and one that was stopped goes on.
    """
    with opened() as session:
        if slug is not None and team_with_slug(session, slug) is None:
            raise NotFound(f"There is no team {slug}. Its slug stands in the address of its page.")
        for team, settled in settle_all(session, moment, slug=slug, again=again):
            if settled.first or settled.anew:
                say(_words(team, settled))


def _words(team: Team, settled: Settled) -> str:
    said = [f"{settled.first} reached"] if settled.first else []
    if settled.anew:
        differ = "says" if settled.otherwise == 1 else "say"
        said.append(f"{settled.anew} reached anew, of which {settled.otherwise} {differ} something else")
    return f"{team.slug}: {', '.join(said)}."
