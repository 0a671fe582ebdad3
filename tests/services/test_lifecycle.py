from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import Action, Actor, Role
from bau_tracker.domain.surveys import Step
from bau_tracker.services.actions import agree_action
from bau_tracker.services.history import changes_of
from bau_tracker.services.lifecycle import (
    NewTeam,
    archive_team,
    archived_teams,
    bring_back,
    create_team,
    merge_team,
    standing,
    team_to_bring_back,
    team_to_end,
)
from bau_tracker.services.memberships import Leave, Terms, change_member, end_membership
from bau_tracker.services.permissions import team_for
from bau_tracker.services.trends import overview
from bau_tracker.storage.availability import asked_in_weeks
from bau_tracker.storage.tables import Membership, Team, TeamWeek
from bau_tracker.storage.teams import memberships_of
from tests.factories import AFTER_FREEZE, LONG_AGO, MONDAY, OPEN_WEEK, give_answer, make_member, make_team

ADMIN = Actor(None, "admin", is_admin=True)
TODAY = date(2026, 11, 23)
NEW = NewTeam("Search", "Europe/Berlin", 38.5, Step.PERCENT, "de")


@pytest.fixture
def team(session: Session) -> Team:
    return make_team(session)


@pytest.fixture
def lead(session: Session, team: Team) -> Actor:
    return make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)


@pytest.fixture
def ana(session: Session, team: Team) -> Actor:
    return make_member(session, team)


def stints(session: Session, team: Team, person: Actor) -> list[Membership]:
    return memberships_of(session, team.id, person.person_id or 0)


def ends(session: Session, team: Team, person: Actor) -> list[tuple[date, date | None]]:
    return [(stint.starts_on, stint.ends_on) for stint in stints(session, team, person)]


def test_an_administrator_adds_a_team_and_nobody_else_does(session: Session, lead: Actor) -> None:
    team = create_team(session, NEW, actor=ADMIN, now=MONDAY)
    assert (team.slug, team.step, team.holidays, team.hours_per_week) == ("search", Step.PERCENT, "DE", 38.5)
    assert (
        changes_of(session, "search", actor=ADMIN, now=MONDAY)[0].sentence == "Whoever runs the server added the team."
    )
    with pytest.raises(Forbidden):
        create_team(session, NEW, actor=lead, now=MONDAY)
    with pytest.raises(Conflict, match="There is a team “search” already"):
        create_team(session, NEW, actor=ADMIN, now=MONDAY)


