from __future__ import annotations

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Actor
from bau_tracker.services.subscriptions import (
    change_subscription,
    choose_subscriptions,
    find_subscription,
    own_subscriptions,
    unsubscribe_token,
)
from tests.conftest import SECRET
from tests.factories import MONDAY, make_member, make_person, make_team, make_team_of


def wanted(session: Session, actor: Actor) -> dict[str, bool]:
    return {one.team.slug: one.wanted for one in own_subscriptions(session, actor=actor, now=MONDAY)}


def test_a_token_stops_the_messages_of_one_person_about_one_team_and_starts_them_again(any_session: Session) -> None:
    team, (ana, ben) = make_team_of(any_session, 2)
    make_member(any_session, make_team(any_session, "Checkout"), ana.name)
    token = unsubscribe_token(team.id, ana.person_id or 0, secret=SECRET)
    for _ in range(2):
        found = find_subscription(any_session, token, secret=SECRET)
        assert not change_subscription(any_session, found, wanted=False, now=MONDAY).wanted
        assert wanted(any_session, ana) == {"checkout": True, "payments": False}
    assert wanted(any_session, ben) == {"payments": True}
    for _ in range(2):
        found = find_subscription(any_session, token, secret=SECRET)
        assert change_subscription(any_session, found, wanted=True, now=MONDAY).wanted
        assert wanted(any_session, ana) == {"checkout": True, "payments": True}


@pytest.mark.parametrize("token", ["", "0" * 32, "WzEsMV0.made-up", "WzEsMV0", "\x00"])
def test_a_token_that_is_not_ours_does_nothing(session: Session, token: str) -> None:
    make_team_of(session, 1)
    with pytest.raises(InvalidInput, match="isn't complete"):
        find_subscription(session, token, secret=SECRET)


def test_a_token_made_with_another_secret_does_nothing(session: Session) -> None:
    team, (ana,) = make_team_of(session, 1)
    token = unsubscribe_token(team.id, ana.person_id or 0, secret="another")
    with pytest.raises(InvalidInput, match="isn't complete"):
        find_subscription(session, token, secret=SECRET)


def test_a_token_of_a_person_or_a_team_that_is_gone_says_so(session: Session) -> None:
    team, _ = make_team_of(session, 1)
    for team_id, person_id in ((99, 1), (team.id, 99)):
        token = unsubscribe_token(team_id, person_id, secret=SECRET)
        with pytest.raises(InvalidInput, match="no longer here"):
            find_subscription(session, token, secret=SECRET)


def test_a_person_chooses_among_the_own_teams_only(session: Session) -> None:
    _, (ana,) = make_team_of(session, 1)
    other, (ben,) = make_team_of(session, 1, "Checkout")
    choose_subscriptions(session, {"checkout"}, actor=ana, now=MONDAY)
    assert wanted(session, ana) == {"payments": False}
    choose_subscriptions(session, {other.slug}, actor=ben, now=MONDAY)
    assert wanted(session, ben) == {"checkout": True}


def test_an_administrator_has_nothing_to_choose_about_teams_of_others(session: Session) -> None:
    make_team_of(session, 1)
    admin = make_person(session, "admin@example.org", admin=True)
    assert wanted(session, Actor(admin.id, is_admin=True)) == {}
    assert wanted(session, Actor(None)) == {}
