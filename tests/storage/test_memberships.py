from __future__ import annotations

from datetime import date

from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.services.teams import add_member, remove_member
from bau_tracker.storage.memberships import ended_on, leads_on, places_of, reaching, roster_of
from tests.factories import LONG_AGO, MONDAY, make_member, make_person, make_team

TODAY = date(2026, 11, 23)


def test_a_roster_goes_by_name_and_then_by_day(any_session: Session) -> None:
    team, other = make_team(any_session), make_team(any_session, "Search")
    make_member(any_session, team, "zoe@example.org")
    make_person(any_session, "zoe@example.org", name="Adam")
    make_member(any_session, team, "Bo@example.org")
    add_member(any_session, "bo@example.org", team.slug, role=Role.LEAD, starts_on=TODAY, now=MONDAY)
    make_member(any_session, other, "other@example.org")
    found = [(person.email, stint.starts_on) for stint, person in roster_of(any_session, team.id)]
    assert found == [("zoe@example.org", LONG_AGO), ("bo@example.org", LONG_AGO), ("bo@example.org", TODAY)]


def test_who_has_left_reaches_no_later_day_and_leads_nothing(any_session: Session) -> None:
    team = make_team(any_session)
    stays = make_member(any_session, team, "stays@example.org", role=Role.LEAD)
    left = make_member(any_session, team, "left@example.org", role=Role.LEAD)
    coming = make_member(any_session, team, "coming@example.org", role=Role.LEAD, starts_on=date(2026, 12, 1))
    make_member(any_session, team, "member@example.org")
    remove_member(any_session, "left@example.org", team.slug, last_day=date(2026, 11, 22), now=MONDAY)
    assert left.person_id not in {one.person_id for one in reaching(any_session, team.id, TODAY)}
    assert [one.person_id for one in ended_on(any_session, team.id, date(2026, 11, 22))] == [left.person_id]
    assert leads_on(any_session, team.id, date(2026, 11, 22)) == {stays.person_id, left.person_id}
    assert leads_on(any_session, team.id, TODAY) == {stays.person_id}
    assert leads_on(any_session, team.id, date(2026, 12, 1)) == {stays.person_id, coming.person_id}


def test_places_are_those_of_a_day_and_later_with_the_newest_role(any_session: Session) -> None:
    team, other = make_team(any_session, "Search"), make_team(any_session, "Payments")
    ana = make_member(any_session, team)
    add_member(any_session, "ana@example.org", team.slug, role=Role.LEAD, starts_on=TODAY, now=MONDAY)
    make_member(any_session, other)
    bo = make_member(any_session, team, "bo@example.org")
    remove_member(any_session, "bo@example.org", team.slug, last_day=date(2026, 11, 22), now=MONDAY)
    people = [ana.person_id or 0, bo.person_id or 0]
    found = places_of(any_session, people, TODAY)
    assert {person: [(team.name, role) for team, role in places] for person, places in found.items()} == {
        ana.person_id: [("Payments", Role.MEMBER), ("Search", Role.LEAD)]
    }
