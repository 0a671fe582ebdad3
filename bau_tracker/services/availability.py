"""What a person can do about the own days away: enter them, take them back. They count in every team.

Weeks that have frozen stand as they were published; those that have not expect fewer answers at once.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.errors import Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.weeks import Phase, Week
from bau_tracker.storage import availability, rollups, surveys, teams
from bau_tracker.storage.tables import Absence

MOST_DAYS: Final = 366
"""Longer than this is taken for a mistake (judgement); who is away longer leaves the team."""
_FARTHEST: Final = timedelta(days=2 * MOST_DAYS)
_DAY: Final = timedelta(days=1)


def days_away(session: Session, *, actor: Actor) -> list[Absence]:
    """Give the days away that the actor has entered, oldest first."""
    return availability.absences_of(session, actor.person_id) if actor.person_id else []


def add_days_away(session: Session, first: date, last: date, *, actor: Actor, now: datetime) -> Absence:
    """Enter days away, both included; days that touch or overlap others become one stretch.

    Raises InvalidInput when the last day comes before the first, or is too far from it or from today.
    """
    person_id = _person(actor)
    _check(first, last, now.date())
    _lock(session, person_id)
    begin, end = first, last
    for known in availability.absences_of(session, person_id):
        if known.starts_on <= last + _DAY and known.ends_on >= first - _DAY:
            begin, end = min(begin, known.starts_on), max(end, known.ends_on)
            session.delete(known)
    session.flush()
    absence = Absence(person_id=person_id, starts_on=begin, ends_on=end)
    session.add(absence)
    session.flush()
    _refresh(session, person_id, first, last, now)
    return absence


def are_published(session: Session, first: date, last: date, *, actor: Actor, now: datetime) -> bool:
    """Say whether the weeks of these days have frozen in all teams of the actor, so that the days change nothing."""
    weeks = list(Week.containing(first).until(Week.containing(last)))
    mine = teams.teams_of(session, _person(actor))
    return bool(mine) and all(
        teams.phase_of(session, team, week, now) is Phase.FROZEN for team in mine for week in reversed(weeks)
    )


def remove_days_away(session: Session, starts_on: date, *, actor: Actor, now: datetime) -> None:
    """Take a stretch of days away back; raises NotFound when there is none that begins on that day."""
    person_id = _person(actor)
    _lock(session, person_id)
    absence = session.get(Absence, (person_id, starts_on))
    if absence is None:
        raise NotFound("These days away are gone already. Go to My week to see those that are left.")
    last = absence.ends_on
    session.delete(absence)
    session.flush()
    _refresh(session, person_id, starts_on, last, now)


def _person(actor: Actor) -> int:
    if actor.person_id is None:
        raise Forbidden("Only a person can be away.")
    return actor.person_id


def _check(first: date, last: date, today: date) -> None:
    if last < first:
        raise InvalidInput("The last day can't come before the first.", "last")
    if (last - first).days >= MOST_DAYS:
        raise InvalidInput(f"That is more than a year: {(last - first).days + 1} days. Check both days.", "last")
    if abs(first - today) > _FARTHEST:
        raise InvalidInput("That is more than two years from now. Check the year.", "first")


def _lock(session: Session, person_id: int) -> None:
    for team in sorted(teams.teams_of(session, person_id), key=lambda team: team.id):
        surveys.lock_team(session, team.id)


def _refresh(session: Session, person_id: int, first: date, last: date, now: datetime) -> None:
    """Bring the sums of the weeks that hold these days up to date, where the week has not frozen."""
    begin, end = Week.containing(first), Week.containing(last)
    for team in teams.teams_of(session, person_id):
        for week in rollups.weeks_with_sums(session, team.id, begin, end):
            if teams.phase_of(session, team, week, now) is not Phase.FROZEN:
                rollups.refresh_week(session, team, week, now)
