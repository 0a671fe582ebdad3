from __future__ import annotations

from datetime import date

from sqlmodel import Session

from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.services.first_steps import first_steps
from bau_tracker.services.lifecycle import archive_team
from tests.factories import MONDAY, give_answer, make_member, make_team

ADMIN = Actor(None, "admin", is_admin=True)


def test_an_administrator_is_guided_until_the_first_answer(session: Session) -> None:
    steps = first_steps(session, actor=ADMIN, now=MONDAY)
    assert (list(steps.teams), steps.people, steps.guided) == ([], 0, True)
    team = make_team(session)
    assert list(first_steps(session, actor=ADMIN, now=MONDAY).empty) == [team]
    member = make_member(session, team)
    steps = first_steps(session, actor=ADMIN, now=MONDAY)
    assert (list(steps.empty), steps.people, steps.guided) == ([], 1, True)
    give_answer(session, team, member)
    assert not first_steps(session, actor=ADMIN, now=MONDAY).guided


def test_a_team_that_has_people_and_no_lead_wants_one(session: Session) -> None:
    team = make_team(session)
    assert list(first_steps(session, actor=ADMIN, now=MONDAY).leaderless) == []
    make_member(session, team)
    assert list(first_steps(session, actor=ADMIN, now=MONDAY).leaderless) == [team]
    make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    assert list(first_steps(session, actor=ADMIN, now=MONDAY).leaderless) == []


def test_a_lead_is_told_of_an_own_team_that_asks_nobody(session: Session) -> None:
    team, other = make_team(session), make_team(session, "Search")
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    make_member(session, other, "lead@example.org")
    steps = first_steps(session, actor=lead, now=MONDAY)
    assert (list(steps.empty), steps.guided) == ([team], False)
    archive_team(session, team.slug, date(2026, 11, 23), actor=ADMIN, now=MONDAY)
    assert list(first_steps(session, actor=lead, now=MONDAY).empty) == []
