"""What whoever runs the server can do about teams: add one, and put people into it with dates."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput, NotFound
from bau_tracker.domain.people import normal_email, slug_of
from bau_tracker.domain.permissions import Role
from bau_tracker.domain.surveys import Step
from bau_tracker.domain.weeks import Week, time_zone
from bau_tracker.storage import availability, people, rollups, surveys, teams
from bau_tracker.storage.tables import Membership, Team


def add_team(
    session: Session,
    name: str,
    *,
    timezone: str = "UTC",
    hours_per_week: float = 40.0,
    step: Step = Step.HALF_DAYS,
    holidays: str = "",
    now: datetime,
) -> Team:
    """Add a team.

    Raises Conflict when there is one of that name, InvalidInput for a name, zone, hours or region that is unsound.
    """
    title = name.strip()
    slug = slug_of(title)
    time_zone(timezone)
    if not 0 < hours_per_week <= 100:  # noqa: PLR2004  (a week has no more to give)
        raise InvalidInput("A week has more than 0 and at most 100 hours.", "hours")
    if teams.team_with_slug(session, slug) is not None:
        raise Conflict(f"There is a team “{slug}” already. Choose another name.")
    team = Team(
        slug=slug,
        name=title[:120],
        timezone=timezone,
        hours_per_week=hours_per_week,
        step=step,
        holidays=availability.check_region(holidays),
        created_at=now,
    )
    session.add(team)
    session.flush()
    return team


def add_member(
    session: Session,
    email: str,
    slug: str,
    *,
    role: Role = Role.MEMBER,
    starts_on: date | None = None,
    hours_per_week: float | None = None,
    now: datetime,
) -> Membership:
    """Put a person into a team from a day on (today unless told), replacing what they were to it from that day.

    The sums of weeks that have not frozen are brought up to date; frozen weeks stand. Hours None are the team's, 0 asks
    nothing. Raises NotFound for an unknown person or team, InvalidInput for hours out of range or a role of no team.
    """
    address = normal_email(email)
    person, team = people.person_with_email(session, address), teams.team_with_slug(session, slug)
    if person is None:
        raise NotFound(
            f"There is no person with the address {address}. Add them first: bau-tracker person add {address}"
        )
    if team is None:
        raise NotFound(f"There is no team “{slug}”. Add it first: bau-tracker team add NAME")
    if role not in {Role.MEMBER, Role.LEAD}:
        raise InvalidInput("In a team a person is a member or a lead.", "role")
    if hours_per_week is not None and not 0 <= hours_per_week <= 100:  # noqa: PLR2004  (as above)
        raise InvalidInput("A week has between 0 and 100 hours.", "hours")
    surveys.lock_team(session, team.id)
    zone = teams.schedule_of(team).zone
    first = starts_on or now.astimezone(zone).date()
    _end_memberships(session, team.id, person.id, first)
    membership = Membership(
        team_id=team.id, person_id=person.id, starts_on=first, role=role, hours_per_week=hours_per_week
    )
    session.add(membership)
    session.flush()
    _refresh_open_weeks(session, team, now)
    return membership


def _end_memberships(session: Session, team_id: int, person_id: int, first: date) -> None:
    """Let earlier memberships end the day before, and drop those that would begin on or after the day."""
    for membership in teams.memberships_of(session, team_id, person_id):
        if membership.starts_on >= first:
            session.delete(membership)
        elif membership.ends_on is None or membership.ends_on >= first:
            membership.ends_on = first - timedelta(days=1)
            session.add(membership)
    session.flush()


def _refresh_open_weeks(session: Session, team: Team, now: datetime) -> None:
    schedule = teams.schedule_of(team)
    this_week = Week.containing(now.astimezone(schedule.zone).date())
    for week in (this_week.shift(-1), this_week):
        if schedule.freezes(week) > now and rollups.has_sums(session, team.id, week):
            rollups.refresh_week(session, team, week, now)
