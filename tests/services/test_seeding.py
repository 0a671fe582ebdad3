from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.permissions import SERVER, Action, Actor
from bau_tracker.domain.surveys import AnswerStatus, Step, Unit, check_fits, check_steps
from bau_tracker.domain.taxonomy import Kind, Origin, bau_kind
from bau_tracker.domain.verdicts import Level, Signal
from bau_tracker.domain.weeks import Week
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.services.seeding import Seeded, demo_people, load_seed
from bau_tracker.services.surveys import own_teams
from bau_tracker.services.trends import TeamTrend, overview, team_page
from bau_tracker.storage import items, surveys, tables
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.people import person_with_email
from bau_tracker.storage.teams import all_teams, schedule_of

MOMENTS = {
    "Monday": datetime(2026, 11, 23, 8, tzinfo=UTC),
    "Tuesday": datetime(2027, 3, 30, 17, tzinfo=UTC),
    "Wednesday, frozen in the east only": datetime(2026, 11, 25, 11, tzinfo=UTC),
    "Thursday of a long year": datetime(2026, 12, 31, 10, tzinfo=UTC),
    "Saturday": datetime(2027, 7, 3, 12, tzinfo=UTC),
}
MONDAY, SATURDAY = MOMENTS["Monday"], MOMENTS["Saturday"]
STORIES = {
    "checkout": Signal.PITFALL,
    "deliveries": Signal.EARLY_WARNING,
    "gift-cards": Signal.LOW,
    "pricing": Signal.RECOVERING,
    "search-and-browse": Signal.HEALTHY,
    "store-systems": Signal.EXCESSIVE,
}


class Loaded(NamedTuple):
    session: Session
    now: datetime
    seeded: Seeded

    def trends(self) -> dict[str, TeamTrend]:
        return {trend.team.slug: trend for trend in overview(self.session, actor=SERVER, now=self.now)}

    def actor(self, email: str) -> Actor:
        person = person_with_email(self.session, email)
        assert person is not None
        return Actor(person.id, person.name, is_admin=person.is_admin)

    def demo(self) -> tuple[Actor, Actor, Actor]:
        """Give the head, the lead and the member whom the demo offers."""
        head, lead, member = (self.actor(email) for email in self.seeded.demo_people.values())
        return head, lead, member


def loaded_at(now: datetime, migrated: Path, folder: Path) -> Iterator[Loaded]:
    shutil.copy(migrated, folder / "seeded.sqlite3")
    engine = make_engine(f"sqlite:///{folder / 'seeded.sqlite3'}")
    with Session(writing(engine), expire_on_commit=False) as session:
        yield Loaded(session, now, load_seed(session, now=now))
    engine.dispose()