def test_everybodys_time_ends_with_an_archived_team_and_nobody_is_asked_after_it(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    soon = make_member(session, team, "soon@example.org", starts_on=date(2027, 1, 4))
    archive_team(session, team.slug, date(2026, 11, 29), actor=ADMIN, now=MONDAY)
    assert ends(session, team, ana) == [(LONG_AGO, date(2026, 11, 29))]
    assert ends(session, team, soon) == []
    weeks = [OPEN_WEEK, OPEN_WEEK.shift(1), OPEN_WEEK.shift(2)]
    assert [len(asked_in_weeks(session, [team], [week])) for week in weeks] == [1, 1, 0]
    assert changes_of(session, team.slug, actor=lead, now=MONDAY)[0].sentence.endswith(
        "archived the team, with 29 Nov 2026 as last day."
    )


def test_an_archived_team_leaves_the_overview_after_its_last_day_and_is_found_by_who_led_it(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    archive_team(session, team.slug, TODAY, actor=ADMIN, now=MONDAY)
    assert [trend.team.slug for trend in overview(session, actor=lead, now=MONDAY)] == ["payments"]
    later = MONDAY + timedelta(days=30)
    for actor, found in ((lead, [team]), (ADMIN, [team]), (ana, [])):
        assert overview(session, actor=actor, now=later) == []
        assert archived_teams(session, actor=actor, now=later) == found
    assert team_for(session, team.slug, Action.VIEW_TEAM, actor=lead, now=later) == team


def test_who_left_before_the_last_day_finds_an_archived_team_no_more(session: Session, team: Team, ana: Actor) -> None:
    (stint,) = stints(session, team, ana)
    stint.ends_on = date(2026, 11, 1)
    archive_team(session, team.slug, TODAY, actor=ADMIN, now=MONDAY)
    with pytest.raises(NotFound):
        standing(session, team.slug, actor=ana, now=MONDAY)


def test_nothing_is_changed_in_an_archived_team(session: Session, team: Team, lead: Actor) -> None:
    archive_team(session, team.slug, TODAY, actor=ADMIN, now=MONDAY)
    for again in (archive_team, team_to_end):
        with pytest.raises(Conflict, match="is archived"):
            again(session, team.slug, *([TODAY] if again is archive_team else []), actor=ADMIN, now=MONDAY)
    with pytest.raises(Conflict, match="is archived"):
        agree_action(session, team.slug, "too late", actor=lead, now=MONDAY)


def test_a_team_cannot_end_within_published_weeks(session: Session, team: Team, ana: Actor) -> None:
    with pytest.raises(InvalidInput, match="at the earliest"):
        archive_team(session, team.slug, OPEN_WEEK.monday, actor=ADMIN, now=AFTER_FREEZE)
    assert ends(session, team, ana) == [(LONG_AGO, None)]


def test_a_team_cannot_end_where_the_calendar_does(session: Session, team: Team, ana: Actor) -> None:
    make_team(session, "Search")
    for day in (date.min, date.max):
        with pytest.raises(InvalidInput, match="can't be right"):
            archive_team(session, team.slug, day, actor=ADMIN, now=MONDAY)
        with pytest.raises(InvalidInput, match=r"can't be right|at the earliest"):
            merge_team(session, team.slug, "search", day, actor=ADMIN, now=MONDAY)
    assert ends(session, team, ana) == [(LONG_AGO, None)]


def test_a_team_brought_back_before_its_last_day_is_over_goes_on_without_a_gap(
    session: Session, team: Team, ana: Actor
) -> None:
    archive_team(session, team.slug, date(2026, 11, 29), actor=ADMIN, now=MONDAY)
    bring_back(session, team.slug, actor=ADMIN, now=MONDAY + timedelta(days=1))
    assert (team.archived_on, ends(session, team, ana)) == (None, [(LONG_AGO, None)])


def test_a_team_brought_back_later_begins_again_that_day_with_those_of_its_last(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    (stint,) = stints(session, team, ana)
    stint.ends_on = date(2026, 11, 1)
    archive_team(session, team.slug, TODAY, actor=ADMIN, now=MONDAY)
    bring_back(session, team.slug, actor=ADMIN, now=MONDAY + timedelta(days=30))
    assert ends(session, team, lead) == [(LONG_AGO, TODAY), (date(2026, 12, 23), None)]
    assert (stints(session, team, lead)[1].role, stints(session, team, lead)[1].hours_per_week) == (Role.LEAD, 0)
    assert ends(session, team, ana) == [(LONG_AGO, date(2026, 11, 1))]


def test_a_team_whose_name_another_has_by_now_comes_back_once_that_is_renamed(session: Session, team: Team) -> None:
    archive_team(session, team.slug, TODAY, actor=ADMIN, now=MONDAY)
    other = make_team(session, "Search")
    other.name = "Payments"
    session.add(other)
    with pytest.raises(Conflict, match=r"There is another team Payments by now\. Rename that one first"):
        bring_back(session, team.slug, actor=ADMIN, now=MONDAY)
    other.name = "Search"
    session.add(other)
    assert bring_back(session, team.slug, actor=ADMIN, now=MONDAY).archived_on is None


def test_a_team_that_goes_on_cannot_be_brought_back(session: Session, team: Team, lead: Actor) -> None:
    for what in (bring_back, team_to_bring_back):
        with pytest.raises(Conflict, match="is not archived"):
            what(session, team.slug, actor=ADMIN, now=MONDAY)
        with pytest.raises(Forbidden):
            what(session, team.slug, actor=lead, now=MONDAY)


def test_a_merge_takes_everybody_along_once_with_role_and_hours(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    search = make_team(session, "Search", hours_per_week=36)
    both = make_member(session, team, "both@example.org")
    make_member(session, search, "both@example.org", hours=5)
    soon = make_member(session, team, "soon@example.org", starts_on=date(2027, 1, 4), hours=20)
    assert merge_team(session, team.slug, "search", date(2026, 11, 30), actor=ADMIN, now=MONDAY) == search
    assert (team.archived_on, team.merged_into_id) == (date(2026, 11, 29), search.id)
    assert ends(session, team, ana) == [(LONG_AGO, date(2026, 11, 29))]
    taken = {
        person: [(one.starts_on, one.role, one.hours_per_week) for one in stints(session, search, person)]
        for person in (ana, lead, both, soon)
    }
    assert taken == {
        ana: [(date(2026, 11, 30), Role.MEMBER, 40)],
        lead: [(date(2026, 11, 30), Role.LEAD, 0)],
        both: [(LONG_AGO, Role.MEMBER, 5)],
        soon: [(date(2027, 1, 4), Role.MEMBER, 20)],
    }
    old, new = (standing(session, slug, actor=ADMIN, now=MONDAY) for slug in (team.slug, "search"))
    assert (old.merged_into, list(new.came_in)) == (search, [team])


def test_a_merge_leaves_published_weeks_and_each_teams_own_history(session: Session, team: Team, ana: Actor) -> None:
    search = make_team(session, "Search")
    bo = make_member(session, search, "bo@example.org")
    for place, person in ((team, ana), (search, bo)):
        give_answer(session, place, person)
    before = {place.id: session.get(TeamWeek, (place.id, OPEN_WEEK.monday)) for place in (team, search)}
    sums = {key: row and row.model_dump() for key, row in before.items()}
    merge_team(session, team.slug, "search", TODAY + timedelta(days=2), actor=ADMIN, now=AFTER_FREEZE)
    session.expire_all()
    after = {place.id: session.get(TeamWeek, (place.id, OPEN_WEEK.monday)) for place in (team, search)}
    assert {key: row and row.model_dump() for key, row in after.items()} == sums


def test_a_merge_into_itself_an_archived_team_or_published_weeks_is_refused(
    session: Session, team: Team, ana: Actor
) -> None:
    make_team(session, "Search")
    with pytest.raises(InvalidInput, match="another team"):
        merge_team(session, team.slug, team.slug, TODAY, actor=ADMIN, now=MONDAY)
    with pytest.raises(InvalidInput, match="at the earliest"):
        merge_team(session, team.slug, "search", LONG_AGO, actor=ADMIN, now=MONDAY)
    archive_team(session, "search", TODAY, actor=ADMIN, now=MONDAY)
    with pytest.raises(Conflict, match="Search is archived"):
        merge_team(session, team.slug, "search", TODAY, actor=ADMIN, now=MONDAY)
    assert ends(session, team, ana) == [(LONG_AGO, None)]


def test_a_merged_team_brought_back_stands_by_itself_again(session: Session, team: Team, ana: Actor) -> None:
    search = make_team(session, "Search")
    merge_team(session, team.slug, "search", TODAY, actor=ADMIN, now=MONDAY)
    bring_back(session, team.slug, actor=ADMIN, now=MONDAY)
    assert (team.merged_into_id, ends(session, team, ana)[-1]) == (None, (TODAY, None))
    assert ends(session, search, ana) == [(TODAY, None)]


def test_a_merge_called_off_before_its_first_day_leaves_everybody_as_they_were(
    session: Session, team: Team, lead: Actor, ana: Actor
) -> None:
    search = make_team(session, "Search", hours_per_week=36)
    both = make_member(session, team, "both@example.org")
    make_member(session, search, "both@example.org", hours=5)
    planned = make_member(session, team, "planned@example.org", hours=10)
    make_member(session, search, "planned@example.org", starts_on=date(2026, 11, 30), hours=30)
    leaving = make_member(session, team, "leaving@example.org")
    end_membership(session, team.slug, leaving.person_id or 0, Leave(date(2026, 12, 31)), actor=ADMIN, now=MONDAY)
    terms = Terms(Role.LEAD, 20, date(2026, 12, 14))
    change_member(session, team.slug, ana.person_id or 0, terms, actor=ADMIN, now=MONDAY)
    people = (lead, ana, both, planned, leaving)
    before = [[one.model_dump() for one in stints(session, place, each)] for place in (team, search) for each in people]
    merge_team(session, team.slug, "search", date(2026, 11, 30), actor=ADMIN, now=MONDAY)
    assert standing(session, team.slug, actor=ADMIN, now=MONDAY).is_to_come
    bring_back(session, team.slug, actor=ADMIN, now=MONDAY + timedelta(days=1))
    after = [[one.model_dump() for one in stints(session, place, each)] for place in (team, search) for each in people]
    assert after == before
    assert changes_of(session, "search", actor=ADMIN, now=MONDAY)[0].sentence.endswith(
        "called the merge of Payments into this team off."
    )


def test_a_merge_that_has_begun_leaves_people_in_both(session: Session, team: Team, ana: Actor) -> None:
    search = make_team(session, "Search")
    merge_team(session, team.slug, "search", date(2026, 11, 30), actor=ADMIN, now=MONDAY)
    begun = MONDAY + timedelta(days=7)
    assert not standing(session, team.slug, actor=ADMIN, now=begun).is_to_come
    bring_back(session, team.slug, actor=ADMIN, now=begun)
    assert (ends(session, team, ana)[-1], ends(session, search, ana)) == (
        (date(2026, 11, 30), None),
        [(date(2026, 11, 30), None)],
    )


def test_a_lead_ends_no_team(session: Session, team: Team, lead: Actor) -> None:
    make_team(session, "Search")
    with pytest.raises(Forbidden):
        archive_team(session, team.slug, TODAY, actor=lead, now=MONDAY)
    with pytest.raises(Forbidden):
        merge_team(session, team.slug, "search", TODAY, actor=lead, now=MONDAY)
    with pytest.raises(Forbidden):
        team_to_end(session, team.slug, actor=lead, now=MONDAY)
    with pytest.raises(NotFound):
        archive_team(session, "nothing", TODAY, actor=ADMIN, now=MONDAY)
