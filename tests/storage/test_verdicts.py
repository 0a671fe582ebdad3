from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.domain.verdict_data import Because
from bau_tracker.domain.verdicts import Signal, State
from bau_tracker.services.teams import add_member, remove_member
from bau_tracker.storage.tables import Team
from bau_tracker.storage.verdict_tables import StoredVerdict
from bau_tracker.storage.verdicts import add_verdicts, mark_of, standing_verdicts, verdicts_of
from tests.factories import AFTER_FREEZE, MONDAY, OPEN_WEEK, give_answer, make_person, make_team, make_team_of


def verdict(team: Team, back: int, number: int) -> StoredVerdict:
    return StoredVerdict(
        team_id=team.id,
        week=OPEN_WEEK.shift(-back).monday,
        number=number,
        reached_at=AFTER_FREEZE,
        because=Because.PUBLISHED,
        detector="2",
        evidence="",
        answers="",
        signal=Signal.HEALTHY,
        state=State.HEALTHY,
    )


def test_of_several_verdicts_on_a_week_the_highest_number_stands(any_session: Session) -> None:
    team, noise = make_team(any_session), make_team(any_session, "Noise")
    rows = [verdict(team, 0, 1), verdict(team, 0, 10), verdict(team, 0, 2), verdict(team, 3, 1), verdict(noise, 0, 11)]
    add_verdicts(any_session, rows)
    found = standing_verdicts(any_session, [team.id])[team.id]
    assert {str(week): one.number for week, one in found.items()} == {"2026-W47": 10, "2026-W44": 1}
    assert list(standing_verdicts(any_session, [team.id], since=OPEN_WEEK)[team.id]) == [OPEN_WEEK]
    everything = verdicts_of(any_session, team.id)
    assert [(str(week), [one.number for one in said]) for week, said in everything.items()] == [
        ("2026-W47", [1, 2, 10]),
        ("2026-W44", [1]),
    ]


def test_a_number_is_given_once(any_session: Session) -> None:
    team = make_team(any_session)
    add_verdicts(any_session, [verdict(team, 0, 1)])
    any_session.expunge_all()
    with pytest.raises(sa.exc.IntegrityError):
        add_verdicts(any_session, [verdict(team, 0, 1)])


def test_answers_in_an_open_week_leave_the_mark_and_people_and_time_change_it(any_session: Session) -> None:
    team, members = make_team_of(any_session, 3)
    before = mark_of(any_session, team, MONDAY)
    give_answer(any_session, team, members[0])
    assert mark_of(any_session, team, MONDAY) == before
    assert mark_of(any_session, team, AFTER_FREEZE) != before
    remove_member(any_session, members[0].name, team.slug, last_day=date(2026, 12, 11), now=MONDAY)
    after = mark_of(any_session, team, MONDAY)
    assert after != before


def test_two_people_who_swap_their_dates_change_the_mark(any_session: Session) -> None:
    marks = set()
    team = make_team(any_session)
    for email in ("ana@example.org", "ben@example.org"):
        make_person(any_session, email)
    for days in ((date(2026, 1, 5), date(2026, 3, 2)), (date(2026, 3, 2), date(2026, 1, 5))):
        nested = any_session.begin_nested()
        for email, day in zip(("ana@example.org", "ben@example.org"), days, strict=True):
            role = Role.MEMBER
            add_member(any_session, email, team.slug, role=role, starts_on=day, hours_per_week=None, now=MONDAY)
        marks.add(mark_of(any_session, team, MONDAY))
        nested.rollback()
    assert len(marks) == 2
