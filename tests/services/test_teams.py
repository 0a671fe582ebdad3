from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput, NotFound
from bau_tracker.domain.permissions import Role
from bau_tracker.services.teams import add_member, add_team, remove_member
from bau_tracker.storage import teams
from bau_tracker.storage.tables import Membership, Team, TeamWeek
from tests.factories import (
    AFTER_FREEZE,
    LONG_AGO,
    MONDAY,
    OPEN_WEEK,
    give_answer,
    make_member,
    make_person,
    make_team,
    make_team_of,
)

ANA = "ana@example.org"


def memberships(session: Session, team: Team) -> list[Membership]:
    person = make_person(session)
    return teams.memberships_of(session, team.id, person.id)


def expected(session: Session, team: Team) -> int:
    session.expire_all()
    row = session.get(TeamWeek, (team.id, OPEN_WEEK.monday))
    assert row is not None
    return row.expected


def test_a_team_gets_an_address_made_of_its_name(session: Session) -> None:
    team = add_team(session, " Payments & Billing ", timezone="Europe/Berlin", hours_per_week=36, now=MONDAY)
    assert (team.slug, team.name, team.timezone, team.hours_per_week) == (
        "payments-billing",
        "Payments & Billing",
        "Europe/Berlin",
        36,
    )


def test_two_teams_cannot_have_one_address(session: Session) -> None:
    make_team(session, "Payments")
    with pytest.raises(Conflict, match=r"The address “payments” belongs to the team Payments\. Choose another"):
        make_team(session, "PAYMENTS!")


def test_a_name_or_address_that_a_team_has_is_refused_and_names_it(session: Session) -> None:
    team = make_team(session, "Payments")
    team.name = "Billing"
    session.add(team)
    with pytest.raises(Conflict, match=r"The address “payments” belongs to the team Billing\. Choose another name"):
        make_team(session, "Payments")
    with pytest.raises(Conflict, match="There is a team “payments” already"):
        make_team(session, "BILLING")
    team.archived_on = MONDAY.date()
    session.add(team)
    assert make_team(session, "Billing").slug == "billing"
    with pytest.raises(Conflict, match="belongs to the team Billing, which is archived"):
        make_team(session, "Payments")


@pytest.mark.parametrize("hours", [0.0, -1.0, 100.5, math.nan, math.inf])
def test_a_team_with_impossible_hours_is_refused(session: Session, hours: float) -> None:
    with pytest.raises(InvalidInput, match="at most 100 hours"):
        make_team(session, hours_per_week=hours)


def test_a_team_in_an_unknown_zone_or_without_a_name_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInput, match="time zone"):
        make_team(session, timezone="Mars/Olympus")
    with pytest.raises(InvalidInput, match="no letter or digit"):
        make_team(session, "...")


def test_a_new_member_starts_today_by_the_teams_own_calendar(session: Session) -> None:
    team = make_team(session, timezone="Pacific/Kiritimati")
    make_person(session)
    late = datetime(2026, 11, 22, 20, tzinfo=UTC)
    assert add_member(session, ANA, team.slug, now=late).starts_on == date(2026, 11, 23)


def test_a_change_of_hours_ends_the_old_membership_the_day_before(session: Session) -> None:
    team = make_team(session)
    make_member(session, team)
    add_member(session, ANA, team.slug, hours_per_week=20, starts_on=date(2026, 11, 23), now=MONDAY)
    old, new = memberships(session, team)
    assert (old.starts_on, old.ends_on, old.hours_per_week) == (LONG_AGO, date(2026, 11, 22), None)
    assert (new.starts_on, new.ends_on, new.hours_per_week) == (date(2026, 11, 23), None, 20)


def test_the_same_day_again_replaces_what_was_said_for_it(session: Session) -> None:
    team = make_team(session)
    make_member(session, team, starts_on=date(2026, 11, 23))
    add_member(session, ANA, team.slug, role=Role.LEAD, starts_on=date(2026, 11, 23), now=MONDAY)
    (only,) = memberships(session, team)
    assert only.role is Role.LEAD


