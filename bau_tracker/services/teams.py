"""What whoever runs the server can do about teams: add one, and put people into it and out of it with dates.

Who may do so in the browser is decided in `lifecycle` and `memberships`, which use these parts.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput, NotFound
from bau_tracker.domain.memberships import day_words, sound_day, sound_hours, today_of
from bau_tracker.domain.people import normal_email, slug_of
from bau_tracker.domain.permissions import Role
from bau_tracker.domain.surveys import Step
from bau_tracker.domain.weeks import Week, time_zone
from bau_tracker.storage import availability, people, rollups, surveys, teams
from bau_tracker.storage.tables import Membership, Team

LONGEST_NAME: Final = 120


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

    Raises Conflict when there is one of that name or with its address, InvalidInput for a name, zone, hours or region
    that is unsound.
    """
    title = sound_name(name)
    slug = slug_of(title)
    time_zone(timezone)
    _check_free(session, title, slug)
    team = Team(
        slug=slug,
        name=title,
        timezone=timezone,
        hours_per_week=sound_week(hours_per_week),
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
    nothing. Raises NotFound for an unknown person or team, InvalidInput for hours out of range, a day that
    can't be right or a role of no team.
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
    sound_hours(hours_per_week)
    surveys.lock_team(session, team.id)
    today = today_of(teams.schedule_of(team), now)
    first = sound_day(starts_on or today, today, "starts_on")
    end_memberships(session, team.id, person.id, first)
    membership = Membership(
        team_id=team.id, person_id=person.id, starts_on=first, role=role, hours_per_week=hours_per_week
    )
    session.add(membership)
    session.flush()
    refresh_open_weeks(session, team, now)
    return membership


def remove_member(session: Session, email: str, slug: str, *, last_day: date | None = None, now: datetime) -> date:
    """Let a person's time in a team end on a day (today unless told), and give the day; frozen weeks stand.

    Raises NotFound for an unknown team or somebody who isn't in it on that day or later,
    InvalidInput for a day that can't be right.
    """
    address = normal_email(email)
    person, team = people.person_with_email(session, address), teams.team_with_slug(session, slug)
    if team is None:
        raise NotFound(f"There is no team “{slug}”.")
    surveys.lock_team(session, team.id)
    today = today_of(teams.schedule_of(team), now)
    day = sound_day(last_day or today, today, "last_day")
    stints = teams.memberships_of(session, team.id, person.id) if person else []
    if not any(stint.ends_on is None or stint.ends_on > day for stint in stints):
        raise NotFound(f"{address} is not in {team.name} after {day_words(day)}, so nothing was changed.")
    end_memberships(session, team.id, stints[0].person_id, day + timedelta(days=1))
    refresh_open_weeks(session, team, now)
    return day


def sound_name(name: str) -> str:
    """Give a team's name with single spaces; raises InvalidInput for one that is empty or too long."""
    title = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
    if not title:
        raise InvalidInput("Give the team a name.", "name")
    if len(title) > LONGEST_NAME:
        raise InvalidInput(f"Use {LONGEST_NAME} characters at most.", "name")
    slug_of(title)
    return title


def namesake(session: Session, title: str) -> Team | None:
    """Find a team that isn't archived by its name, in whatever letters."""
    goes_on = (team for team in teams.all_teams(session) if team.archived_on is None)
    return next((team for team in goes_on if team.name.casefold() == title.casefold()), None)


def sound_week(hours: float) -> float:
    """Refuse hours that no usual week has; raises InvalidInput."""
    if not 0 < hours <= 100:  # noqa: PLR2004  (a week has no more to give)
        raise InvalidInput("A week has more than 0 and at most 100 hours.", "hours")
    return hours


def _check_free(session: Session, title: str, slug: str) -> None:
    """Refuse a name that another team bears, or whose address one has; raises Conflict."""
    if other := namesake(session, title):
        raise Conflict(f"There is a team “{other.slug}” already. Choose another name.")
    if other := teams.team_with_slug(session, slug):
        archived = ", which is archived" if other.archived_on else ""
        raise Conflict(f"The address “{slug}” belongs to the team {other.name}{archived}. Choose another name.")


def end_memberships(session: Session, team_id: int, person_id: int, first: date) -> None:
    """Let earlier memberships end the day before, and drop those that would begin on or after the day."""
    for membership in teams.memberships_of(session, team_id, person_id):
        if membership.starts_on >= first:
            session.delete(membership)
        elif membership.ends_on is None or membership.ends_on >= first:
            membership.ends_on = first - timedelta(days=1)
            session.add(membership)
    session.flush()


def refresh_open_weeks(session: Session, team: Team, now: datetime) -> None:
    """Bring the sums of a team's weeks that haven't frozen up to date; who is asked may have changed."""
    schedule = teams.schedule_of(team)
    this_week = Week.containing(now.astimezone(schedule.zone).date())
    for week in (this_week.shift(-1), this_week):
        if schedule.freezes(week) > now and rollups.has_sums(session, team.id, week):
            rollups.refresh_week(session, team, week, now)
