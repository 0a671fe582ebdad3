"""What leads and administrators can do to bring people into a team: check what they pasted, then take it over.

The check and the taking over make the same plan; what changed in between is seen in the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.memberships import ROLE_WORDS, day_words, sound_day, today_of
from bau_tracker.domain.permissions import Action, Actor, Role
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.people import PersonLine, read_people
from bau_tracker.services.history import record
from bau_tracker.services.memberships import Stretch, put
from bau_tracker.services.people import add_person
from bau_tracker.services.permissions import check_active, managed_team, team_for, teams_allowing
from bau_tracker.services.teams import end_memberships, refresh_open_weeks
from bau_tracker.storage import memberships, people, teams
from bau_tracker.storage.tables import Team


class Outcome(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    KNOWN = "known"
    MEMBER = "member"
    REFUSED = "refused"


ADDED = (Outcome.NEW, Outcome.KNOWN)


@dataclass(frozen=True, slots=True)
class OtherTeam:
    """Another team that somebody is in on their first day or later, with the hours of a usual week there."""

    name: str
    hours: float


@dataclass(frozen=True, slots=True)
class Joining:
    """One line with what becomes of it; `problem` says why a refused one is, `elsewhere` where else who joins is."""

    line: PersonLine
    outcome: Outcome
    role: Role
    starts_on: date
    problem: str = ""
    elsewhere: tuple[OtherTeam, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of every line."""

    team: Team
    lines: Sequence[Joining]

    @property
    def added(self) -> list[Joining]:
        """Give the lines whose people join."""
        return [one for one in self.lines if one.outcome in ADDED]

    @property
    def refused_first(self) -> list[Joining]:
        """Give the lines with those that want mending at the top."""
        return sorted(self.lines, key=lambda one: one.outcome is not Outcome.REFUSED)

    def of(self, outcome: Outcome) -> list[Joining]:
        """Give the lines of one outcome."""
        return [one for one in self.lines if one.outcome is outcome]


def team_to_join(session: Session, slug: str, *, actor: Actor, now: datetime) -> tuple[Team, date]:
    """Give a team to somebody who may add people to it, and a first day to offer; raises like `managed_team`.

    The day is today; where nobody was before this week, its Monday, so that a new team begins with a whole week.
    """
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    check_active(team)
    today = today_of(teams.schedule_of(team), now)
    monday = Week.containing(today).monday
    is_new = all(membership.starts_on >= monday for membership, _ in memberships.roster_of(session, team.id))
    return team, monday if is_new else today


def plan_members(
    session: Session, slug: str, text: str, *, role: Role, starts_on: date, actor: Actor, now: datetime
) -> Plan:
    """Say what adding the people of a text would do, and do nothing; what a line says itself counts before the rest.

    Raises InvalidInput for a text without people or with too many, a role of no team, and a day that can't be right.
    """
    team = managed_team(session, slug, actor=actor, now=now)
    if role not in ROLE_WORDS:
        raise InvalidInput("In a team a person is a member or a lead.", "role")
    today = today_of(teams.schedule_of(team), now)
    sound_day(starts_on, today, "starts_on")
    lines, known, last = read_people(text), people.ids_by_email(session), _last_days(session, team)
    plan = Plan(team, [_joining(line, role, starts_on, known, last, today) for line in lines])
    managed = {other.id for other in teams_allowing(session, Action.MANAGE_TEAM, actor=actor, now=now)}
    return replace(plan, lines=_with_others(session, plan, known, managed))


def add_members(
    session: Session, slug: str, text: str, *, role: Role, starts_on: date, actor: Actor, now: datetime
) -> Plan:
    """Add the people of a text to a team, and give what became of each line; raises like `plan_members`."""
    plan = plan_members(session, slug, text, role=role, starts_on=starts_on, actor=actor, now=now)
    for one in plan.added:
        person = people.person_with_email(session, one.line.email)
        name = one.line.name if person is None or (actor.is_admin and not person.name) else ""
        person = add_person(session, one.line.email, name=name, now=now)
        end_memberships(session, plan.team.id, person.id, one.starts_on)
        put(session, plan.team, person.id, Stretch(one.starts_on, None, one.role, one.line.hours))
    if plan.added:
        record(session, plan.team, _words(plan.added), actor=actor, now=now)
        refresh_open_weeks(session, plan.team, now)
    return plan


def _last_days(session: Session, team: Team) -> dict[int, date]:
    """Give the last day of everybody who ever was in a team; the end of the calendar for an open end."""
    last: dict[int, date] = {}
    for membership, person in memberships.roster_of(session, team.id):
        last[person.id] = max(last.get(person.id, date.min), membership.ends_on or date.max)
    return last


def _joining(
    line: PersonLine, role: Role, starts_on: date, known: dict[str, int], last: dict[int, date], today: date
) -> Joining:
    role, first = line.role or role, line.starts_on or starts_on
    if line.problem:
        return Joining(line, Outcome.REFUSED, role, first, line.problem)
    try:
        sound_day(first, today, "starts_on")
    except InvalidInput as error:
        return Joining(line, Outcome.REFUSED, role, first, error.message)
    number = known.get(line.email)
    if number is None:
        return Joining(line, Outcome.NEW, role, first)
    return Joining(line, Outcome.MEMBER if last.get(number, date.min) >= first else Outcome.KNOWN, role, first)


def _with_others(session: Session, plan: Plan, known: dict[str, int], managed: set[int]) -> list[Joining]:
    """Say of everybody who joins in which other teams they are, of those that the actor manages as well.

    Of all others a lead could learn who is known here, and where, by trying addresses.
    """
    joining = {known[one.line.email]: one.starts_on for one in plan.of(Outcome.KNOWN)}
    places = memberships.places_of(session, joining, min(joining.values())) if joining else {}
    others = managed - {plan.team.id}
    elsewhere = {
        person_id: tuple(
            other
            for team, _ in found
            if team.id in others and (other := _other_team(session, team, person_id, joining[person_id]))
        )
        for person_id, found in places.items()
    }
    return [replace(one, elsewhere=elsewhere.get(known.get(one.line.email, 0), ())) for one in plan.lines]


def _other_team(session: Session, team: Team, person_id: int, day: date) -> OtherTeam | None:
    for stint in teams.memberships_of(session, team.id, person_id):
        if stint.ends_on is None or stint.ends_on >= day:
            hours = team.hours_per_week if stint.hours_per_week is None else stint.hours_per_week
            return OtherTeam(team.name, hours)
    return None


def _words(added: Sequence[Joining]) -> str:
    days = {one.starts_on for one in added}
    start = day_words(days.pop()) if len(days) == 1 else "several days"
    count = "1 person" if len(added) == 1 else f"{len(added)} people"
    return f"added {count} from {start}: {', '.join(one.line.email for one in added)}."