def test_a_membership_that_ended_stays_as_it_was(session: Session) -> None:
    team = make_team(session)
    make_member(session, team)
    (first,) = memberships(session, team)
    first.ends_on = date(2025, 1, 1)
    session.add(first)
    add_member(session, ANA, team.slug, starts_on=date(2026, 11, 23), now=MONDAY)
    assert [membership.ends_on for membership in memberships(session, team)] == [date(2025, 1, 1), None]


def test_an_open_week_expects_who_joins_in_it(session: Session) -> None:
    team, members = make_team_of(session, 2)
    give_answer(session, team, members[0])
    assert expected(session, team) == 2
    make_member(session, team, starts_on=OPEN_WEEK.monday + timedelta(days=4))
    assert expected(session, team) == 3
    make_member(session, team, "late@example.org", starts_on=OPEN_WEEK.sunday)
    assert expected(session, team) == 3


def test_an_open_week_no_longer_expects_who_is_asked_nothing(session: Session) -> None:
    team, members = make_team_of(session, 3)
    give_answer(session, team, members[0])
    add_member(session, members[1].name, team.slug, hours_per_week=0, starts_on=OPEN_WEEK.monday, now=MONDAY)
    assert expected(session, team) == 2


def test_a_frozen_week_stands_whoever_joins_later_for_it(session: Session) -> None:
    team, members = make_team_of(session, 2)
    give_answer(session, team, members[0])
    make_person(session)
    add_member(session, ANA, team.slug, starts_on=LONG_AGO, now=AFTER_FREEZE)
    assert expected(session, team) == 2


@pytest.mark.parametrize("hours", [-1.0, 100.5, math.nan])
def test_a_member_with_impossible_hours_is_refused(session: Session, hours: float) -> None:
    team = make_team(session)
    make_person(session)
    with pytest.raises(InvalidInput, match="between 0 and 100"):
        add_member(session, ANA, team.slug, hours_per_week=hours, now=MONDAY)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_that_can_only_be_a_slip_changes_nothing(session: Session, day: date) -> None:
    team = make_team(session)
    make_member(session, team)
    with pytest.raises(InvalidInput, match="can't be right"):
        add_member(session, ANA, team.slug, starts_on=day, now=MONDAY)
    with pytest.raises(InvalidInput, match="can't be right"):
        remove_member(session, ANA, team.slug, last_day=day, now=MONDAY)
    assert [one.ends_on for one in memberships(session, team)] == [None]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PERSON])
def test_nobody_becomes_an_administrator_by_joining_a_team(session: Session, role: Role) -> None:
    team = make_team(session)
    make_person(session)
    with pytest.raises(InvalidInput, match="a member or a lead"):
        add_member(session, ANA, team.slug, role=role, now=MONDAY)


def test_an_unknown_person_or_team_is_named_with_what_to_do(session: Session) -> None:
    team = make_team(session)
    with pytest.raises(NotFound, match=r"bau-tracker person add ana@example\.org"):
        add_member(session, " Ana@Example.org", team.slug, now=MONDAY)
    make_person(session)
    with pytest.raises(NotFound, match="bau-tracker team add"):
        add_member(session, ANA, "search", now=MONDAY)


def test_a_member_is_removed_from_a_day_and_open_weeks_know(session: Session) -> None:
    team, members = make_team_of(session, 2)
    give_answer(session, team, members[0])
    assert remove_member(session, members[1].name, team.slug, last_day=OPEN_WEEK.monday, now=MONDAY) == OPEN_WEEK.monday
    assert expected(session, team) == 1
    assert remove_member(session, members[0].name, team.slug, now=MONDAY) == date(2026, 11, 23)


def test_removing_somebody_who_is_not_there_names_what_is_missing(session: Session) -> None:
    with pytest.raises(NotFound, match="There is no team"):
        remove_member(session, ANA, "payments", now=MONDAY)
    team = make_team(session)
    with pytest.raises(NotFound, match="is not in Payments after 23 Nov 2026"):
        remove_member(session, ANA, team.slug, now=MONDAY)


def test_a_name_loses_needless_spaces_and_may_not_be_too_long(session: Session) -> None:
    assert make_team(session, " Pay\n ments  ").name == "Pay ments"
    with pytest.raises(InvalidInput, match="120 characters"):
        make_team(session, "x" * 121)
