from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import ChangedMeanwhile, Conflict, Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.weeks import Week
from bau_tracker.services.history import changes_of
from bau_tracker.services.memberships import (
    LATELY,
    Leave,
    Move,
    Terms,
    change_member,
    end_membership,
    member,
    members,
    move_member,
)
from bau_tracker.storage.availability import asked_in_weeks
from bau_tracker.storage.tables import Team, TeamWeek
from bau_tracker.storage.teams import memberships_of
from tests.factories import AFTER_FREEZE, LONG_AGO, MONDAY, OPEN_WEEK, give_answer, make_member, make_team

ANA = "ana@example.org"
TODAY = date(2026, 11, 23)
SUNDAY = TODAY - timedelta(days=1)
ADMIN = Actor(None, "admin", is_admin=True)


@pytest.fixture
def team(session: Session) -> Team:
    return make_team(session)


@pytest.fixture
def lead(session: Session, team: Team) -> Actor:
    return make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)


@pytest.fixture
def ana(session: Session, team: Team) -> Actor:
    return make_member(session, team, ANA)


def number(actor: Actor) -> int:
    assert actor.person_id is not None
    return actor.person_id


def stretches(session: Session, team: Team, person: Actor) -> list[tuple[date, date | None, Role, float | None]]:
    found = memberships_of(session, team.id, number(person))
    return [(one.starts_on, one.ends_on, one.role, one.hours_per_week) for one in found]


def asked(session: Session, team: Team, week: Week) -> dict[int, float]:
    return dict(asked_in_weeks(session, [team], [week]).get((team.id, week), {}))


def expected(session: Session, team: Team, week: Week = OPEN_WEEK) -> int:
    session.expire_all()
    row = session.get(TeamWeek, (team.id, week.monday))
    assert row is not None
    return row.expected


