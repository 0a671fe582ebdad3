from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from bau_tracker.domain import detector
from bau_tracker.domain.detector import VERSION
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.verdict_data import Because, read_thresholds, read_verdict
from bau_tracker.domain.verdicts import Missing, Signal, State
from bau_tracker.domain.weeks import Week
from bau_tracker.services import history, verdicts
from bau_tracker.services.lifecycle import archive_team, bring_back, merge_team
from bau_tracker.services.reopening import reopen_week
from bau_tracker.services.teams import add_member
from bau_tracker.services.verdicts import Settled, provisional, settle, settle_all
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.rollups import refresh_after_loss, refresh_week
from bau_tracker.storage.surveys import keep_answer
from bau_tracker.storage.tables import Answer, Team
from bau_tracker.storage.verdict_tables import StoredVerdict
from tests.factories import (
    AFTER_FREEZE,
    MONDAY,
    OPEN_WEEK,
    answer_in_weeks,
    give_answer,
    make_answer,
    make_person,
    make_team_of,
)

ADMIN = Actor(None, is_admin=True)
FALL = [0.8] * 20 + [0.5] * 6


def rows(session: Session, team: Team) -> list[StoredVerdict]:
    return sorted(
        session.exec(select(StoredVerdict).where(StoredVerdict.team_id == team.id)),
        key=lambda row: (row.week, row.number),
    )


def events(session: Session, team: Team) -> list[str]:
    return [change.sentence for change in history.changes_of(session, team.slug, actor=ADMIN, now=MONDAY)]


def settled_team(session: Session, shares: list[float] | None = None) -> tuple[Team, list[Actor]]:
    team, members = make_team_of(session, 5)
    answer_in_weeks(session, team, members, shares or FALL)
    settle(session, team, AFTER_FREEZE)
    return team, members


def change_week(session: Session, team: Team, members: list[Actor], week: Week, now: datetime = AFTER_FREEZE) -> None:
    """Let everybody's answer of a week be another one, as an administrator's import would."""
    for member in members:
        keep_answer(
            session,
            team_id=team.id,
            week=week,
            respondent=f"person:{member.person_id}",
            person_id=member.person_id,
            answer=make_answer(planned=4, bau=36, overhead=0),
            now=now,
        )
    refresh_week(session, team, week, now)


def test_every_frozen_week_gets_one_verdict_when_it_freezes_and_keeps_it(any_session: Session) -> None:
    team, members = make_team_of(any_session, 5)
    answer_in_weeks(any_session, team, members, FALL)
    assert settle(any_session, team, AFTER_FREEZE - timedelta(seconds=1)) == Settled(first=25)
    assert settle(any_session, team, AFTER_FREEZE) == Settled(first=1)
    assert settle(any_session, team, AFTER_FREEZE + timedelta(days=1)) == Settled()
    found = rows(any_session, team)
    assert [Week(row.week) for row in found] == list(OPEN_WEEK.shift(-25).until(OPEN_WEEK))
    assert {(row.number, row.because, row.detector) for row in found} == {(1, Because.PUBLISHED, VERSION)}
    assert (found[-1].signal, found[-1].state, found[-1].reached_at) == (
        Signal.EARLY_WARNING,
        State.SLIDING,
        AFTER_FREEZE,
    )
    told = read_verdict(OPEN_WEEK, found[-1].told)
    assert told.planned_share == round(told.planned_share or 0, 2)
    assert told.fall is not None
    assert events(any_session, team) == []


def test_weeks_without_answers_get_verdicts_too_and_those_after_a_teams_end_none(session: Session) -> None:
    team, _ = settled_team(session, [0.8] * 10)
    later = AFTER_FREEZE + timedelta(weeks=6)
    assert settle(session, team, later) == Settled(first=6)
    carried, *_, newest = [read_verdict(Week(row.week), row.told) for row in rows(session, team)[-6:]]
    assert carried.state is State.HEALTHY
    assert newest.missing is Missing.SILENCE
    archive_team(session, team.slug, later.date(), actor=ADMIN, now=later)
    settle(session, team, later + timedelta(weeks=10))
    assert Week(rows(session, team)[-1].week) <= Week.containing(later.date())


