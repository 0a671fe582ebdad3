from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import SERVER, Actor
from bau_tracker.services import availability, surveys
from bau_tracker.storage.tables import Team, TeamWeek
from tests.factories import AFTER_FREEZE, MONDAY, OPEN_WEEK, give_answer, make_member, make_team, make_team_of, reopen

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def team(any_session: Session) -> Team:
    return make_team(any_session)


@pytest.fixture
def ana(any_session: Session, team: Team) -> Actor:
    return make_member(any_session, team)


def add(session: Session, actor: Actor, first: date, last: date) -> None:
    availability.add_days_away(session, first, last, actor=actor, now=MONDAY)


def stretches(session: Session, actor: Actor) -> list[tuple[date, date]]:
    return [(absence.starts_on, absence.ends_on) for absence in availability.days_away(session, actor=actor)]


def expected(session: Session, team: Team) -> int:
    session.expire_all()
    return session.get_one(TeamWeek, (team.id, OPEN_WEEK.monday)).expected


def test_days_away_leave_fewer_hours_in_every_team(any_session: Session, ana: Actor) -> None:
    make_member(any_session, make_team(any_session, "Search"), hours=10)
    add(any_session, ana, FRIDAY, FRIDAY)
    for slug, hours in (("payments", 32), ("search", 8)):
        survey = surveys.open_survey(any_session, slug, OPEN_WEEK, actor=ana, now=MONDAY)
        assert survey.hours_available == hours
        assert survey.hours_left.away == (FRIDAY,)


def test_days_are_published_once_their_weeks_have_frozen_in_every_team(any_session: Session, ana: Actor) -> None:
    def are_published(first: date, last: date) -> bool:
        return availability.are_published(any_session, first, last, actor=ana, now=MONDAY)

    assert are_published(date(2026, 11, 9), date(2026, 11, 13))
    assert not are_published(date(2026, 11, 9), date(2026, 11, 16))
    reopen(any_session, make_team(any_session, "Search"), OPEN_WEEK.shift(-1), AFTER_FREEZE)
    assert are_published(date(2026, 11, 9), date(2026, 11, 13))
    make_member(any_session, make_team(any_session, "Billing", timezone="Pacific/Auckland"))
    assert not are_published(FRIDAY, FRIDAY)


def test_days_that_touch_or_overlap_become_one_stretch_and_others_stay(any_session: Session, ana: Actor) -> None:
    add(any_session, ana, date(2026, 12, 1), date(2026, 12, 3))
    add(any_session, ana, date(2026, 12, 8), date(2026, 12, 9))
    add(any_session, ana, date(2027, 1, 4), date(2027, 1, 4))
    add(any_session, ana, date(2026, 12, 4), date(2026, 12, 8))
    assert stretches(any_session, ana) == [
        (date(2026, 12, 1), date(2026, 12, 9)),
        (date(2027, 1, 4), date(2027, 1, 4)),
    ]
    add(any_session, ana, date(2026, 12, 2), date(2026, 12, 2))
    assert len(stretches(any_session, ana)) == 2


def test_the_days_away_of_one_person_are_nobody_elses(any_session: Session, team: Team, ana: Actor) -> None:
    ben = make_member(any_session, team, "ben@example.org")
    add(any_session, ana, FRIDAY, FRIDAY)
    assert stretches(any_session, ben) == []
    with pytest.raises(NotFound):
        availability.remove_days_away(any_session, FRIDAY, actor=ben, now=MONDAY)
    assert stretches(any_session, ana) == [(FRIDAY, FRIDAY)]


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        (FRIDAY, FRIDAY - timedelta(days=1), "last", "before the first"),
        (FRIDAY, date(2027, 12, 1), "last", "more than a year:"),
        (date.min, date.min, "first", "more than two years from now"),
        (date.max, date.max, "first", "more than two years from now"),
    ],
)
def test_days_that_cannot_be_are_refused(
    any_session: Session, ana: Actor, first: date, last: date, field: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        add(any_session, ana, first, last)
    assert refused.value.field == field
    assert stretches(any_session, ana) == []


def test_a_week_that_has_not_frozen_expects_fewer_answers_at_once_and_more_again(any_session: Session) -> None:
    team, (one, two, _) = make_team_of(any_session, 3, "Fresh")
    give_answer(any_session, team, one)
    assert expected(any_session, team) == 3
    add(any_session, two, OPEN_WEEK.monday, OPEN_WEEK.sunday)
    assert expected(any_session, team) == 2
    availability.remove_days_away(any_session, OPEN_WEEK.monday, actor=two, now=MONDAY)
    assert expected(any_session, team) == 3
    assert stretches(any_session, two) == []


def test_a_frozen_week_stands_unless_it_is_open_again(any_session: Session) -> None:
    team, (one, two, _) = make_team_of(any_session, 3, "Fresh")
    give_answer(any_session, team, one)
    week = (OPEN_WEEK.monday, OPEN_WEEK.sunday)
    availability.add_days_away(any_session, *week, actor=two, now=AFTER_FREEZE)
    assert expected(any_session, team) == 3
    later = AFTER_FREEZE + timedelta(days=2)
    reopen(any_session, team, OPEN_WEEK, later)
    availability.add_days_away(any_session, *week, actor=two, now=later - timedelta(hours=1))
    assert expected(any_session, team) == 2


def test_whoever_runs_the_server_is_never_away(any_session: Session) -> None:
    assert availability.days_away(any_session, actor=SERVER) == []
    with pytest.raises(Forbidden):
        add(any_session, SERVER, FRIDAY, FRIDAY)
