from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bau_tracker.domain.statistics import WeekTotals, add_up
from bau_tracker.domain.surveys import Answer
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import rollups, surveys, tables
from bau_tracker.storage.availability import members_in_weeks
from bau_tracker.storage.publishing import totals_of
from bau_tracker.storage.teams import schedule_of
from tests.factories import LONG_AGO, MONDAY, OPEN_WEEK, answers, make_answer, make_member, make_team, make_team_of


def keep(session: Session, team: tables.Team, respondent: str, answer: Answer, week: Week = OPEN_WEEK) -> None:
    surveys.keep_answer(
        session, team_id=team.id, week=week, respondent=respondent, person_id=None, answer=answer, now=MONDAY
    )


def stored_totals(session: Session, team: tables.Team) -> WeekTotals:
    row = session.get(tables.TeamWeek, (team.id, OPEN_WEEK.monday))
    assert row is not None
    return totals_of(row)


@given(given=st.lists(answers, min_size=1, max_size=6), members=st.integers(0, 3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_adds_up_as_the_domain_does(any_session: Session, given: list[Answer], members: int) -> None:
    any_session.rollback()
    team, _ = make_team_of(any_session, members)
    noise = make_team(any_session, "Noise")
    keep(any_session, noise, "anonymous:0", make_answer())
    keep(any_session, team, "anonymous:0", make_answer(), OPEN_WEEK.shift(-1))
    for number, answer in enumerate(given):
        keep(any_session, team, f"anonymous:{number}", answer)
    rollups.refresh_week(any_session, team, OPEN_WEEK, MONDAY)
    assert stored_totals(any_session, team) == add_up(OPEN_WEEK, given, members)


def test_a_change_before_the_freeze_is_no_revision_and_one_after_it_is(session: Session) -> None:
    team, _ = make_team_of(session, 2)
    freezes = schedule_of(team).freezes(OPEN_WEEK)
    keep(session, team, "anonymous:1", make_answer())
    rollups.refresh_week(session, team, OPEN_WEEK, MONDAY)
    keep(session, team, "anonymous:2", make_answer())
    rollups.refresh_week(session, team, OPEN_WEEK, freezes - timedelta(seconds=1))
    assert revision(session, team) == 0
    keep(session, team, "anonymous:2", make_answer(planned=30, bau=2))
    rollups.refresh_week(session, team, OPEN_WEEK, freezes)
    assert revision(session, team) == 1
    rollups.refresh_week(session, team, OPEN_WEEK, freezes + timedelta(days=1))
    assert revision(session, team) == 1


def revision(session: Session, team: tables.Team) -> int:
    row = session.get(tables.TeamWeek, (team.id, OPEN_WEEK.monday))
    assert row is not None
    return row.revision


def test_only_weeks_whose_sums_changed_are_told(session: Session) -> None:
    team = make_team(session)
    keep(session, team, "anonymous:1", make_answer())
    weeks = {team.id: [OPEN_WEEK.shift(-3).monday, OPEN_WEEK.monday]}
    assert rollups.refresh_weeks(session, [team], weeks, MONDAY) == [(team.id, OPEN_WEEK)]
    assert rollups.refresh_weeks(session, [team], weeks, MONDAY) == []


def test_only_the_weeks_that_are_given_are_added_up(session: Session) -> None:
    team = make_team(session)
    for week in (OPEN_WEEK.shift(-2), OPEN_WEEK.shift(-1), OPEN_WEEK):
        keep(session, team, "anonymous:1", make_answer(), week)
    weeks = {team.id: [OPEN_WEEK.shift(-2).monday, OPEN_WEEK.monday]}
    changed = rollups.refresh_weeks(session, [team], weeks, MONDAY)
    assert changed == [(team.id, OPEN_WEEK.shift(-2)), (team.id, OPEN_WEEK)]
    assert not rollups.has_sums(session, team.id, OPEN_WEEK.shift(-1))


def test_a_week_has_sums_once_somebody_answered(session: Session) -> None:
    team = make_team(session)
    assert not rollups.has_sums(session, team.id, OPEN_WEEK)
    keep(session, team, "anonymous:1", make_answer(excessive=(Chip.ALERTS,)))
    rollups.refresh_week(session, team, OPEN_WEEK, MONDAY)
    assert rollups.has_sums(session, team.id, OPEN_WEEK)
    assert not rollups.has_sums(session, team.id, OPEN_WEEK.shift(1))


@pytest.mark.parametrize(("hours", "asked"), [(None, 1), (0.0, 0), (20.0, 1)])
def test_people_with_hours_are_asked(session: Session, hours: float | None, asked: int) -> None:
    team = make_team(session)
    make_member(session, team, hours=hours, starts_on=LONG_AGO)
    assert members_in_weeks(session, [team], [OPEN_WEEK]).get((team.id, OPEN_WEEK), 0) == asked
