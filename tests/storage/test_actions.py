from __future__ import annotations

from datetime import date

from sqlmodel import Session

from bau_tracker.storage.actions import action_with_number, done_actions, next_number, open_actions
from bau_tracker.storage.tables import AgreedAction, Team
from tests.factories import MONDAY, make_team


def agree(session: Session, team: Team, text: str, done_on: date | None = None) -> None:
    number = next_number(session, team.id)
    session.add(AgreedAction(team_id=team.id, number=number, text=text, agreed_at=MONDAY, done_on=done_on))
    session.flush()


def test_actions_are_numbered_by_team_and_given_newest_first(any_session: Session) -> None:
    team, other = make_team(any_session), make_team(any_session, "Search")
    agree(any_session, other, "theirs")
    agree(any_session, team, "first")
    agree(any_session, team, "done early", date(2026, 11, 2))
    agree(any_session, team, "done late", date(2026, 11, 9))
    agree(any_session, team, "newest")
    assert [action.text for action in open_actions(any_session, team.id)] == ["newest", "first"]
    assert [action.text for action in done_actions(any_session, team.id)] == ["done late", "done early"]
    assert next_number(any_session, team.id) == 5
    found = action_with_number(any_session, team.id, 1)
    assert found is not None
    assert found.text == "first"
    assert action_with_number(any_session, team.id, 9) is None
