"""What leads and administrators can do about who is in a team, each from a day on: change, leave, move.

Published weeks stand: a change counts from the first week that hasn't frozen. Adding people is left to `joining`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput, NotFound
from bau_tracker.domain.memberships import ROLE_WORDS, day_words, movable_day, movable_last_day, sound_hours, today_of
from bau_tracker.domain.permissions import Action, Actor, Role, allows
from bau_tracker.domain.revisions import check_revision, revision_of
from bau_tracker.services.history import record, who
from bau_tracker.services.permissions import managed_team, roles_in, team_for, teams_allowing
from bau_tracker.services.teams import end_memberships, refresh_open_weeks
from bau_tracker.storage import memberships, people, teams
from bau_tracker.storage.tables import Membership, Person, Team

ONE_DAY = timedelta(days=1)
LATELY = timedelta(weeks=26)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a member is to be from a day on; hours None are the team's, 0 asks nothing.

    `sure` says that an actor means to give the own lead up, `based_on` which revision of the member was shown.
    """

    role: Role
    hours: float | None
    starts_on: date
    sure: bool = False
    based_on: str | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """The last day that a member is to have, None for none; `sure` and `based_on` as in Terms."""

    last_day: date | None
    sure: bool = False
    based_on: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The team that a member is to move to, and from which day; `sure` and `based_on` as in Terms."""

    to_slug: str
    starts_on: date
    sure: bool = False
    based_on: str | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch in a team as it is kept; both days included, `ends_on` None is open."""

    starts_on: date
    ends_on: date | None
    role: Role
    hours: float | None


@dataclass(frozen=True, slots=True)
class Place:
    """One stretch of a person in a team; `hours` are those of a usual week, the team's where none are their own.

    `then` is the stretch after it, where that is asked for.
    """

    person: Person
    role: Role
    hours: float
    own_hours: bool
    starts_on: date
    ends_on: date | None
    then: Place | None = None

    @property
    def last_day(self) -> date | None:
        """Give the day on which the person leaves, not only the stretch ends."""
        return self.then.last_day if self.then else self.ends_on


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in a team now; who will be and who was only for those who may manage it.

    Everybody stands once: now with what comes then, else with their first stretch to come, else with their last.
    """

    team: Team
    now: Sequence[Place]
    coming: Sequence[Place]
    past: Sequence[Place]
    has_lead: bool
    may_manage: bool
    today: date


@dataclass(frozen=True, slots=True)
class Member:
    """One person's stretches in a team, oldest first, and where else the actor may move them.

    `revision` is the mark of the stretches, by which a form says what it was made from.
    """

    team: Team
    person: Person
    places: Sequence[Place]
    targets: Sequence[Team]
    is_self: bool
    today: date
    revision: str

    @property
    def newest(self) -> Place:
        """Give the stretch that was decided last."""
        return self.places[-1]

    @property
    def has_left(self) -> bool:
        """Say whether the last day lies before today."""
        return self.newest.ends_on is not None and self.newest.ends_on < self.today


def members(session: Session, slug: str, *, actor: Actor, now: datetime) -> Members:
    """Give who is in a team, and was lately, to somebody who may see the team; raises like `team_for`.

    Those who left show to everybody for LATELY, so that nobody can be made up for a week and taken out again unseen.
    """
    team = team_for(session, slug, Action.VIEW_TEAM, actor=actor, now=now)
    may_manage = allows(Action.MANAGE_TEAM, roles_in(session, actor, team, now))
    today = today_of(teams.schedule_of(team), now)
    places = [_place(team, membership, person) for membership, person in memberships.roster_of(session, team.id)]
    known = _with_next(places) if may_manage else places
    present = {place.person.id: place for place in known if place.starts_on <= today and not _over(place, today)}
    coming = {place.person.id: place for place in reversed(known) if place.starts_on > today}
    past = {place.person.id: place for place in known if _over(place, today)}
    return Members(
        team=team,
        now=list(present.values()),
        coming=_without(dict(reversed(coming.items())), present) if may_manage else [],
        past=[
            place
            for place in _without(past, {*present, *coming})
            if may_manage or (place.ends_on or today) >= today - LATELY
        ],
        has_lead=any(place.role is Role.LEAD and not _over(place, today) for place in known),
        may_manage=may_manage,
        today=today,
    )


def member(session: Session, slug: str, person_id: int, *, actor: Actor, now: datetime) -> Member:
    """Give a person's place in a team to somebody who may manage it; raises NotFound for who never was in it."""
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    person = people.person_with_id(session, person_id)
    stints = teams.memberships_of(session, team.id, person_id)
    if person is None or not stints:
        raise NotFound(f"There is nobody of that number in {team.name}.")
    targets = [other for other in teams_allowing(session, Action.MANAGE_TEAM, actor=actor, now=now) if other != team]
    return Member(
        team=team,
        person=person,
        places=[_place(team, stint, person) for stint in stints],
        targets=[other for other in targets if other.archived_on is None],
        is_self=actor.person_id == person_id,
        today=today_of(teams.schedule_of(team), now),
        revision=_revision(stints),
    )


