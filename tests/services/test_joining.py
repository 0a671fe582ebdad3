from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from bau_tracker.domain.errors import Conflict, Forbidden, InvalidInput
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.services.history import changes_of
from bau_tracker.services.joining import OtherTeam, Outcome, add_members, plan_members, team_to_join
from bau_tracker.services.lifecycle import archive_team
from bau_tracker.services.memberships import Leave, end_membership
from bau_tracker.storage.people import person_with_email
from bau_tracker.storage.tables import Membership, Person, Team
from bau_tracker.storage.teams import memberships_of
from tests.factories import LONG_AGO, MONDAY, make_member, make_person, make_team, make_team_of

TODAY = date(2026, 11, 23)
ADMIN = Actor(None, "admin", is_admin=True)


@pytest.fixture
def team(session: Session) -> Team:
    return make_team(session)


@pytest.fixture
def lead(session: Session, team: Team) -> Actor:
    return make_member(session, team, "lead@example.org", role=Role.LEAD)


def test_each_line_says_what_becomes_of_it_and_nothing_is_stored(session: Session, team: Team, lead: Actor) -> None:
    make_person(session, "known@example.org")
    left = make_member(session, team, "back@example.org", starts_on=LONG_AGO)
    end_membership(session, team.slug, left.person_id or 0, Leave(date(2026, 11, 22)), actor=lead, now=MONDAY)
    make_member(session, team, "soon@example.org", starts_on=date(2026, 12, 1))
    before = (len(session.exec(select(Person)).all()), len(session.exec(select(Membership)).all()))
    text = "new@example.org\nknown@example.org\nback@example.org\nlead@example.org\nsoon@example.org\nnonsense"
    plan = plan_members(session, team.slug, text, role=Role.MEMBER, starts_on=TODAY, actor=lead, now=MONDAY)
    assert [one.outcome for one in plan.lines] == [
        Outcome.NEW,
        Outcome.KNOWN,
        Outcome.KNOWN,
        Outcome.MEMBER,
        Outcome.MEMBER,
        Outcome.REFUSED,
    ]
    assert plan.refused_first[0].line.text == "nonsense"
    assert (len(session.exec(select(Person)).all()), len(session.exec(select(Membership)).all())) == before


def test_what_a_line_says_counts_before_the_rest(session: Session, team: Team, lead: Actor) -> None:
    text = "email,role,hours,from\na@example.org,lead,0,2026-11-02\nb@example.org,,,"
    add_members(session, team.slug, text, role=Role.MEMBER, starts_on=TODAY, actor=lead, now=MONDAY)
    found = {}
    for email in ("a@example.org", "b@example.org"):
        person = person_with_email(session, email)
        assert person is not None
        (found[email],) = memberships_of(session, team.id, person.id)
    a, b = found["a@example.org"], found["b@example.org"]
    assert (a.role, a.hours_per_week, a.starts_on) == (Role.LEAD, 0, date(2026, 11, 2))
    assert (b.role, b.hours_per_week, b.starts_on) == (Role.MEMBER, None, TODAY)
    assert changes_of(session, team.slug, actor=lead, now=MONDAY)[0].sentence == (
        "lead@example.org added 2 people from several days: a@example.org, b@example.org."
    )


def test_who_is_in_another_team_too_is_known_with_the_hours_there(session: Session, team: Team, lead: Actor) -> None:
    search, billing = make_team(session, "Search"), make_team(session, "Billing", hours_per_week=36)
    make_member(session, search, "both@example.org", hours=20)
    make_member(session, billing, "both@example.org")
    gone = make_member(session, search, "gone@example.org")
    end_membership(session, "search", gone.person_id or 0, Leave(TODAY), actor=ADMIN, now=MONDAY)
    make_member(session, search, "lead@example.org")
    text = "email,from\nboth@example.org,\ngone@example.org,2026-11-24\nnew@example.org,\nlead@example.org,\nnonsense,"
    plan = plan_members(session, team.slug, text, role=Role.MEMBER, starts_on=TODAY, actor=ADMIN, now=MONDAY)
    assert [one.elsewhere for one in plan.lines] == [
        (OtherTeam("Billing", 36), OtherTeam("Search", 20)),
        (),
        (),
        (),
        (),
    ]
    plan = plan_members(session, team.slug, text, role=Role.MEMBER, starts_on=TODAY, actor=lead, now=MONDAY)
    assert {one.elsewhere for one in plan.lines} == {()}


