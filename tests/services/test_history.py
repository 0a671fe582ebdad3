from __future__ import annotations

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import Forbidden, NotFound
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.services.history import changes_of, record
from tests.factories import MONDAY, make_member, make_person, make_team


def test_a_change_is_a_sentence_with_who_made_it_newest_first(session: Session) -> None:
    team = make_team(session)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD)
    make_person(session, "lead@example.org", name="Lea")
    record(session, team, "renamed the team from Search to Find.", actor=lead, now=MONDAY)
    record(session, team, "added the team.", actor=Actor(None), now=MONDAY)
    assert [change.sentence for change in changes_of(session, team.slug, actor=lead, now=MONDAY)] == [
        "Whoever runs the server added the team.",
        "Lea renamed the team from Search to Find.",
    ]


def test_the_history_is_for_who_manages_the_team(session: Session) -> None:
    team = make_team(session)
    member = make_member(session, team)
    with pytest.raises(Forbidden):
        changes_of(session, team.slug, actor=member, now=MONDAY)
    with pytest.raises(NotFound):
        changes_of(session, team.slug, actor=Actor(999), now=MONDAY)
