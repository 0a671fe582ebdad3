from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.surveys import Answer
from bau_tracker.services import surveys
from bau_tracker.services.measuring import Measuring, measuring_of
from bau_tracker.storage.tables import Team
from bau_tracker.storage.teams import schedule_of
from tests.factories import OPEN_WEEK, make_answer, make_team_of

WEEKS: Final = [WeekTotals(OPEN_WEEK, respondents=4, expected=5)]
SECOND: Final = timedelta(seconds=1)


def send(
    session: Session, team: Team, actor: Actor, seconds: int | None, *, late: bool = False, answer: Answer | None = None
) -> None:
    now = schedule_of(team).due(OPEN_WEEK) + (SECOND if late else -SECOND)
    given = answer or make_answer()
    how = {"based_on": 0, "seconds": seconds, "actor": actor, "now": now}
    surveys.send_answer(session, team.slug, OPEN_WEEK, given, **how)  # type: ignore[arg-type]


def test_the_cost_is_told_for_all_together(any_session: Session) -> None:
    team, members = make_team_of(any_session, 5)
    for member, seconds in zip(members, (20, 43, 52, 1200), strict=False):
        send(any_session, team, member, seconds, late=seconds > 1000)
    measured = measuring_of(any_session, team, WEEKS, viewer_id=None)
    assert measured == Measuring(weeks=1, seconds=50, response_rate=0.8, late_share=0.25)


def test_the_time_of_two_others_is_told_to_nobody(any_session: Session) -> None:
    team, members = make_team_of(any_session, 4)
    for member in members[:3]:
        send(any_session, team, member, 40)
    assert measuring_of(any_session, team, WEEKS, viewer_id=None).seconds == 40
    assert measuring_of(any_session, team, WEEKS, viewer_id=members[0].person_id).seconds is None


def test_a_person_timed_in_many_weeks_is_one_person(any_session: Session) -> None:
    team, (one, two, *_) = make_team_of(any_session, 4)
    weeks = [WeekTotals(OPEN_WEEK.shift(-back)) for back in (2, 1, 0)]
    for totals in weeks:
        for actor in (one, two):
            how = {"based_on": 0, "seconds": 30, "actor": actor, "now": schedule_of(team).opens(totals.week)}
            surveys.send_answer(any_session, team.slug, totals.week, make_answer(), **how)  # type: ignore[arg-type]
    assert measuring_of(any_session, team, weeks, viewer_id=None).seconds is None


def test_an_absence_and_a_form_left_open_are_not_timed_and_few_answers_tell_of_no_late_one(
    any_session: Session,
) -> None:
    team, members = make_team_of(any_session, 5)
    send(any_session, team, members[0], 2, answer=Answer(away=True))
    send(any_session, team, members[1], None, late=True)
    send(any_session, team, members[2], 30)
    measured = measuring_of(any_session, team, WEEKS, viewer_id=None)
    assert (measured.seconds, measured.late_share) == (None, None)


def test_a_team_without_a_published_week_costs_nothing_yet(any_session: Session) -> None:
    team, _ = make_team_of(any_session, 3)
    assert measuring_of(any_session, team, [], viewer_id=None) == Measuring(0, None, None, None)
