from __future__ import annotations

from sqlmodel import Session

from bau_tracker.storage.history import newest_events, record
from tests.factories import MONDAY, make_person, make_team


def test_events_count_within_their_team_and_the_newest_comes_first(any_session: Session) -> None:
    team, other = make_team(any_session), make_team(any_session, "Search")
    person = make_person(any_session)
    record(any_session, other.id, "did something else.", person_id=None, now=MONDAY)
    for words in ("did one thing.", "did another."):
        record(any_session, team.id, words, person_id=person.id, now=MONDAY)
    record(any_session, team.id, "x" * 600, person_id=None, now=MONDAY)
    found = newest_events(any_session, team.id, limit=2)
    assert [(event.number, who and who.email) for event, who in found] == [(3, None), (2, "ana@example.org")]
    assert len(found[0][0].words) == 500