def change_member(session: Session, slug: str, person_id: int, terms: Terms, *, actor: Actor, now: datetime) -> str:
    """Give a member another role or other hours from a day on; a last day that was set stays.

    Changes planned for later are replaced; gives the sentence that says so, empty when there were none.

    Raises InvalidInput for a day in published weeks, when nothing would change, or when an actor would give the own
    lead up without being sure; Conflict for somebody who isn't in the team on that day, or for the only lead;
    ChangedMeanwhile when what the terms are based on doesn't stand any more.
    """
    team = managed_team(session, slug, actor=actor, now=now)
    _check_stands(session, team, person_id, terms.based_on)
    role, hours, starts_on = terms.role, terms.hours, terms.starts_on
    movable_day(starts_on, teams.schedule_of(team), now, "starts_on")
    person, stint = _member_on(session, team, person_id, starts_on)
    if (stint.role, stint.hours_per_week) == (role, sound_hours(hours)):
        raise InvalidInput(f"{who(person)} has that role and those hours already.", "role")
    if role is not Role.LEAD:
        _check_lead_stays(session, team, person, starts_on, sure=terms.sure, actor=actor)
    replaced, ends_on = _make_room(session, team, stint, starts_on)
    put(session, team, person_id, Stretch(starts_on, ends_on, role, hours))
    made = f"made {who(person)} a {ROLE_WORDS[role]} with {_hours_words(team, hours)} from {day_words(starts_on)}."
    record(session, team, f"{made} {replaced}".strip(), actor=actor, now=now)
    refresh_open_weeks(session, team, now)
    return replaced


def end_membership(session: Session, slug: str, person_id: int, leave: Leave, *, actor: Actor, now: datetime) -> None:
    """Let a person's time in a team end on a day, or take a last day back; both while it isn't over.

    Somebody whose time would begin after the day is taken out as if never added. Raises like `change_member`.
    """
    team = managed_team(session, slug, actor=actor, now=now)
    _check_stands(session, team, person_id, leave.based_on)
    schedule = teams.schedule_of(team)
    if leave.last_day is not None:
        movable_last_day(leave.last_day, schedule, now, "last_day")
    person, newest = _member_after(session, team, person_id, today_of(schedule, now))
    if leave.last_day is None:
        words = _stay(session, person, newest)
    else:
        _check_lead_stays(session, team, person, leave.last_day + ONE_DAY, sure=leave.sure, actor=actor)
        words = _end_on(session, team, person, newest, leave.last_day)
    record(session, team, words, actor=actor, now=now)
    refresh_open_weeks(session, team, now)


def move_member(session: Session, slug: str, person_id: int, move: Move, *, actor: Actor, now: datetime) -> Team:
    """Move a person to another team from a day on, with role and hours, and give that team.

    The actor must be able to manage both. Raises like `change_member`, and Conflict when the person is in that team
    on the day or later already.
    """
    held = {each: managed_team(session, each, actor=actor, now=now) for each in sorted({slug, move.to_slug})}
    team, target, starts_on = held[slug], held[move.to_slug], move.starts_on
    _check_stands(session, team, person_id, move.based_on)
    if team.id == target.id:
        raise InvalidInput("Choose another team than this one.", "to_slug")
    for one in (team, target):
        movable_day(starts_on, teams.schedule_of(one), now, "starts_on")
    person, stint = _member_on(session, team, person_id, starts_on)
    if is_in(session, target, person_id, starts_on):
        raise Conflict(f"{who(person)} is in {target.name} on {day_words(starts_on)} or later already.")
    _check_lead_stays(session, team, person, starts_on, sure=move.sure, actor=actor)
    taken = Stretch(starts_on, None, stint.role, carried_hours(team, target, stint))
    end_memberships(session, team.id, person_id, starts_on)
    put(session, target, person_id, taken)
    day = day_words(starts_on)
    record(session, team, f"moved {who(person)} to {target.name} from {day}.", actor=actor, now=now)
    record(session, target, f"moved {who(person)} here from {team.name} from {day}.", actor=actor, now=now)
    for one in (team, target):
        refresh_open_weeks(session, one, now)
    return target


def put(session: Session, team: Team, person_id: int, stretch: Stretch) -> None:
    """Add a stretch in a team; the caller has made room for it, and refreshes open weeks."""
    session.add(
        Membership(
            team_id=team.id,
            person_id=person_id,
            starts_on=stretch.starts_on,
            ends_on=stretch.ends_on,
            role=stretch.role,
            hours_per_week=stretch.hours,
        )
    )
    session.flush()


def is_in(session: Session, team: Team, person_id: int, day: date) -> bool:
    """Say whether a person is in a team on a day or later."""
    return any(one.person_id == person_id for one in memberships.reaching(session, team.id, day))


