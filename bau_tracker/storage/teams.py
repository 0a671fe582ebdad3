"""Gives and finds teams and memberships as of a day or a week. Commits nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.rules import Rules, read_rules
from bau_tracker.domain.weeks import Phase, Schedule, Week
from bau_tracker.storage.tables import Membership, Person, Reopening, Team


def rules_of(team: Team) -> Rules:
    """Give the rules by which a team's weeks go, each from a week on."""
    return read_rules(team.rules, team.timezone)


def schedule_of(team: Team) -> Schedule:
    """Give the moments at which a team's weeks open and freeze."""
    return rules_of(team).schedule


def newest_frozen(team: Team, now: datetime) -> Week:
    """Give the newest week that has frozen by a team's times, of an archived team that of its last day at most."""
    schedule = schedule_of(team)
    newest = schedule.newest_started(now)
    frozen = newest if schedule.phase(newest, now) is Phase.FROZEN else newest.shift(-1)
    return min(frozen, Week.containing(team.archived_on)) if team.archived_on else frozen


def team_with_slug(session: Session, slug: str) -> Team | None:
    """Find a team by the name it has in addresses."""
    return session.exec(select(Team).where(col(Team.slug) == slug)).one_or_none()


def team_with_id(session: Session, team_id: int) -> Team | None:
    """Find a team by number."""
    return session.get(Team, team_id)


def merged_into(session: Session, team_id: int) -> list[Team]:
    """Give the teams that were merged into a team, by name."""
    return list(session.exec(select(Team).where(col(Team.merged_into_id) == team_id).order_by(col(Team.name))))


def all_teams(session: Session) -> list[Team]:
    """Give every team, by name."""
    return list(session.exec(select(Team).order_by(col(Team.name))))


def teams_by_name(teams: Iterable[Team]) -> dict[str, Team]:
    """Give teams by their slug and by their name in lower case, the slug winning."""
    teams = list(teams)
    return {team.name.casefold(): team for team in teams} | {team.slug: team for team in teams}


def teams_of(session: Session, person_id: int) -> list[Team]:
    """Give the teams that a person ever was in, by name."""
    mine = select(col(Membership.team_id)).where(col(Membership.person_id) == person_id)
    return list(session.exec(select(Team).where(col(Team.id).in_(mine)).order_by(col(Team.name))))


def membership_in_week(session: Session, team_id: int, person_id: int, week: Week) -> Membership | None:
    """Find the newest membership that a person has in a team at any time of a week."""
    found = select(Membership).where(
        col(Membership.team_id) == team_id,
        col(Membership.person_id) == person_id,
        *_reaches(week.monday, week.sunday),
    )
    return session.exec(found.order_by(col(Membership.starts_on).desc())).first()


def memberships_of(session: Session, team_id: int, person_id: int) -> list[Membership]:
    """Give all memberships of a person in a team, oldest first."""
    found = select(Membership).where(col(Membership.team_id) == team_id, col(Membership.person_id) == person_id)
    return list(session.exec(found.order_by(col(Membership.starts_on))))


def people_of(session: Session, team_id: int) -> dict[str, int]:
    """Give the number of every person who ever was in a team, by e-mail address."""
    found = select(col(Person.email), col(Person.id)).join(Membership, col(Membership.person_id) == col(Person.id))
    return dict(session.exec(found.where(col(Membership.team_id) == team_id)).all())


def reopened_until(session: Session, team_id: int, week: Week) -> datetime | None:
    """Give the moment until which a published week was opened again last; None for one that never was."""
    found = select(col(Reopening.freezes_at)).where(
        col(Reopening.team_id) == team_id, col(Reopening.week) == week.monday
    )
    return session.exec(found.order_by(col(Reopening.reopened_at).desc())).first()


def freezes_of(session: Session, teams: Iterable[Team]) -> Callable[[int, Week], datetime]:
    """Give what tells when a week freezes, or froze, for the last time, by team number, without asking again."""
    chosen = list(teams)
    found = select(Reopening).where(col(Reopening.team_id).in_([team.id for team in chosen]))
    reopened = {
        (one.team_id, one.week): one.freezes_at for one in session.exec(found.order_by(col(Reopening.reopened_at)))
    }
    kept: dict[Schedule, dict[date, datetime]] = {}
    of_team = {
        team.id: (schedule, kept.setdefault(schedule, {})) for team in chosen for schedule in [schedule_of(team)]
    }

    def freezes(team_id: int, week: Week) -> datetime:
        schedule, known = of_team[team_id]
        if week.monday not in known:
            known[week.monday] = schedule.freezes(week)
        return reopened.get((team_id, week.monday)) or known[week.monday]

    return freezes


def freezes_at(session: Session, team: Team, week: Week) -> datetime:
    """Give the moment at which a week freezes, or froze, for the last time."""
    return reopened_until(session, team.id, week) or schedule_of(team).freezes(week)


def phase_of(session: Session, team: Team, week: Week, now: datetime) -> Phase:
    """Say where a week stands; one that was opened again is open until its new freeze."""
    phase = schedule_of(team).phase(week, now)
    return Phase.OPEN if phase is Phase.FROZEN and now < freezes_at(session, team, week) else phase


def _reaches(first: date, last: date) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    ends = col(Membership.ends_on)
    return col(Membership.starts_on) <= last, sa.or_(ends.is_(None), ends >= first)
