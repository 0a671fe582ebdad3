"""Decides how a page that shows verdicts has those reached that are missing: a few, in a transaction of their own.

A page costs one query where nothing is missing. Where the database is busy or can't be written, or somebody else is at
the same verdicts just now, the page shows what is stored; the timer, or the next page, goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast

from flask import current_app
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bau_tracker.domain.permissions import Action
from bau_tracker.services import verdicts
from bau_tracker.services.permissions import team_for, teams_allowing
from bau_tracker.storage.engine import writing_at_once
from bau_tracker.storage.tables import Team
from bau_tracker.web.auth import actor
from bau_tracker.web.clock import now
from bau_tracker.web.database import ENGINE, database

if TYPE_CHECKING:
    import sqlalchemy as sa

AT_ONCE: Final = 8
"""So many teams are settled while a page waits: about a second."""


def settle_team(slug: str) -> None:
    """Settle a team that the person may see, before its page is made; raises like `team_for`."""
    _settle([team_for(database(), slug, Action.VIEW_TEAM, actor=actor(), now=now())])


def settle_seen() -> None:
    """Settle some of the teams that the person may see; the others' verdicts follow."""
    _settle(teams_allowing(database(), Action.VIEW_TEAM, actor=actor(), now=now()))


def _settle(found: Sequence[Team]) -> None:
    due = verdicts.unsettled(database(), found, now())
    if not due:
        return
    engine = cast("sa.Engine", current_app.extensions[ENGINE])
    try:
        with Session(writing_at_once(engine), expire_on_commit=False) as session:
            verdicts.settle_some(session, due, now(), most=AT_ONCE)
    except DBAPIError as error:
        current_app.logger.info("Verdicts were not reached for a page: %s", error.orig)
    database().rollback()  # what was reached is seen by a new transaction only