def test_a_late_import_into_a_frozen_week_has_verdicts_reached_anew_for_all_to_see(any_session: Session) -> None:
    team, members = settled_team(any_session, [0.8] * 20)
    before = rows(any_session, team)
    change_week(any_session, team, members, OPEN_WEEK.shift(-1))
    assert settle(any_session, team, AFTER_FREEZE + timedelta(hours=1)) == Settled(anew=2, otherwise=0)
    found = rows(any_session, team)
    assert [row.told for row in found if row.number == 1] == [row.told for row in before]
    anew = [row for row in found if row.number == 2]
    assert [(Week(row.week), row.because) for row in anew] == [
        (OPEN_WEEK.shift(-1), Because.ANSWERS_CHANGED),
        (OPEN_WEEK, Because.ANSWERS_CHANGED),
    ]
    assert anew[0].told != before[-2].told
    assert events(any_session, team) == [
        "The program reached 2 verdicts anew, since 2026-W46, because answers changed; none says something else."
    ]
    assert settle(any_session, team, AFTER_FREEZE + timedelta(hours=2)) == Settled()


def test_what_says_something_else_is_counted(session: Session) -> None:
    team, members = settled_team(session, [0.8] * 20)
    for back in range(6):
        change_week(session, team, members, OPEN_WEEK.shift(-back))
    settled = settle(session, team, AFTER_FREEZE)
    assert settled.anew == 6
    assert settled.otherwise > 1
    assert f"; {settled.otherwise} say something else." in events(session, team)[0]


def test_an_undone_import_leaves_a_verdict_that_says_so(session: Session) -> None:
    team, _ = settled_team(session, [0.8] * 10)
    first = OPEN_WEEK.shift(-9)
    for answer in session.exec(select(Answer).where(Answer.week == first.monday)):
        session.delete(answer)
    session.flush()
    refresh_after_loss(session, [team], {team.id: [first.monday]}, AFTER_FREEZE)
    assert settle(session, team, AFTER_FREEZE).anew == 10
    (_, anew) = [row for row in rows(session, team) if Week(row.week) == first]
    assert (anew.state, anew.because) == (State.NOT_ENOUGH_DATA, Because.ANSWERS_CHANGED)
    assert settle(session, team, AFTER_FREEZE) == Settled()


def test_a_week_that_is_open_again_has_no_new_verdict_until_it_freezes(session: Session) -> None:
    team, members = settled_team(session, [0.8] * 10)
    reopen_week(session, team.slug, OPEN_WEEK, "Half of us were ill.", actor=ADMIN, now=AFTER_FREEZE)
    change_week(session, team, members, OPEN_WEEK, AFTER_FREEZE + timedelta(hours=1))
    assert settle(session, team, AFTER_FREEZE + timedelta(hours=2)) == Settled()
    assert settle(session, team, AFTER_FREEZE + timedelta(days=2)) == Settled(anew=1)
    assert [row.number for row in rows(session, team) if Week(row.week) == OPEN_WEEK] == [1, 2]


def test_people_who_are_put_in_later_are_told_apart_from_answers(session: Session) -> None:
    team, _ = settled_team(session, [0.8] * 10)
    make_member_since(session, team, OPEN_WEEK.shift(-2).monday)
    settled = settle(session, team, AFTER_FREEZE)
    assert settled.anew == 3
    assert {row.because for row in rows(session, team) if row.number == 2} == {Because.PEOPLE_CHANGED}
    assert "because who was asked changed" in events(session, team)[0]


def make_member_since(session: Session, team: Team, day: date) -> None:
    make_person(session, "late@example.org")
    add_member(session, "late@example.org", team.slug, role=Role.MEMBER, starts_on=day, hours_per_week=None, now=MONDAY)


def test_other_settings_count_for_weeks_frozen_from_then_on_and_the_past_when_asked_for(session: Session) -> None:
    team, members = settled_team(session, [0.75] * 12)
    team.thresholds = {"healthy": 0.9}
    session.add(team)
    session.flush()
    assert settle(session, team, AFTER_FREEZE) == Settled()
    answer_in_weeks(session, team, members, [0.75], last=OPEN_WEEK.shift(1))
    settle(session, team, AFTER_FREEZE + timedelta(weeks=1))
    assert [row.signal for row in rows(session, team)[-2:]] == [Signal.HEALTHY, Signal.LOW]
    assert settle(session, team, AFTER_FREEZE + timedelta(weeks=1), again=True).anew == 12
    assert {row.because for row in rows(session, team) if row.number == 2} == {Because.ASKED_FOR}
    assert events(session, team)[0].startswith(
        "Whoever runs the server asked for verdicts anew and got 12 verdicts, since 2026-W36, because other settings"
    )
    assert settle(session, team, AFTER_FREEZE + timedelta(weeks=1), again=True) == Settled()