def test_a_member_sees_who_is_in_the_team_and_was_lately_and_a_lead_who_will_be(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    make_member(session, team, "soon@example.org", starts_on=date(2026, 12, 1))
    left = make_member(session, team, "left@example.org")
    end_membership(session, team.slug, number(left), Leave(SUNDAY), actor=lead, now=MONDAY)
    page = members(session, team.slug, actor=lead, now=MONDAY)
    assert [place.person.email for place in page.now] == [ANA, "lead@example.org"]
    assert [place.person.email for place in page.coming] == ["soon@example.org"]
    assert [place.person.email for place in page.past] == ["left@example.org"]
    own = members(session, team.slug, actor=ana, now=MONDAY)
    assert [place.person.email for place in own.now] == [ANA, "lead@example.org"]
    assert (list(own.coming), own.may_manage) == ([], False)
    assert [place.person.email for place in own.past] == ["left@example.org"]
    later = members(session, team.slug, actor=ana, now=MONDAY + LATELY)
    assert list(later.past) == []


def test_everybody_stands_once_whatever_changed_before_or_is_to_change(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    for hours, day in ((20, TODAY), (32, date(2026, 12, 1))):
        change_member(session, team.slug, number(ana), Terms(Role.MEMBER, hours, day), actor=lead, now=MONDAY)
    end_membership(session, team.slug, number(ana), Leave(date(2026, 12, 31)), actor=lead, now=MONDAY)
    gone = make_member(session, team, "gone@example.org", starts_on=OPEN_WEEK.monday)
    terms = Terms(Role.MEMBER, 10, date(2026, 11, 18))
    change_member(session, team.slug, number(gone), terms, actor=lead, now=MONDAY)
    end_membership(session, team.slug, number(gone), Leave(SUNDAY), actor=lead, now=MONDAY)
    page = members(session, team.slug, actor=lead, now=MONDAY)
    now = [(place.hours, place.then and place.then.hours, place.last_day) for place in page.now]
    assert now == [(20, 32, date(2026, 12, 31)), (0, None, None)]
    assert [(place.person.email, place.hours) for place in page.past] == [("gone@example.org", 10)]
    assert list(page.coming) == []
    own = members(session, team.slug, actor=ana, now=MONDAY)
    assert [place.then for place in own.now] == [None, None]


def test_a_team_says_whether_it_has_a_lead(session: Session, team: Team, ana: Actor) -> None:
    assert not members(session, team.slug, actor=ana, now=MONDAY).has_lead
    make_member(session, team, "lead@example.org", role=Role.LEAD, starts_on=date(2026, 12, 1))
    assert members(session, team.slug, actor=ana, now=MONDAY).has_lead


def test_other_hours_from_the_middle_of_a_week_count_from_that_day(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    terms = Terms(Role.MEMBER, 20, date(2026, 11, 25))
    change_member(session, team.slug, number(ana), terms, actor=lead, now=MONDAY)
    assert stretches(session, team, ana) == [
        (LONG_AGO, date(2026, 11, 24), Role.MEMBER, None),
        (date(2026, 11, 25), None, Role.MEMBER, 20),
    ]
    this_week = OPEN_WEEK.shift(1)
    assert asked(session, team, OPEN_WEEK) == {ana.person_id: 40}
    assert asked(session, team, this_week) == {ana.person_id: 2 * 8 + 3 * 4}
    assert asked(session, team, this_week.shift(1)) == {ana.person_id: 20}


def test_a_change_keeps_a_last_day_that_was_set(session: Session, team: Team, lead: Actor, ana: Actor) -> None:
    end_membership(session, team.slug, number(ana), Leave(date(2026, 12, 31)), actor=lead, now=MONDAY)
    change_member(session, team.slug, number(ana), Terms(Role.LEAD, None, TODAY), actor=lead, now=MONDAY)
    assert stretches(session, team, ana)[-1] == (TODAY, date(2026, 12, 31), Role.LEAD, None)


def test_an_earlier_change_says_that_it_replaces_a_planned_one(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    planned = Terms(Role.MEMBER, 32, date(2026, 12, 1))
    assert change_member(session, team.slug, number(ana), planned, actor=lead, now=MONDAY) == ""
    said = change_member(session, team.slug, number(ana), Terms(Role.MEMBER, 20, TODAY), actor=lead, now=MONDAY)
    assert said == "This replaces the change planned from 1 Dec 2026."
    assert changes_of(session, team.slug, actor=lead, now=MONDAY)[0].sentence == (
        f"lead@example.org made ana@example.org a member with 20 hours a week from 23 Nov 2026. {said}"
    )
    assert stretches(session, team, ana)[-1] == (TODAY, None, Role.MEMBER, 20)


def test_a_change_cannot_reach_into_published_weeks(session: Session, team: Team, lead: Actor, ana: Actor) -> None:
    terms = Terms(Role.MEMBER, 20, OPEN_WEEK.monday)
    with pytest.raises(InvalidInput, match="from 23 Nov 2026 at the earliest"):
        change_member(session, team.slug, number(ana), terms, actor=lead, now=AFTER_FREEZE)
    with pytest.raises(InvalidInput, match="published and stand"):
        end_membership(session, team.slug, number(ana), Leave(OPEN_WEEK.monday), actor=lead, now=AFTER_FREEZE)


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        (Terms(Role.MEMBER, None, TODAY), "has that role and those hours already"),
        (Terms(Role.MEMBER, 101, TODAY), "between 0 and 100"),
        (Terms(Role.MEMBER, 20, date(9999, 12, 31)), "can't be right"),
    ],
)
def test_a_change_of_nothing_or_to_the_impossible_is_refused(
    session: Session, team: Team, lead: Actor, ana: Actor, terms: Terms, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        change_member(session, team.slug, number(ana), terms, actor=lead, now=MONDAY)
    assert len(stretches(session, team, ana)) == 1


def test_somebody_who_is_not_in_the_team_on_the_day_cannot_be_changed(
    session: Session, team: Team, lead: Actor
) -> None:
    soon = make_member(session, team, "soon@example.org", starts_on=date(2026, 12, 1))
    with pytest.raises(Conflict, match=r"soon@example\.org is not in Payments on 23 Nov 2026"):
        change_member(session, team.slug, number(soon), Terms(Role.LEAD, None, TODAY), actor=lead, now=MONDAY)


def test_who_leaves_is_not_asked_after_the_last_day_and_the_open_week_knows(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    bo = make_member(session, team, "bo@example.org")
    give_answer(session, team, ana)
    assert expected(session, team) == 2
    end_membership(session, team.slug, number(bo), Leave(OPEN_WEEK.monday), actor=lead, now=MONDAY)
    assert expected(session, team) == 1
    assert asked(session, team, OPEN_WEEK.shift(1)) == {ana.person_id: 40}


def test_a_published_week_stands_whoever_leaves(session: Session, team: Team, lead: Actor, ana: Actor) -> None:
    bo = make_member(session, team, "bo@example.org")
    give_answer(session, team, ana)
    end_membership(session, team.slug, number(bo), Leave(date(2026, 11, 25)), actor=lead, now=AFTER_FREEZE)
    assert expected(session, team) == 2


def test_a_last_day_can_be_moved_while_it_is_not_over(session: Session, team: Team, lead: Actor, ana: Actor) -> None:
    for day in (date(2026, 11, 30), date(2026, 12, 31)):
        end_membership(session, team.slug, number(ana), Leave(day), actor=lead, now=MONDAY)
        assert stretches(session, team, ana) == [(LONG_AGO, day, Role.MEMBER, None)]
    with pytest.raises(InvalidInput, match="is the last day of"):
        end_membership(session, team.slug, number(ana), Leave(date(2026, 12, 31)), actor=lead, now=MONDAY)


def test_a_last_day_that_was_set_is_taken_back(session: Session, team: Team, lead: Actor, ana: Actor) -> None:
    end_membership(session, team.slug, number(ana), Leave(date(2026, 11, 27)), actor=lead, now=MONDAY)
    end_membership(session, team.slug, number(ana), Leave(None), actor=lead, now=MONDAY)
    assert stretches(session, team, ana) == [(LONG_AGO, None, Role.MEMBER, None)]
    assert changes_of(session, team.slug, actor=lead, now=MONDAY)[0].sentence == (
        "lead@example.org took the last day of ana@example.org back, which was 27 Nov 2026."
    )
    with pytest.raises(InvalidInput, match="has no last day"):
        end_membership(session, team.slug, number(ana), Leave(None), actor=lead, now=MONDAY)


def test_a_last_day_that_is_over_stands(session: Session, team: Team, lead: Actor, ana: Actor) -> None:
    end_membership(session, team.slug, number(ana), Leave(SUNDAY), actor=lead, now=MONDAY)
    with pytest.raises(Conflict, match="is not in Payments any more"):
        end_membership(session, team.slug, number(ana), Leave(None), actor=lead, now=MONDAY)


@pytest.mark.parametrize("day", [date.max, date.min])
def test_a_last_day_at_the_end_of_the_calendar_is_refused(
    session: Session, team: Team, lead: Actor, ana: Actor, day: date
) -> None:
    with pytest.raises(InvalidInput, match="can't be right"):
        end_membership(session, team.slug, number(ana), Leave(day), actor=lead, now=MONDAY)


def test_a_change_that_was_made_from_other_stretches_than_those_that_stand_is_refused(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    make_member(session, make_team(session, "Search"), "lead@example.org", role=Role.LEAD)
    shown = member(session, team.slug, number(ana), actor=lead, now=MONDAY).revision
    change_member(session, team.slug, number(ana), Terms(Role.MEMBER, 20, TODAY), actor=lead, now=MONDAY)
    before = stretches(session, team, ana)
    terms, move = Terms(Role.LEAD, None, TODAY, based_on=shown), Move("search", TODAY, based_on=shown)
    with pytest.raises(ChangedMeanwhile):
        change_member(session, team.slug, number(ana), terms, actor=lead, now=MONDAY)
    with pytest.raises(ChangedMeanwhile):
        end_membership(session, team.slug, number(ana), Leave(TODAY, based_on=shown), actor=lead, now=MONDAY)
    with pytest.raises(ChangedMeanwhile):
        move_member(session, team.slug, number(ana), move, actor=lead, now=MONDAY)
    assert stretches(session, team, ana) == before


def test_somebody_who_has_left_cannot_leave_again(session: Session, team: Team, lead: Actor, ana: Actor) -> None:
    end_membership(session, team.slug, number(ana), Leave(TODAY), actor=lead, now=MONDAY)
    with pytest.raises(Conflict, match="is not in Payments any more"):
        end_membership(
            session, team.slug, number(ana), Leave(date(2026, 12, 31)), actor=lead, now=MONDAY + timedelta(days=1)
        )


def test_somebody_added_by_mistake_is_taken_out_as_if_never_added(session: Session, team: Team, lead: Actor) -> None:
    wrong = make_member(session, team, "wrong@example.org", starts_on=TODAY)
    end_membership(session, team.slug, number(wrong), Leave(SUNDAY), actor=lead, now=MONDAY)
    assert stretches(session, team, wrong) == []
    with pytest.raises(NotFound):
        member(session, team.slug, number(wrong), actor=lead, now=MONDAY)


def test_who_moves_in_the_middle_of_a_week_is_asked_in_both_teams_each_for_its_days(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    search = make_team(session, "Search")
    make_member(session, search, "lead@example.org", role=Role.LEAD, hours=0)
    move = Move("search", date(2026, 11, 25))
    assert move_member(session, team.slug, number(ana), move, actor=lead, now=MONDAY) == search
    this_week = OPEN_WEEK.shift(1)
    assert asked(session, team, this_week) == {ana.person_id: 16}
    assert asked(session, search, this_week) == {ana.person_id: 24}
    assert asked(session, team, this_week.shift(1)) == {}
    assert asked(session, search, this_week.shift(1)) == {ana.person_id: 40}
    for slug, words in ((team.slug, "moved ana@example.org to Search"), ("search", "here from Payments")):
        assert words in changes_of(session, slug, actor=lead, now=MONDAY)[0].sentence


def test_hours_move_along_into_a_team_with_another_week(session: Session, team: Team, ana: Actor) -> None:
    search = make_team(session, "Search", hours_per_week=36)
    move_member(session, team.slug, number(ana), Move("search", TODAY), actor=ADMIN, now=MONDAY)
    assert stretches(session, search, ana) == [(TODAY, None, Role.MEMBER, 40)]


def test_a_lead_of_one_team_cannot_move_people_into_anothers(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    make_team(session, "Search")
    with pytest.raises(NotFound):
        move_member(session, team.slug, number(ana), Move("search", TODAY), actor=lead, now=MONDAY)
    assert stretches(session, team, ana) == [(LONG_AGO, None, Role.MEMBER, None)]


def test_a_move_into_the_own_team_or_one_where_the_person_is_already_is_refused(
    session: Session, team: Team, ana: Actor
) -> None:
    search = make_team(session, "Search")
    make_member(session, search, ANA, starts_on=date(2026, 12, 1))
    with pytest.raises(Conflict, match="is in Search on 23 Nov 2026 or later already"):
        move_member(session, team.slug, number(ana), Move("search", TODAY), actor=ADMIN, now=MONDAY)
    with pytest.raises(InvalidInput, match="another team"):
        move_member(session, team.slug, number(ana), Move(team.slug, TODAY), actor=ADMIN, now=MONDAY)


def test_a_person_in_two_teams_is_asked_by_each_and_leaves_one_alone(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    search = make_team(session, "Search")
    make_member(session, search, ANA, hours=10)
    change_member(session, team.slug, number(ana), Terms(Role.MEMBER, 30, TODAY), actor=lead, now=MONDAY)
    end_membership(session, team.slug, number(ana), Leave(date(2026, 11, 29)), actor=lead, now=MONDAY)
    this_week = OPEN_WEEK.shift(1)
    assert (asked(session, team, this_week), asked(session, search, this_week)) == (
        {ana.person_id: 30},
        {ana.person_id: 10},
    )
    assert asked(session, search, this_week.shift(1)) == {ana.person_id: 10}


def change_to_member(session: Session, team: Team, lead: Actor, *, sure: bool) -> None:
    terms = Terms(Role.MEMBER, 0, TODAY, sure=sure)
    change_member(session, team.slug, number(lead), terms, actor=lead, now=MONDAY)


def leave(session: Session, team: Team, lead: Actor, *, sure: bool) -> None:
    end_membership(session, team.slug, number(lead), Leave(SUNDAY, sure=sure), actor=lead, now=MONDAY)


def move_on(session: Session, team: Team, lead: Actor, *, sure: bool) -> None:
    move = Move("search", date(2026, 12, 1), sure=sure)
    move_member(session, team.slug, number(lead), move, actor=lead, now=MONDAY)


@pytest.mark.parametrize("step_down", [change_to_member, leave, move_on])
def test_the_only_lead_stays_until_there_is_another_and_goes_knowingly(
    session: Session, team: Team, lead: Actor, step_down: Callable[..., None]
) -> None:
    search = make_team(session, "Search")
    make_member(session, search, "lead@example.org", role=Role.LEAD)
    end_membership(session, "search", number(lead), Leave(date(2026, 11, 30)), actor=ADMIN, now=MONDAY)
    with pytest.raises(Conflict, match="only lead of Payments"):
        step_down(session, team, lead, sure=True)
    make_member(session, team, "second@example.org", role=Role.LEAD)
    with pytest.raises(InvalidInput, match="no longer be able to manage Payments"):
        step_down(session, team, lead, sure=False)
    step_down(session, team, lead, sure=True)
    with pytest.raises((NotFound, Forbidden)):
        member(session, team.slug, number(lead), actor=lead, now=MONDAY + timedelta(days=9))


def test_an_administrator_may_take_the_only_lead_out(session: Session, team: Team, lead: Actor) -> None:
    end_membership(session, team.slug, number(lead), Leave(TODAY), actor=ADMIN, now=MONDAY)
    assert stretches(session, team, lead) == [(LONG_AGO, TODAY, Role.LEAD, 0)]


def test_a_member_changes_nobody_and_a_stranger_finds_no_team(session: Session, team: Team, ana: Actor) -> None:
    terms = Terms(Role.LEAD, None, TODAY)
    with pytest.raises(Forbidden):
        change_member(session, team.slug, number(ana), terms, actor=ana, now=MONDAY)
    with pytest.raises(NotFound):
        members(session, team.slug, actor=Actor(999), now=MONDAY)


def test_nobody_of_that_number_is_not_found_also_when_they_are_in_another_team(
    session: Session, team: Team, lead: Actor
) -> None:
    other = make_member(session, make_team(session, "Search"), "other@example.org")
    for person in (other, Actor(999)):
        with pytest.raises(NotFound, match="nobody of that number in Payments"):
            member(session, team.slug, number(person), actor=lead, now=MONDAY)
        with pytest.raises(Conflict, match="is not in Payments"):
            end_membership(session, team.slug, number(person), Leave(TODAY), actor=lead, now=MONDAY)


def test_a_day_is_that_of_the_teams_own_calendar(session: Session) -> None:
    far = make_team(session, "Far", timezone="Pacific/Kiritimati")
    make_member(session, far, ANA, starts_on=date(2026, 11, 24))
    page = members(session, "far", actor=ADMIN, now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert [place.person.email for place in page.now] == [ANA]


def test_a_move_and_its_history_are_kept_on_every_database(any_session: Session) -> None:
    team, search = make_team(any_session), make_team(any_session, "Search")
    ana = make_member(any_session, team)
    give_answer(any_session, team, ana)
    move_member(any_session, team.slug, number(ana), Move("search", TODAY), actor=ADMIN, now=MONDAY)
    any_session.commit()
    assert stretches(any_session, team, ana) == [(LONG_AGO, SUNDAY, Role.MEMBER, None)]
    assert stretches(any_session, search, ana) == [(TODAY, None, Role.MEMBER, None)]
    assert len(changes_of(any_session, "search", actor=ADMIN, now=MONDAY)) == 1
