from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput, NotFound
from bau_tracker.domain.permissions import Actor
from bau_tracker.services.actions import LONGEST, MOST_OPEN, agree_action, finish_action, resume_action, team_actions
from bau_tracker.storage.tables import Team
from tests.factories import MONDAY, make_member, make_team


@pytest.fixture
def team(session: Session) -> Team:
    return make_team(session, timezone="Pacific/Kiritimati")


@pytest.fixture
def ana(session: Session, team: Team) -> Actor:
    return make_member(session, team)


def test_a_member_writes_an_action_down_and_marks_it_as_done_and_takes_that_back(
    session: Session, team: Team, ana: Actor
) -> None:
    first = agree_action(session, team.slug, "  fix the\nflaky tests ", actor=ana, now=MONDAY)
    second = agree_action(session, team.slug, "write the runbook", actor=ana, now=MONDAY)
    assert (first.text, first.number, second.number, first.person_id) == ("fix the flaky tests", 1, 2, ana.person_id)
    late = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert finish_action(session, team.slug, 1, actor=ana, now=late).done_on == date(2026, 11, 24)
    page = team_actions(session, team.slug, actor=ana, now=MONDAY)
    assert ([one.number for one in page.open], [one.number for one in page.done]) == ([2], [1])
    resume_action(session, team.slug, 1, actor=ana, now=MONDAY)
    page = team_actions(session, team.slug, actor=ana, now=MONDAY)
    assert [one.number for one in page.open] == [2, 1]


@pytest.mark.parametrize(("text", "message"), [(" \n", "Write what"), ("x" * (LONGEST + 1), "has 201 characters")])
def test_an_action_without_words_or_with_too_many_is_refused(
    session: Session, team: Team, ana: Actor, text: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        agree_action(session, team.slug, text, actor=ana, now=MONDAY)


def test_a_list_that_is_too_long_wants_something_done_first(session: Session, team: Team, ana: Actor) -> None:
    for number in range(MOST_OPEN):
        agree_action(session, team.slug, f"action {number}", actor=ana, now=MONDAY)
    with pytest.raises(InvalidInput, match="Mark some as done first"):
        agree_action(session, team.slug, "one more", actor=ana, now=MONDAY)
    finish_action(session, team.slug, 1, actor=ana, now=MONDAY)
    assert agree_action(session, team.slug, "one more", actor=ana, now=MONDAY).number == MOST_OPEN + 1


def test_done_twice_is_a_conflict_and_an_unknown_action_is_not_found(session: Session, team: Team, ana: Actor) -> None:
    agree_action(session, team.slug, "once", actor=ana, now=MONDAY)
    with pytest.raises(Conflict, match="under way already"):
        resume_action(session, team.slug, 1, actor=ana, now=MONDAY)
    finish_action(session, team.slug, 1, actor=ana, now=MONDAY)
    with pytest.raises(Conflict, match="done already"):
        finish_action(session, team.slug, 1, actor=ana, now=MONDAY)
    with pytest.raises(NotFound):
        finish_action(session, team.slug, 2, actor=ana, now=MONDAY)


def test_another_teams_actions_are_not_found(session: Session, team: Team, ana: Actor) -> None:
    other = make_team(session, "Search")
    stranger = make_member(session, other, "other@example.org")
    agree_action(session, team.slug, "ours", actor=ana, now=MONDAY)
    for what in (finish_action, resume_action):
        with pytest.raises(NotFound):
            what(session, team.slug, 1, actor=stranger, now=MONDAY)
    with pytest.raises(NotFound):
        agree_action(session, team.slug, "theirs", actor=stranger, now=MONDAY + timedelta(days=1))
    assert list(team_actions(session, other.slug, actor=stranger, now=MONDAY).open) == []