@pytest.fixture(scope="module", params=list(MOMENTS.values()), ids=list(MOMENTS))
def loaded(
    request: pytest.FixtureRequest, migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    yield from loaded_at(request.param, migrated, tmp_path_factory.mktemp("seeded"))


def test_every_team_tells_its_story_on_every_day_of_the_week(loaded: Loaded) -> None:
    assert {slug: trend.signal for slug, trend in loaded.trends().items()} == STORIES


def test_both_healthy_signals_tell_their_level_apart(loaded: Loaded) -> None:
    levels = {slug: trend.verdict.level for slug, trend in loaded.trends().items() if trend.verdict}
    assert (levels["search-and-browse"], levels["gift-cards"]) == (Level.HEALTHY, Level.LOW)


def test_only_the_team_that_answers_little_is_marked_for_it(loaded: Loaded) -> None:
    marked = [slug for slug, trend in loaded.trends().items() if trend.verdict and trend.verdict.low_confidence]
    assert marked == ["store-systems"]


def test_nothing_is_dated_after_the_moment_of_loading(loaded: Loaded) -> None:
    for newest in (
        sa.func.max(col(tables.Answer.answered_at)),
        sa.func.max(col(tables.Item.created_at)),
        sa.func.max(col(tables.Item.closed_at)),
    ):
        found: datetime | None = loaded.session.exec(select(newest)).one()
        assert found is not None
        assert found <= loaded.now
    logged = loaded.session.exec(select(sa.func.max(col(tables.LoggedTime.week)))).one()
    assert logged <= loaded.now.date()


def test_the_newest_week_shown_is_the_last_one_or_while_that_is_open_the_one_before(loaded: Loaded) -> None:
    last = Week.containing(loaded.now.date()).shift(-1)
    newest = {trend.newest.week for trend in loaded.trends().values() if trend.newest}
    expected = {0: {last.shift(-1)}, 1: {last.shift(-1)}, 2: {last.shift(-1), last}}
    assert newest == expected.get(loaded.now.weekday(), {last})


def test_the_demo_member_has_a_survey_to_fill_in_whenever_a_week_is_open(loaded: Loaded) -> None:
    _, _, member = loaded.demo()
    (own,) = own_teams(loaded.session, actor=member, now=loaded.now)
    assert len(own.history) > 20
    if own.schedule.open_week(loaded.now) is None:
        assert own.history[0].status is AnswerStatus.SUBMITTED
        return
    assert own.current is not None
    assert own.current.status is AnswerStatus.UNANSWERED
    page = team_page(loaded.session, "checkout", actor=member, now=loaded.now)
    (week,) = page.open_weeks
    assert 0 < week.answers < week.expected


def test_the_demo_offers_one_of_each_role(loaded: Loaded) -> None:
    head, lead, member = loaded.demo()
    assert loaded.seeded.demo_people == demo_people()

    def allowed(actor: Actor, action: Action) -> list[str]:
        return [team.slug for team in teams_allowing(loaded.session, action, actor=actor, now=loaded.now)]

    assert allowed(head, Action.VIEW_TEAM) == sorted(STORIES)
    assert allowed(lead, Action.EXPORT_TEAM) == ["checkout"]
    assert allowed(member, Action.VIEW_TEAM) == ["checkout"]
    assert allowed(member, Action.EXPORT_TEAM) == []


def test_the_demo_lead_reads_comments_of_the_last_weeks_and_sees_the_pitfall(loaded: Loaded) -> None:
    _, lead, _ = loaded.demo()
    page = team_page(loaded.session, "checkout", actor=lead, now=loaded.now)
    assert page.trend.signal is Signal.PITFALL
    assert len(page.comments or ()) >= 3
    assert page.advice[0].cause.value == "manual_deployments"


@pytest.fixture(scope="module")
def monday(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    yield from loaded_at(MONDAY, migrated, tmp_path_factory.mktemp("monday"))


def test_the_tiny_team_has_weeks_that_are_hidden_and_weeks_that_show(monday: Loaded) -> None:
    weeks = team_page(monday.session, "gift-cards", actor=SERVER, now=monday.now).trend.weeks
    hidden = sum(week.hidden for week in weeks)
    assert 5 <= hidden <= len(weeks) / 3
    assert len(weeks) >= 50


def test_every_answer_would_have_passed_the_form(monday: Loaded) -> None:
    count = 0
    for _, email, row in surveys.stream_answers(monday.session, list(range(1, 7)), since=None, until=None):
        answer = surveys.answer_of(row)
        check_steps(answer, Unit(Step.HOURS, 1.0))
        check_fits(answer)
        assert email
        count += 1
    assert count == monday.seeded.answers > 1500


def test_every_answer_was_given_in_time_by_somebody_who_was_asked(monday: Loaded) -> None:
    asked = [one for one in monday.session.exec(select(tables.Membership)).all() if one.hours_per_week != 0]
    schedules = {team.id: schedule_of(team) for team in all_teams(monday.session)}
    for given in monday.session.exec(select(tables.Answer)).all():
        week = Week(given.week)
        schedule = schedules[given.team_id]
        assert given.answered_at is not None
        assert schedule.opens(week) <= given.answered_at < schedule.freezes(week)
        assert any(
            (one.team_id, one.person_id) == (given.team_id, given.person_id)
            and one.starts_on <= week.sunday
            and (one.ends_on is None or one.ends_on >= week.monday)
            for one in asked
        )


def test_part_of_the_surveyed_work_is_on_no_item(monday: Loaded) -> None:
    for team in all_teams(monday.session):
        trend = team_page(monday.session, team.slug, actor=SERVER, now=monday.now).trend
        surveyed = sum(week.bau for week in trend.weeks)
        weeks = items.item_weeks(monday.session, team.id, since=trend.weeks[0].week)
        logged = sum(hours for week in weeks for kind, hours in week.hours.items() if kind is not None)
        assert 0.2 * surveyed < logged < 0.8 * surveyed


def test_items_of_every_kind_came_in_and_most_of_them_are_sure(monday: Loaded) -> None:
    found = monday.session.exec(select(tables.Item)).all()
    assert len(found) == monday.seeded.items > 1000
    kinds = {bau_kind(item.item_class, item.origin) for item in found}
    assert kinds == {None, *Kind}
    assert sum(item.confidence >= 0.5 for item in found) > 0.9 * len(found)
    planned = sum(item.origin is Origin.PLANNED for item in found)
    assert 0.25 < planned / len(found) < 0.6


def test_people_join_leave_change_teams_and_become_leads(monday: Loaded) -> None:
    memberships = monday.session.exec(select(tables.Membership)).all()
    assert any(one.ends_on for one in memberships)
    assert any(one.hours_per_week == 0 for one in memberships)
    assert len({one.person_id for one in memberships}) < len(memberships)


def test_nobody_has_a_password(monday: Loaded) -> None:
    assert set(monday.session.exec(select(col(tables.Person.password_hash))).all()) == {None}


def test_loading_takes_less_than_five_seconds(session: Session) -> None:
    before = time.process_time()
    load_seed(session, now=MONDAY)
    assert time.process_time() - before < 5


def test_postgresql_holds_the_same(migrated_postgresql_url: str, monday: Loaded) -> None:
    engine = make_engine(migrated_postgresql_url)
    with Session(writing(engine), expire_on_commit=False) as session:
        seeded = load_seed(session, now=MONDAY)
        trends = {trend.team.slug: trend for trend in overview(session, actor=SERVER, now=MONDAY)}
        assert seeded == monday.seeded
        assert {slug: trend.weeks for slug, trend in trends.items()} == {
            slug: trend.weeks for slug, trend in monday.trends().items()
        }
    engine.dispose()
