"""Decides who may do what: a table of actions and roles. Whose team it is, is looked up by the services."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a person is: signed in at all, something to one team, or administrator of the installation."""

    PERSON = "person"
    MEMBER = "member"
    LEAD = "lead"
    ADMIN = "admin"


class Action(StrEnum):
    """Something a person can do."""

    VIEW_OVERVIEW = "view_overview"
    VIEW_TEAM = "view_team"
    VIEW_COMMENTS = "view_comments"
    VIEW_OWN_ANSWERS = "view_own_answers"
    ANSWER = "answer"
    EXPORT_TEAM = "export_team"
    IMPORT = "import"
    MANAGE_ACCOUNT = "manage_account"
    AGREE = "agree"
    MANAGE_TEAM = "manage_team"
    ADMINISTER = "administer"


_TEAM: Final = frozenset({Role.MEMBER, Role.LEAD, Role.ADMIN})

ALLOWED: Final[dict[Action, frozenset[Role]]] = {
    Action.VIEW_OVERVIEW: frozenset({Role.PERSON}),
    Action.MANAGE_ACCOUNT: frozenset({Role.PERSON}),
    Action.VIEW_OWN_ANSWERS: frozenset({Role.PERSON}),
    Action.ANSWER: frozenset({Role.MEMBER, Role.LEAD}),
    Action.VIEW_TEAM: _TEAM,
    Action.VIEW_COMMENTS: frozenset({Role.LEAD, Role.ADMIN}),
    Action.EXPORT_TEAM: frozenset({Role.LEAD, Role.ADMIN}),
    Action.IMPORT: frozenset({Role.LEAD, Role.ADMIN}),
    Action.AGREE: _TEAM,
    Action.MANAGE_TEAM: frozenset({Role.LEAD, Role.ADMIN}),
    Action.ADMINISTER: frozenset({Role.ADMIN}),
}
"""Team roles count for their team only; an administrator sees every team, with the same minimums as a lead."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something; `person_id` None is whoever runs the server."""

    person_id: int | None
    name: str = ""
    is_admin: bool = False


SERVER: Final = Actor(None, "server", is_admin=True)


def allows(action: Action, roles: Collection[Role]) -> bool:
    """Say whether any of the roles may do it."""
    return not ALLOWED[action].isdisjoint(roles)