def test_what_changed_in_the_past_is_judged_by_the_settings_of_then(session: Session) -> None:
    team, members = settled_team(session, [0.75] * 12)
    team.thresholds = {"healthy": 0.9}
    session.add(team)
    session.flush()
    change_week(session, team, members, OPEN_WEEK.shift(-11))
    assert settle(session, team, AFTER_FREEZE).anew == 12
    newest = rows(session, team)[-1]
    assert (newest.number, read_thresholds(newest.thresholds).healthy) == (2, 0.7)
    assert newest.signal is Signal.HEALTHY


def test_another_version_of_the_detector_leaves_the_past_alone_until_asked(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, members = settled_team(session, [0.8] * 10)
    monkeypatch.setattr(verdicts, "VERSION", "next")
    answer_in_weeks(session, team, members, [0.8], last=OPEN_WEEK.shift(1))
    later = AFTER_FREEZE + timedelta(weeks=1)
    assert settle(session, team, later) == Settled(first=1)
    assert [row.detector for row in rows(session, team)[-2:]] == [detector.VERSION, "next"]
    assert settle(session, team, later, again=True).anew == 10
    assert "there is another version of the detector; none says something else" in events(session, team)[0]
    assert settle(session, team, later, again=True) == Settled()


def test_a_team_that_nothing_happened_to_is_known_to_be_settled(any_session: Session) -> None:
    team, members = settled_team(any_session, [0.8] * 10)
    later = AFTER_FREEZE + timedelta(hours=1)

    def unsettled(now: datetime = later) -> bool:
        return verdicts.unsettled(any_session, [team], now) == [team]

    assert not unsettled()
    assert unsettled(AFTER_FREEZE + timedelta(weeks=1))
    change_week(any_session, team, members, OPEN_WEEK.shift(-3))
    assert unsettled()
    settle(any_session, team, later)
    assert not unsettled()
    reopen_week(any_session, team.slug, OPEN_WEEK, "Half of us were ill.", actor=ADMIN, now=later)
    settle(any_session, team, later)
    assert not unsettled()
    give_answer_again(any_session, team, members[0], later)
    assert not unsettled()
    assert unsettled(later + timedelta(days=2))
    make_member_since(any_session, team, OPEN_WEEK.monday)
    assert unsettled()


def give_answer_again(session: Session, team: Team, member: Actor, now: datetime) -> None:
    keep_answer(
        session,
        team_id=team.id,
        week=OPEN_WEEK,
        respondent=f"person:{member.person_id}",
        person_id=member.person_id,
        answer=make_answer(planned=1, bau=39),
        now=now,
    )
    refresh_week(session, team, OPEN_WEEK, now)


def test_asking_whether_teams_are_settled_is_one_query(session: Session) -> None:
    found = [settled_team(session, [0.8] * 8)[0], make_team_of(session, 1, "Search")[0]]
    assert [team.slug for team in found] == ["payments", "search"]  # loads them
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    sa.event.listen(session.get_bind(), "before_cursor_execute", note)
    assert [team.name for team in verdicts.unsettled(session, found, AFTER_FREEZE)] == ["Search"]
    assert len(asked) == 1


def test_two_that_settle_at_once_reach_one_verdict_a_week(any_url: str) -> None:
    engine = make_engine(any_url)
    with Session(writing(engine), expire_on_commit=False) as session:
        team, members = make_team_of(session, 4)
        answer_in_weeks(session, team, members, [0.8] * 12)
        number = team.id
        session.commit()
    start = Barrier(2)

    def work(_number: int) -> Settled:
        with Session(writing(engine), expire_on_commit=False) as own:
            mine = own.get_one(Team, number)
            own.commit()
            start.wait(timeout=60)
            settled = settle(own, mine, AFTER_FREEZE)
            own.commit()
            return settled

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(work, range(2)))
    assert sorted(one.first for one in done) == [0, 12]
    with Session(engine) as session:
        assert [row.number for row in rows(session, session.get_one(Team, number))] == [1] * 12
    engine.dispose()


