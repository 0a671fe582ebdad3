from __future__ import annotations

import pytest

from bau_tracker.domain.permissions import ALLOWED, SERVER, Action, Role, allows

OF_LEADS = {
    Action.VIEW_TEAM,
    Action.VIEW_COMMENTS,
    Action.EXPORT_TEAM,
    Action.IMPORT,
    Action.AGREE,
    Action.MANAGE_TEAM,
}
INTENDED = {
    Role.PERSON: {Action.VIEW_OVERVIEW, Action.VIEW_OWN_ANSWERS, Action.MANAGE_ACCOUNT},
    Role.MEMBER: {Action.ANSWER, Action.VIEW_TEAM, Action.AGREE},
    Role.LEAD: {Action.ANSWER} | OF_LEADS,
    Role.ADMIN: {Action.ADMINISTER} | OF_LEADS,
}


def test_every_action_says_who_may_do_it() -> None:
    assert set(ALLOWED) == set(Action)
    assert all(ALLOWED.values())


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_do_what_is_intended_and_no_more(role: Role) -> None:
    assert {action for action in Action if allows(action, {role})} == INTENDED[role]


def test_somebody_without_a_role_may_do_nothing() -> None:
    assert not any(allows(action, set()) for action in Action)


def test_several_roles_add_up() -> None:
    assert allows(Action.ANSWER, {Role.MEMBER, Role.ADMIN})
    assert allows(Action.IMPORT, {Role.MEMBER, Role.ADMIN})


def test_whoever_runs_the_server_is_an_administrator_and_nobody_in_particular() -> None:
    assert SERVER.is_admin
    assert SERVER.person_id is None
