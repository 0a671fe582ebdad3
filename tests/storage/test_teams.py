from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.services.teams import add_member
from bau_tracker.storage import teams
from tests.factories import MONDAY, OPEN_WEEK, make_member, make_person, make_team

ANA = "ana@example.org"


def test_a_team_is_found_by_its_slug_and_by_its_name_in_any_letters(session: Session) -> None:
    team = make_team(session, "Payments & Billing")
    assert teams.team_with_slug(session, "payments-billing") == team
    assert teams.team_with_slug(session, "Payments & Billing") is None
    assert teams.teams_by_name(teams.all_teams(session))["payments & billing"] == team


def test_a_slug_wins_over_another_teams_name(session: Session) -> None:
    first = make_team(session, "Search")
    second = make_team(session, "Find")
    second.name = "search"
    session.add(second)
    session.flush()
    assert teams.teams_by_name(teams.all_teams(session))["search"] == first


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "member"),
    [
        (date(2026, 11, 22), None, True),
        (date(2026, 11, 23), None, False),
        (date(2026, 1, 1), date(2026, 11, 16), True),
        (date(2026, 1, 1), date(2026, 11, 15), False),
    ],
)
def test_a_member_for_any_day_of_a_week_is_a_member_in_it(
    session: Session, starts_on: date, ends_on: date | None, member: bool
) -> None:
    team = make_team(session)
    actor = make_member(session, team, starts_on=starts_on)
    (membership,) = teams.memberships_of(session, team.id, actor.person_id or 0)
    membership.ends_on = ends_on
    session.add(membership)
    session.flush()
    assert (teams.membership_in_week(session, team.id, actor.person_id or 0, OPEN_WEEK) is not None) is member


def test_of_two_memberships_in_a_week_the_newer_counts(session: Session) -> None:
    team = make_team(session)
    actor = make_member(session, team)
    add_member(session, ANA, team.slug, role=Role.LEAD, starts_on=date(2026, 11, 18), now=MONDAY)
    newest = teams.membership_in_week(session, team.id, actor.person_id or 0, OPEN_WEEK)
    assert newest is not None
    assert newest.role is Role.LEAD


def test_teams_of_a_person_are_those_they_ever_were_in(session: Session) -> None:
    team, other = make_team(session), make_team(session, "Search")
    actor = make_member(session, team, starts_on=date(2020, 1, 6))
    make_person(session, "bob@example.org")
    assert teams.teams_of(session, actor.person_id or 0) == [team]
    assert teams.people_of(session, team.id) == {ANA: actor.person_id}
    assert teams.people_of(session, other.id) == {}