def test_a_new_team_begins_with_the_monday_of_this_week_and_an_older_one_goes_on_today(session: Session) -> None:
    team, thursday = make_team(session), MONDAY + timedelta(days=3)
    assert team_to_join(session, team.slug, actor=ADMIN, now=thursday) == (team, TODAY)
    make_member(session, team, starts_on=TODAY)
    assert team_to_join(session, team.slug, actor=ADMIN, now=thursday) == (team, TODAY)
    make_member(session, team, "old@example.org", starts_on=date(2026, 11, 20))
    assert team_to_join(session, team.slug, actor=ADMIN, now=thursday) == (team, date(2026, 11, 26))


@pytest.mark.parametrize(("by_admin", "named"), [(False, ""), (True, "Found")])
def test_a_known_persons_name_stays_and_only_an_administrator_names_somebody_who_has_none(
    session: Session, team: Team, lead: Actor, by_admin: bool, named: str
) -> None:
    make_person(session, "named@example.org", name="Named")
    make_person(session, "nameless@example.org")
    text = "Other <named@example.org>\nFound <nameless@example.org>"
    add_members(
        session, team.slug, text, role=Role.MEMBER, starts_on=TODAY, actor=replace(lead, is_admin=by_admin), now=MONDAY
    )
    found = [person_with_email(session, f"{email}@example.org") for email in ("named", "nameless")]
    assert [person and person.name for person in found] == ["Named", named]


def test_nobody_becomes_an_administrator_by_being_added(session: Session, team: Team, lead: Actor) -> None:
    with pytest.raises(InvalidInput, match="a member or a lead"):
        add_members(session, team.slug, "a@example.org", role=Role.ADMIN, starts_on=TODAY, actor=lead, now=MONDAY)


def test_adding_the_same_again_changes_nothing(session: Session, team: Team, lead: Actor) -> None:
    for added in (1, 0):
        plan = add_members(
            session, team.slug, "a@example.org", role=Role.MEMBER, starts_on=TODAY, actor=lead, now=MONDAY
        )
        assert len(plan.added) == added
    assert len(changes_of(session, team.slug, actor=lead, now=MONDAY)) == 1


def test_a_day_that_can_only_be_a_slip_refuses_its_line_alone(session: Session, team: Team, lead: Actor) -> None:
    text = "email,from\na@example.org,0026-11-02\nb@example.org,"
    plan = plan_members(session, team.slug, text, role=Role.MEMBER, starts_on=TODAY, actor=lead, now=MONDAY)
    assert [one.outcome for one in plan.lines] == [Outcome.REFUSED, Outcome.NEW]
    with pytest.raises(InvalidInput, match="can't be right"):
        plan_members(session, team.slug, text, role=Role.MEMBER, starts_on=date(26, 1, 1), actor=lead, now=MONDAY)


def test_only_who_manages_a_team_that_goes_on_adds_people(session: Session) -> None:
    team, (member, *_) = make_team_of(session, 1)
    with pytest.raises(Forbidden):
        team_to_join(session, team.slug, actor=member, now=MONDAY)
    with pytest.raises(Forbidden):
        add_members(session, team.slug, "a@example.org", role=Role.MEMBER, starts_on=TODAY, actor=member, now=MONDAY)
    archive_team(session, team.slug, TODAY, actor=ADMIN, now=MONDAY)
    with pytest.raises(Conflict, match="is archived"):
        team_to_join(session, team.slug, actor=ADMIN, now=MONDAY)
