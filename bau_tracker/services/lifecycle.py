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
from bau_tracker.services.teams import add_team, end_memberships, namesake, refresh_open_weeks
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
    """Where a team stands: what it was merged into, what came into it, and whether its merge is still to come."""

    team: Team
    merged_into: Team | None
    came_in: Sequence[Team]
    may_manage: bool
    is_to_come: bool = False


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
    is_to_come = merged_into is not None and _is_to_come(team, merged_into, now)
    return Standing(team, merged_into, teams.merged_into(session, team.id), may_manage, is_to_come)


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

    They go on without a gap when the last day isn't over, else from today. Whom a merge took to another team comes back
    from there while it hasn't begun, and stays in both afterwards. Raises Forbidden for all but administrators,
    Conflict when the team isn't archived, or another has its name by now.
    """
    check_administers(actor)
    team, target = _held(session, team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now))
    if team.archived_on is None:
        raise Conflict(f"{team.name} is not archived.")
    if other := namesake(session, team.name):
        raise Conflict(f"There is another team {other.name} by now. Rename that one first, then bring this one back.")
    today = today_of(teams.schedule_of(team), now)
    called_off = target is not None and _is_to_come(team, target, now)
    for stint in memberships.ended_on(session, team.id, team.archived_on):
        planned = _given_by_merge(session, team, target, stint) if target and called_off else []
        _resume(session, team, stint, today, planned)
    team.archived_on = team.merged_into_id = None
    session.add(team)
    session.flush()
    record(session, team, f"brought the team back on {day_words(today)}.", actor=actor, now=now)
    refresh_open_weeks(session, team, now)
    if target and called_off:
        record(session, target, f"called the merge of {team.name} into this team off.", actor=actor, now=now)
        refresh_open_weeks(session, target, now)
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


def _held(session: Session, team: Team) -> tuple[Team, Team | None]:
    """Hold a team, and the one that it was merged into, in the order in which a merge holds them."""
    target = teams.team_with_id(session, team.merged_into_id) if team.merged_into_id else None
    for one in sorted((each for each in (team, target) if each), key=lambda one: one.slug):
        surveys.lock_team(session, one.id)
    return team, target


def _is_to_come(team: Team, target: Team, now: datetime) -> bool:
    """Say whether a merge has not begun yet, on the day of both teams."""
    days = [today_of(teams.schedule_of(one), now) for one in (team, target)]
    return team.archived_on is not None and max(days) <= team.archived_on


def _given_by_merge(session: Session, team: Team, target: Team, stint: Membership) -> list[Stretch]:
    """Take away what a merge to come planned for somebody in the other team, and give it as it was in their own.

    What was planned there otherwise stays: it begins on another day, or differs from what the merge gives.
    """
    first_day = (team.archived_on or date.max) + ONE_DAY
    found = [one for one in teams.memberships_of(session, target.id, stint.person_id) if one.starts_on >= first_day]
    hours = carried_hours(team, target, stint)
    if not found or (found[0].starts_on, found[0].role, found[0].hours_per_week) != (first_day, stint.role, hours):
        return []
    end_memberships(session, target.id, stint.person_id, first_day)
    return [_back(team, target, one) for one in found]


def _back(team: Team, target: Team, stint: Membership) -> Stretch:
    """Give what `_taken` was made from."""
    teams_own = stint.hours_per_week == team.hours_per_week != target.hours_per_week
    return Stretch(stint.starts_on, stint.ends_on, stint.role, None if teams_own else stint.hours_per_week)


def _resume(session: Session, team: Team, stint: Membership, today: date, planned: Sequence[Stretch] = ()) -> None:
    """Let somebody go on whose time ended with the team's, first until the day that they had, then as planned."""
    last_day = stint.ends_on
    if last_day is not None and last_day >= today:
        stint.ends_on = planned[0].ends_on if planned else None
        session.add(stint)
    else:
        put(session, team, stint.person_id, Stretch(today, None, stint.role, stint.hours_per_week))
    for stretch in planned[1:]:
        put(session, team, stint.person_id, stretch)


def _taken(team: Team, target: Team, stint: Membership, first_day: date) -> Stretch:
    starts_on = max(first_day, stint.starts_on)
    return Stretch(starts_on, stint.ends_on, stint.role, carried_hours(team, target, stint))