def carried_hours(team: Team, target: Team, stint: Membership) -> float | None:
    """Give the hours that somebody takes along into another team, so that their week stays as long as it was."""
    if stint.hours_per_week is None and team.hours_per_week != target.hours_per_week:
        return team.hours_per_week
    return stint.hours_per_week


def _place(team: Team, stint: Membership, person: Person) -> Place:
    own = stint.hours_per_week is not None
    hours = stint.hours_per_week if stint.hours_per_week is not None else team.hours_per_week
    return Place(person, stint.role, hours, own, stint.starts_on, stint.ends_on)


def _make_room(session: Session, team: Team, stint: Membership, day: date) -> tuple[str, date | None]:
    """Drop what was planned after a stretch, and end it; gives the sentence that says so, and the last day of all."""
    stints = teams.memberships_of(session, team.id, stint.person_id)
    planned = [day_words(one.starts_on) for one in stints if one.starts_on > stint.starts_on]
    ends_on = stints[-1].ends_on
    end_memberships(session, team.id, stint.person_id, day)
    changes = "change" if len(planned) == 1 else "changes"
    return f"This replaces the {changes} planned from {' and from '.join(planned)}." if planned else "", ends_on


def _stay(session: Session, person: Person, newest: Membership) -> str:
    """Take a last day back, and say so."""
    if newest.ends_on is None:
        raise InvalidInput(f"{who(person)} has no last day. Give one, as 2026-11-23.", "last_day")
    words = f"took the last day of {who(person)} back, which was {day_words(newest.ends_on)}."
    newest.ends_on = None
    session.add(newest)
    session.flush()
    return words


def _end_on(session: Session, team: Team, person: Person, newest: Membership, last_day: date) -> str:
    """Let a person's time end on a day, and say so."""
    if newest.ends_on == last_day:
        raise InvalidInput(f"{day_words(last_day)} is the last day of {who(person)} already.", "last_day")
    if newest.starts_on <= last_day:
        newest.ends_on = last_day
        session.add(newest)
    else:
        end_memberships(session, team.id, person.id, last_day + ONE_DAY)
    session.flush()
    return f"let {who(person)} leave, with {day_words(last_day)} as last day."


def _revision(stints: Sequence[Membership]) -> str:
    return revision_of([(one.starts_on, one.ends_on, one.role, one.hours_per_week) for one in stints])


def _check_stands(session: Session, team: Team, person_id: int, based_on: str | None) -> None:
    stints = teams.memberships_of(session, team.id, person_id)
    check_revision(based_on, _revision(stints), f"What this person is in {team.name} was")


def _with_next(places: Sequence[Place]) -> list[Place]:
    """Tie each stretch to the one after it; a person's stand together, oldest first."""
    tied: list[Place] = []
    for place in reversed(places):
        following = tied[-1] if tied and tied[-1].person.id == place.person.id else None
        tied.append(replace(place, then=following))
    return tied[::-1]


def _without(places: Mapping[int, Place], people: Collection[int]) -> list[Place]:
    return [place for person_id, place in places.items() if person_id not in people]


def _over(place: Place, today: date) -> bool:
    return place.ends_on is not None and place.ends_on < today


def _member_on(session: Session, team: Team, person_id: int, day: date) -> tuple[Person, Membership]:
    person = people.person_with_id(session, person_id)
    for stint in teams.memberships_of(session, team.id, person_id):
        if person and stint.starts_on <= day and (stint.ends_on is None or day <= stint.ends_on):
            return person, stint
    raise Conflict(f"{who(person) if person else 'This person'} is not in {team.name} on {day_words(day)}.")


def _member_after(session: Session, team: Team, person_id: int, day: date) -> tuple[Person, Membership]:
    """Give a person and the newest stretch, which isn't over on a day."""
    person = people.person_with_id(session, person_id)
    stints = teams.memberships_of(session, team.id, person_id)
    if person is None or not stints or (stints[-1].ends_on is not None and stints[-1].ends_on < day):
        raise Conflict(f"{who(person) if person else 'This person'} is not in {team.name} any more.")
    return person, stints[-1]


def _check_lead_stays(session: Session, team: Team, person: Person, day: date, *, sure: bool, actor: Actor) -> None:
    """Refuse to leave a team without a lead from a day on, and an actor's own step down unless it is meant."""
    leads = memberships.leads_on(session, team.id, day)
    if person.id not in leads or actor.is_admin:
        return
    if leads == {person.id}:
        raise Conflict(
            f"{who(person)} is the only lead of {team.name}. Make somebody else a lead first, or ask an administrator."
        )
    if person.id == actor.person_id and not sure:
        raise InvalidInput(
            f"You would no longer be able to manage {team.name}. Tick the box if that is what you want.", "sure"
        )


def _hours_words(team: Team, hours: float | None) -> str:
    return f"the team's {team.hours_per_week:g} hours" if hours is None else f"{hours:g} hours a week"
