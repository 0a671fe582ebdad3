from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from bau_tracker.storage.publishing import keep_published, reopenings_of
from bau_tracker.storage.tables import PublishedWeek, Reopening, TeamWeek
from tests.factories import MONDAY, OPEN_WEEK, give_answer, make_answer, make_person, make_team, make_team_of


def test_a_week_is_kept_as_it_was_published_first(any_session: Session) -> None:
    team, members = make_team_of(any_session, 2)
    give_answer(any_session, team, members[0], answer=make_answer(24, 8))
    keep_published(any_session, team.id, OPEN_WEEK)
    give_answer(any_session, team, members[1])
    keep_published(any_session, team.id, OPEN_WEEK)
    kept = any_session.get(PublishedWeek, (team.id, OPEN_WEEK.monday))
    stands = any_session.get(TeamWeek, (team.id, OPEN_WEEK.monday))
    assert kept is not None
    assert stands is not None
    assert (kept.respondents, kept.planned, kept.defect, kept.expected) == (1, 24, 8, 2)
    assert kept.made_of == f"person:{members[0].person_id}=1"
    assert stands.respondents == 2


def test_a_week_without_any_answer_leaves_nothing_to_keep(any_session: Session) -> None:
    team = make_team(any_session)
    keep_published(any_session, team.id, OPEN_WEEK)
    assert any_session.get(PublishedWeek, (team.id, OPEN_WEEK.monday)) is None


def test_reopenings_are_given_newest_first_with_who_did_it(any_session: Session) -> None:
    team, other = make_team(any_session), make_team(any_session, "Search")
    person = make_person(any_session)
    for number, (of, who) in enumerate([(team, None), (team, person.id), (other, person.id)]):
        opened = MONDAY + timedelta(hours=number)
        any_session.add(
            Reopening(
                team_id=of.id,
                week=OPEN_WEEK.monday,
                reopened_at=opened,
                freezes_at=opened + timedelta(days=1),
                reason=f"reason {number}",
                person_id=who,
            )
        )
    any_session.flush()
    found = reopenings_of(any_session, team.id)
    assert [(one.reason, who and who.email) for one, who in found] == [
        ("reason 1", "ana@example.org"),
        ("reason 0", None),
    ]
