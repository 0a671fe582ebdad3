from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, Forbidden, NotFound
from bau_tracker.domain.permissions import ALLOWED, SERVER, Action, Actor, Role
from bau_tracker.services.permissions import check_administers, managed_team, roles_in, team_for, teams_allowing
from bau_tracker.storage.teams import memberships_of
from tests.factories import MONDAY, make_member, make_person, make_team

TEAM_ACTIONS = [action for action, roles in ALLOWED.items() if Role.PERSON not in roles]


@pytest.mark.parametrize("action", TEAM_ACTIONS)
@pytest.mark.parametrize("role", [Role.MEMBER, Role.LEAD])
def test_who_belongs_to_a_team_may_do_what_the_table_says(session: Session, role: Role, action: Action) -> None:
    team = make_team(session)
    actor = make_member(session, team, role=role)
    if role in ALLOWED[action]:
        assert team_for(session, team.slug, action, actor=actor, now=MONDAY) == team
        assert teams_allowing(session, action, actor=actor, now=MONDAY) == [team]
    else:
        with pytest.raises(Forbidden, match="Your role in this team"):
            team_for(session, team.slug, action, actor=actor, now=MONDAY)
        assert teams_allowing(session, action, actor=actor, now=MONDAY) == []


@pytest.mark.parametrize("action", TEAM_ACTIONS)
def test_another_team_looks_like_none_at_all(session: Session, action: Action) -> None:
    lead = make_member(session, make_team(session), role=Role.LEAD)
    make_team(session, "Search")
    with pytest.raises(NotFound) as other:
        team_for(session, "search", action, actor=lead, now=MONDAY)
    with pytest.raises(NotFound) as missing:
        team_for(session, "nowhere", action, actor=lead, now=MONDAY)
    assert other.value.message == missing.value.message


def test_an_administrator_sees_every_team_and_answers_for_none(session: Session) -> None:
    teams = [make_team(session), make_team(session, "Search")]
    person = make_person(session, admin=True)
    admin = Actor(person.id, is_admin=True)
    assert teams_allowing(session, Action.VIEW_TEAM, actor=admin, now=MONDAY) == teams
    assert teams_allowing(session, Action.VIEW_TEAM, actor=SERVER, now=MONDAY) == teams
    with pytest.raises(Forbidden):
        team_for(session, "search", Action.ANSWER, actor=admin, now=MONDAY)


def test_a_lead_of_one_team_is_only_a_member_of_the_other(session: Session) -> None:
    led, joined = make_team(session), make_team(session, "Search")
    actor = make_member(session, led, role=Role.LEAD)
    make_member(session, joined)
    assert teams_allowing(session, Action.EXPORT_TEAM, actor=actor, now=MONDAY) == [led]
    assert teams_allowing(session, Action.VIEW_TEAM, actor=actor, now=MONDAY) == [led, joined]


def test_a_part_in_a_team_begins_and_ends_with_its_days_in_the_teams_own_zone(session: Session) -> None:
    team = make_team(session, timezone="Asia/Tokyo")
    actor = make_member(session, team, starts_on=date(2026, 11, 16))
    (membership,) = memberships_of(session, team.id, actor.person_id or 0)
    membership.ends_on = date(2026, 11, 22)
    session.add(membership)
    session.flush()
    moments = {
        datetime(2026, 11, 15, 14, 59, tzinfo=UTC): set(),
        datetime(2026, 11, 15, 15, tzinfo=UTC): {Role.MEMBER},
        datetime(2026, 11, 22, 14, 59, tzinfo=UTC): {Role.MEMBER},
        datetime(2026, 11, 22, 15, tzinfo=UTC): set(),
    }
    assert {now: roles_in(session, actor, team, now) for now in moments} == moments


def test_nobody_in_particular_without_administration_may_do_nothing(session: Session) -> None:
    make_team(session)
    assert teams_allowing(session, Action.VIEW_TEAM, actor=Actor(None), now=MONDAY) == []


def test_to_an_archived_team_one_stays_what_one_was_on_its_last_day(session: Session) -> None:
    team = make_team(session)
    lead = make_member(session, team, role=Role.LEAD)
    (membership,) = memberships_of(session, team.id, lead.person_id or 0)
    membership.ends_on = team.archived_on = date(2026, 11, 1)
    session.flush()
    assert roles_in(session, lead, team, MONDAY) == {Role.LEAD}
    with pytest.raises(Conflict, match="Payments is archived"):
        managed_team(session, team.slug, actor=lead, now=MONDAY)


def test_only_administrators_administer(session: Session) -> None:
    check_administers(SERVER)
    with pytest.raises(Forbidden):
        check_administers(make_member(session, make_team(session), role=Role.LEAD))