@pytest.mark.postgresql
def test_a_team_that_somebody_holds_is_left_to_them(migrated_postgresql_url: str) -> None:
    engine = make_engine(migrated_postgresql_url)
    with Session(engine, expire_on_commit=False) as session:
        team, _ = make_team_of(session, 4)
        session.commit()
    with Session(engine) as holder, Session(engine) as other:
        holder.exec(select(Team).with_for_update()).one()
        assert verdicts.settle_some(other, [team], AFTER_FREEZE, most=1) == 0
        holder.rollback()
        assert verdicts.settle_some(other, [team], AFTER_FREEZE, most=1) == 1
    engine.dispose()


def test_settling_all_commits_each_team_so_that_a_stop_loses_nothing(session: Session, engine: sa.Engine) -> None:
    for name in ("Payments", "Search"):
        team, members = make_team_of(session, 4, name)
        answer_in_weeks(session, team, members, [0.8] * 8)
    session.commit()
    going = settle_all(session, lambda: AFTER_FREEZE)
    assert next(going)[0].name == "Payments"
    going.close()
    session.rollback()
    with Session(engine) as other:
        assert len(other.exec(select(StoredVerdict)).all()) == 8
    assert [settled for _, settled in settle_all(session, lambda: AFTER_FREEZE)] == [Settled(), Settled(first=8)]
    assert list(settle_all(session, lambda: AFTER_FREEZE, thorough=False)) == []
    assert [team.name for team, _ in settle_all(session, lambda: AFTER_FREEZE, slug="search")] == ["Search"]


def test_a_merged_team_keeps_its_verdicts_and_the_other_goes_on_with_its_own(session: Session) -> None:
    team, _ = settled_team(session, [0.8] * 10)
    other, others = make_team_of(session, 4, "Search")
    answer_in_weeks(session, other, others, [0.6] * 10)
    settle(session, other, AFTER_FREEZE)
    before = [row.told for row in rows(session, team)]
    merge_team(session, team.slug, other.slug, date(2026, 11, 30), actor=ADMIN, now=AFTER_FREEZE)
    later = AFTER_FREEZE + timedelta(weeks=3)
    settle(session, team, later)
    settle(session, other, later)
    assert [row.told for row in rows(session, team)][: len(before)] == before
    assert {row.number for row in [*rows(session, team), *rows(session, other)]} == {1}
    assert Week(rows(session, other)[-1].week) == OPEN_WEEK.shift(3)
    assert Week(rows(session, team)[-1].week) == OPEN_WEEK.shift(1)


def test_a_team_that_comes_back_has_verdicts_for_the_weeks_in_between(session: Session) -> None:
    team, _ = settled_team(session, [0.8] * 10)
    archive_team(session, team.slug, AFTER_FREEZE.date(), actor=ADMIN, now=AFTER_FREEZE)
    settle(session, team, AFTER_FREEZE + timedelta(weeks=3))
    last = Week(rows(session, team)[-1].week)
    bring_back(session, team.slug, actor=ADMIN, now=AFTER_FREEZE + timedelta(weeks=3))
    settle(session, team, AFTER_FREEZE + timedelta(weeks=3))
    found = [Week(row.week) for row in rows(session, team)]
    assert last == OPEN_WEEK.shift(1)
    assert sorted(set(found)) == list(OPEN_WEEK.shift(-9).until(OPEN_WEEK.shift(3)))


def test_what_a_week_would_come_to_is_known_before_it_freezes_and_kept_nowhere(session: Session) -> None:
    team, members = make_team_of(session, 5)
    answer_in_weeks(session, team, members, [0.8] * 12, last=OPEN_WEEK.shift(-1))
    settle(session, team, MONDAY)
    for member in members:
        give_answer(session, team, member)
    before = rows(session, team)
    found = provisional(session, team, MONDAY)
    assert found is not None
    assert (found.week, found.state) == (OPEN_WEEK, State.HEALTHY)
    assert rows(session, team) == before
    assert provisional(session, team, AFTER_FREEZE) is None


def test_nothing_shows_what_a_week_would_come_to() -> None:
    package = Path(verdicts.__file__).parents[1]
    users = [
        path.name
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr == "provisional")
        or (isinstance(node, ast.ImportFrom) and any(name.name == "provisional" for name in node.names))
        or (isinstance(node, ast.Name) and node.id == "provisional")
    ]
    assert users == []


def test_late_answers_that_wait_change_no_verdict(session: Session) -> None:
    team, members = settled_team(session, [0.8] * 10)
    give_answer_again(session, team, members[0], AFTER_FREEZE)
    assert settle(session, team, AFTER_FREEZE) == Settled()
