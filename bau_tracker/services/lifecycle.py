"""What administrators can do about teams as a whole: add one, archive it, bring it back, merge it into another.

All are dated and leave published weeks as they are; a team's own history stays under its address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput
from bau_tracker.domain.memberships import day_words, movable_day, movable_last_day, today_of
from bau_tracker.domain.permissions import Action, Actor, allows
from bau_tracker.domain.surveys import Step
from bau_tracker.services.history import record
from bau_tracker.services.memberships import ONE_DAY, Stretch, carried_hours, is_in, put
from bau_tracker.services.permissions import (
    check_active,
    check_administers,
    managed_team,
    roles_in,
    team_for,
    teams_allowing,
)
from bau_tracker.services.teams import add_team, end_memberships, refresh_open_weeks
from bau_tracker.storage import memberships, surveys, teams
from bau_tracker.storage.tables import Membership, Team


@dataclass(frozen=True, slots=True)
class NewTeam:
    """What a team is at first."""

    name: str
    timezone: str
    hours_per_week: float
    step: Step
    holidays: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a team stands: what it was merged into, and what came into it."""

    team: Team
    merged_into: Team | None
    came_in: Sequence[Team]
    may_manage: bool


def create_team(session: Session, wanted: NewTeam, *, actor: Actor, now: datetime) -> Team:
    """Add a team; raises Forbidden for all but administrators, otherwise like `add_team`."""
    check_administers(actor)
    team = add_team(
        session,
        wanted.name,
        timezone=wanted.timezone,
        hours_per_week=wanted.hours_per_week,
        step=wanted.step,
        holidays=wanted.holidays,
        now=now,
    )
    record(session, team, "added the team.", actor=actor, now=now)
    return team


def standing(session: Session, slug: str, *, actor: Actor, now: datetime) -> Standing:
    """Say where a team stands to somebody who may see it; raises like `team_for`."""
    team = team_for(session, slug, Action.VIEW_TEAM, actor=actor, now=now)
    merged_into = teams.team_with_id(session, team.merged_into_id) if team.merged_into_id else None
    may_manage = allows(Action.MANAGE_TEAM, roles_in(session, actor, team, now))
    return Standing(team, merged_into, teams.merged_into(session, team.id), may_manage)


def archived_teams(session: Session, *, actor: Actor, now: datetime) -> list[Team]:
    """Give the archived teams that an actor may manage, or could at their end, by name."""
    found = teams_allowing(session, Action.MANAGE_TEAM, actor=actor, now=now)
    return [team for team in found if team.archived_on is not None]


def team_to_end(session: Session, slug: str, *, actor: Actor, now: datetime) -> tuple[Team, date, list[Team]]:
    """Give a team that an administrator may end, its day, and the teams that go on; raises like `archive_team`."""
    check_administers(actor)
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    check_active(team)
    others = [other for other in teams.all_teams(session) if other != team and other.archived_on is None]
    return team, today_of(teams.schedule_of(team), now), others


def team_to_bring_back(session: Session, slug: str, *, actor: Actor, now: datetime) -> Standing:
    """Give an archived team to an administrator; raises like `bring_back`."""
    check_administers(actor)
    found = standing(session, slug, actor=actor, now=now)
    if found.team.archived_on is None:
        raise Conflict(f"{found.team.name} is not archived.")
    return found


def archive_team(session: Session, slug: str, last_day: date, *, actor: Actor, now: datetime) -> Team:
    """Archive a team from a last day on, which ends everybody's time in it.

    Raises Forbidden for all but administrators, Conflict when it is archived already, InvalidInput for a day in
    published weeks.
    """
    check_administers(actor)
    team = managed_team(session, slug, actor=actor, now=now)
    movable_last_day(last_day, teams.schedule_of(team), now, "last_day")
    for stint in memberships.reaching(session, team.id, last_day + ONE_DAY):
        end_memberships(session, team.id, stint.person_id, last_day + ONE_DAY)
    _close(session, team, last_day)
    record(session, team, f"archived the team, with {day_words(last_day)} as last day.", actor=actor, now=now)
    refresh_open_weeks(session, team, now)
    return team


def bring_back(session: Session, slug: str, *, actor: Actor, now: datetime) -> Team:
    """Bring an archived team back with those who were in it on its last day.

    They go on without a gap when the last day isn't over, else from today. What a merge gave to another team stays
    there. Raises Forbidden for all but administrators, Conflict when the team isn't archived.
    """
    check_administers(actor)
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    surveys.lock_team(session, team.id)
    if team.archived_on is None:
        raise Conflict(f"{team.name} is not archived.")
    today = today_of(teams.schedule_of(team), now)
    for stint in memberships.ended_on(session, team.id, team.archived_on):
        _resume(session, team, stint, today)
    team.archived_on = team.merged_into_id = None
    session.add(team)
    session.flush()
    record(session, team, f"brought the team back on {day_words(today)}.", actor=actor, now=now)
    refresh_open_weeks(session, team, now)
    return team


def merge_team(session: Session, slug: str, into: str, first_day: date, *, actor: Actor, now: datetime) -> Team:
    """Merge a team into another from a day on, and give the other.

    Its people go on there with role and hours, unless they are in it already. Raises like `archive_team`.
    """
    check_administers(actor)
    held = {each: managed_team(session, each, actor=actor, now=now) for each in sorted({slug, into})}
    team, target = held[slug], held[into]
    if team.id == target.id:
        raise InvalidInput("Choose another team than this one.", "into")
    for one in (team, target):
        movable_day(first_day, teams.schedule_of(one), now, "first_day")
    moving = memberships.reaching(session, team.id, first_day)
    taken = [_taken(team, target, stint, first_day) for stint in moving]
    there = {one.person_id for one in moving if is_in(session, target, one.person_id, first_day)}
    for stint, stretch in zip(moving, taken, strict=True):
        person_id = stint.person_id
        end_memberships(session, team.id, person_id, first_day)
        if person_id not in there:
            put(session, target, person_id, stretch)
    _close(session, team, first_day - ONE_DAY, target)
    day = day_words(first_day)
    record(session, team, f"merged the team into {target.name} from {day}.", actor=actor, now=now)
    record(session, target, f"merged {team.name} into this team from {day}.", actor=actor, now=now)
    for one in (team, target):
        refresh_open_weeks(session, one, now)
    return target


def _close(session: Session, team: Team, last_day: date, target: Team | None = None) -> None:
    team.archived_on, team.merged_into_id = last_day, target.id if target else None
    session.add(team)
    session.flush()


def _resume(session: Session, team: Team, stint: Membership, today: date) -> None:
    """Let somebody go on whose time ended with the team's."""
    last_day = stint.ends_on
    if last_day is not None and last_day >= today:
        stint.ends_on = None
        session.add(stint)
    else:
        put(session, team, stint.person_id, Stretch(today, None, stint.role, stint.hours_per_week))


def _taken(team: Team, target: Team, stint: Membership, first_day: date) -> Stretch:
    starts_on = max(first_day, stint.starts_on)
    return Stretch(starts_on, stint.ends_on, stint.role, carried_hours(team, target, stint))
