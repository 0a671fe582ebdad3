"""What a lead can do about people of a file whom their team doesn't know: say who they are, add them, leave them out.

What was said is kept by the caller, who reads the file again with it; a row's person is found by `intake`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput
from bau_tracker.domain.people import normal_email
from bau_tracker.domain.permissions import Action, Actor, Role
from bau_tracker.domain.weeks import Week
from bau_tracker.services.intake import SKIP
from bau_tracker.services.joining import add_members
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.storage import importing, teams
from bau_tracker.storage.tables import ImportRun

ADD: Final = "+"
LEAVE_OUT: Final = "-"
"""What can be said of an address, beside one of ours."""


def people_to_choose(session: Session, run: ImportRun, *, actor: Actor, now: datetime) -> list[str]:
    """Give the addresses of everybody whom a row of a run could be of: who is or was in its team, or in one of them."""
    allowed = teams_allowing(session, Action.IMPORT, actor=actor, now=now)
    chosen = [team for team in allowed if run.team_id in (None, team.id)]
    return sorted({email for team in chosen for email in teams.people_of(session, team.id)})


def first_day(session: Session, run: ImportRun, now: datetime) -> date:
    """Give the day from which who is added belongs to the team: the Monday of the first week that the file is about."""
    mondays = importing.staged_weeks(session, run.id).get(run.team_id or 0)
    return mondays[0] if mondays else Week.containing(now.date()).monday


def match_people(
    session: Session, run: ImportRun, said: Mapping[str, str], *, actor: Actor, now: datetime
) -> dict[str, str]:
    """Give whose each address of a file is, as `Request.people` wants it; adds to the team who is to be added.

    `said` has by address ADD, LEAVE_OUT or one of ours. Raises InvalidInput for an address that is none, Conflict when
    the import is for no one team, and what `add_members` raises.
    """
    added = [address for address, word in said.items() if word == ADD]
    if added:
        _add(session, run, added, actor=actor, now=now)
    kept = {address: SKIP if word == LEAVE_OUT else word for address, word in said.items()}
    return {address: ours for address, ours in kept.items() if address not in added}


def _add(session: Session, run: ImportRun, addresses: list[str], *, actor: Actor, now: datetime) -> None:
    team = teams.team_with_id(session, run.team_id) if run.team_id else None
    if team is None:
        raise Conflict("This file is of several teams. Add people on the page of their team, then read it again.")
    for address in addresses:
        if normal_email(address) != address:
            raise InvalidInput(f"“{address}” is no e-mail address that can be added.")
    starts_on = first_day(session, run, now)
    plan = add_members(
        session, team.slug, "\n".join(addresses), role=Role.MEMBER, starts_on=starts_on, actor=actor, now=now
    )
    refused = [one for one in plan.lines if one.problem]
    if refused:
        raise InvalidInput(refused[0].problem)
