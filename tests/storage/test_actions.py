from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session

from bau_tracker.storage.actions import open_actions
from bau_tracker.storage.tables import AgreedAction
from tests.factories import MONDAY, make_team


def test_what_is_under_way_comes_newest_first_and_what_is_done_or_of_another_team_not_at_all(
    any_session: Session,
) -> None:
    team, other = make_team(any_session), make_team(any_session, "Search")
    for number, text in enumerate(("first", "second", "third"), 1):
        agreed_at = MONDAY + timedelta(days=number)
        any_session.add(AgreedAction(team_id=team.id, number=number, text=text, agreed_at=agreed_at))
    any_session.add(AgreedAction(team_id=other.id, number=1, text="elsewhere", agreed_at=MONDAY))
    any_session.flush()
    any_session.get_one(AgreedAction, (team.id, 2)).done_on = date(2026, 11, 24)
    any_session.flush()
    assert [action.text for action in open_actions(any_session, team.id)] == ["third", "first"]
