from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.taxonomy import ItemClass, Kind, Origin
from bau_tracker.services.asking import Background, background
from bau_tracker.services.surveys import open_survey
from bau_tracker.storage.tables import AgreedAction, Team
from tests.factories import MONDAY, OPEN_WEEK, give_answer, make_answer, make_item, make_team_of

LAST = OPEN_WEEK.shift(-1)


@pytest.fixture
def place(session: Session) -> tuple[Team, list[Actor]]:
    return make_team_of(session, 5)


def told(session: Session, actor: Actor) -> Background:
    survey = open_survey(session, "payments", OPEN_WEEK, actor=actor, now=MONDAY)
    return background(session, survey, actor=actor, now=MONDAY)


def agree(session: Session, team: Team, number: int, days_ago: float) -> None:
    agreed_at = MONDAY - timedelta(days=days_ago)
    session.add(AgreedAction(team_id=team.id, number=number, text=f"action {number}", agreed_at=agreed_at))
    session.flush()


def test_a_new_team_is_told_nothing(session: Session, place: tuple[Team, list[Actor]]) -> None:
    assert told(session, place[1][0]) == Background(None, None, agreed_since=False, logged={})


def test_the_last_figure_that_this_member_may_see_and_what_was_agreed_since(
    session: Session, place: tuple[Team, list[Actor]]
) -> None:
    team, members = place
    for member in members[:4]:
        give_answer(session, team, member, LAST.shift(-1), make_answer(24, 8))
    for member in members[:3]:
        give_answer(session, team, member, LAST, make_answer(10, 10))
    agree(session, team, 1, days_ago=20)
    agree(session, team, 2, days_ago=1)
    answered, silent = told(session, members[0]), told(session, members[4])
    assert silent.published is not None
    assert (silent.published.week, silent.published.planned_share) == (LAST, 0.5)
    assert answered.published is not None
    assert (answered.published.week, answered.published.planned_share) == (LAST.shift(-1), 0.75)
    assert silent.action is not None
    assert (silent.action.text, silent.agreed_since) == ("action 2", True)


def test_what_was_agreed_before_the_figure_is_not_called_since(
    session: Session, place: tuple[Team, list[Actor]]
) -> None:
    team, members = place
    for member in members:
        give_answer(session, team, member, LAST)
    agree(session, team, 1, days_ago=20)
    assert not told(session, members[0]).agreed_since


def test_hours_that_the_tracker_logged_this_week_are_told_by_kind_and_planned_work_is_left_out(
    session: Session, place: tuple[Team, list[Actor]]
) -> None:
    team, members = place
    make_item(session, team, "PAY-1", hours=4)
    make_item(session, team, "PAY-2", hours=2)
    make_item(session, team, "PAY-3", hours=9, origin=Origin.PLANNED, item_class=ItemClass.FEATURE)
    make_item(session, team, "PAY-4", hours=7, week=LAST)
    make_item(session, team, "PAY-5", hours=0)
    assert told(session, members[0]).logged == {Kind.DEFECT: 6}
