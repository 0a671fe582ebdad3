from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import NotFound
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.reasons import headline
from bau_tracker.domain.surveys import Answer
from bau_tracker.domain.taxonomy import Cause, Chip
from bau_tracker.domain.verdicts import Missing, Signal, State
from bau_tracker.services.reopening import reopen_week
from bau_tracker.services.trends import overview, team_page
from bau_tracker.services.verdicts import settle
from bau_tracker.storage.tables import Team
from tests.factories import (
    AFTER_FREEZE,
    MONDAY,
    OPEN_WEEK,
    answer_in_weeks,
    give_answer,
    make_answer,
    make_item,
    make_member,
    make_person,
    make_team,
    make_team_of,
)

ADMIN = Actor(None, is_admin=True)


def answer_weeks(session: Session, team: Team, *shares: float, excessive: tuple[Chip, ...] = ()) -> None:
    """Let five people answer one week for each share, the newest in OPEN_WEEK, and settle the team."""
    people = [Actor(make_person(session, f"{team.slug}{number}@example.org").id) for number in range(5)]
    answer_in_weeks(session, team, people, list(shares[:-4]), last=OPEN_WEEK.shift(-4))
    answer_in_weeks(session, team, people, list(shares[-4:]), excessive=excessive)
    settle(session, team, AFTER_FREEZE)


def test_the_overview_shows_the_worst_team_first(session: Session) -> None:
    stories = {
        "Healthy": ([0.8] * 16, ()),
        "Pitfall": ([*[0.8] * 12, *[0.65] * 4], (Chip.DEPLOYMENTS,)),
        "Worse pitfall": ([*[0.8] * 12, *[0.6] * 4], (Chip.ALERTS,)),
        "Warning": ([*[0.8] * 12, *[0.65] * 4], ()),
        "Excessive": ([0.4] * 16, ()),
        "New": ([0.8] * 5, ()),
    }
    for name, (shares, chips) in stories.items():
        answer_weeks(session, make_team(session, name), *shares, excessive=chips)
    make_team(session, "Empty")
    trends = overview(session, actor=ADMIN, now=AFTER_FREEZE)
    assert [(trend.team.name, trend.signal) for trend in trends] == [
        ("Worse pitfall", Signal.PITFALL),
        ("Pitfall", Signal.PITFALL),
        ("Excessive", Signal.EXCESSIVE),
        ("Warning", Signal.EARLY_WARNING),
        ("Healthy", Signal.HEALTHY),
        ("Empty", Signal.NOT_ENOUGH_DATA),
        ("New", Signal.NOT_ENOUGH_DATA),
    ]


def test_the_overview_holds_half_a_year_judged_on_all_there_is(session: Session) -> None:
    team = make_team(session)
    answer_weeks(session, team, *[0.8] * 30)
    (trend,) = overview(session, actor=ADMIN, now=AFTER_FREEZE)
    assert len(trend.weeks) == len(trend.verdicts) == 26
    assert trend.verdicts[0].signal is Signal.NOT_ENOUGH_DATA
    assert (trend.verdicts[-1].weeks, trend.verdicts[-1].earlier_share) == (30, 0.8)
    assert trend.newest is not None
    assert trend.newest.week == OPEN_WEEK


def test_a_verdict_that_is_not_reached_yet_follows_and_none_is_made_up(session: Session) -> None:
    team, members = make_team_of(session, 4)
    answer_in_weeks(session, team, members, [0.8] * 12)
    (trend,) = overview(session, actor=ADMIN, now=AFTER_FREEZE)
    assert {(verdict.state, verdict.missing) for verdict in trend.verdicts} == {
        (State.NOT_ENOUGH_DATA, Missing.FOLLOWS)
    }
    assert headline(trend.verdicts[-1]) == "verdict follows"


def test_everybody_sees_the_own_teams_and_an_administrator_all(session: Session) -> None:
    payments, search = make_team(session), make_team(session, "Search")
    member = make_member(session, payments, "member@example.org")
    lead = make_member(session, search, "lead@example.org", role=Role.LEAD)
    outsider = Actor(make_person(session, "outsider@example.org").id)
    seen = {
        actor.name or actor.person_id: [trend.team.name for trend in overview(session, actor=actor, now=MONDAY)]
        for actor in (member, lead, outsider, ADMIN)
    }
    assert list(seen.values()) == [["Payments"], ["Search"], [], ["Payments", "Search"]]
    with pytest.raises(NotFound):
        team_page(session, "search", actor=member, now=MONDAY)
    with pytest.raises(NotFound):
        team_page(session, "search", actor=outsider, now=MONDAY)


def test_members_see_the_trend_and_leads_the_comments_and_the_export_too(session: Session) -> None:
    team, members = make_team_of(session, 6)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    for member in members:
        give_answer(session, team, member, answer=make_answer(comment="too many alerts"))
    page = team_page(session, team.slug, actor=members[0], now=AFTER_FREEZE)
    assert (page.comments, page.may_export) == (None, False)
    assert page.trend.weeks[-1].planned_share == 0.75
    for actor in (lead, ADMIN):
        page = team_page(session, team.slug, actor=actor, now=AFTER_FREEZE)
        assert page.may_export
        assert page.comments == ["too many alerts"] * 6


def test_a_lead_sees_only_counts_where_too_few_answered(session: Session) -> None:
    team, members = make_team_of(session, 4)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    for member in members[:2]:
        give_answer(session, team, member, answer=make_answer(excessive=(Chip.ALERTS,), comment="it was me"))
    page = team_page(session, team.slug, actor=lead, now=AFTER_FREEZE)
    (week,) = page.trend.weeks
    assert (week.hidden, week.respondents, week.expected, week.planned_share) == (True, 2, 4, None)
    assert page.comments == []
    assert page.advice == []


def test_before_the_freeze_a_lead_sees_how_many_answered_and_nothing_else(session: Session) -> None:
    team, members = make_team_of(session, 4)
    for member in members[:3]:
        give_answer(session, team, member, answer=make_answer(excessive=(Chip.ALERTS,)))
    give_answer(session, team, members[3], answer=Answer(away=True))
    page = team_page(session, team.slug, actor=ADMIN, now=AFTER_FREEZE - timedelta(seconds=1))
    (week,) = page.open_weeks
    assert (week.week, week.answers, week.expected, week.again) == (OPEN_WEEK, 4, 4, False)
    assert week.freezes_at == AFTER_FREEZE
    assert (list(page.trend.weeks), list(page.advice)) == ([], [])
    assert team_page(session, team.slug, actor=ADMIN, now=AFTER_FREEZE).open_weeks == []


def test_a_week_that_is_open_again_is_named_with_its_new_end_and_how_many_answered(session: Session) -> None:
    team, members = make_team_of(session, 4)
    give_answer(session, team, members[0])
    reopen_week(session, team.slug, OPEN_WEEK, "Two were at sea.", actor=ADMIN, now=AFTER_FREEZE)
    (week,) = team_page(session, team.slug, actor=ADMIN, now=AFTER_FREEZE).open_weeks
    assert (week.week, week.answers, week.expected, week.again) == (OPEN_WEEK, 1, 4, True)
    assert week.freezes_at == AFTER_FREEZE + timedelta(days=2)


def test_complaints_of_the_last_four_weeks_lead_to_advice(session: Session) -> None:
    team = make_team(session)
    answer_weeks(session, team, *[0.8] * 6, excessive=(Chip.DEPLOYMENTS,))
    (advice,) = team_page(session, team.slug, actor=ADMIN, now=AFTER_FREEZE).advice
    assert advice.cause is Cause.MANUAL_DEPLOYMENTS
    assert advice.ticks == 20


def test_a_teams_page_holds_its_own_items_the_newest_first(session: Session) -> None:
    team = make_team(session)
    make_item(session, make_team(session, "Noise"), "NOISE-1")
    make_item(session, team, "PAY-1", week=OPEN_WEEK.shift(-1), hours=3)
    make_item(session, team, "PAY-2")
    page = team_page(session, team.slug, actor=ADMIN, now=AFTER_FREEZE)
    assert [item.external_key for item in page.newest_items] == ["PAY-2", "PAY-1"]
    assert [sum(week.counts.values()) for week in page.item_weeks] == [1, 1]


def test_a_team_is_judged_by_its_own_thresholds_from_the_next_week_on(session: Session) -> None:
    team, members = make_team_of(session, 4)
    answer_in_weeks(session, team, members, [0.75] * 12)
    settle(session, team, AFTER_FREEZE)
    team.thresholds = {"healthy": 0.8}
    session.flush()
    trend = team_page(session, team.slug, actor=ADMIN, now=AFTER_FREEZE).trend
    assert (trend.signal, trend.thresholds.healthy) == (Signal.HEALTHY, 0.7)
    answer_in_weeks(session, team, members, [0.75], last=OPEN_WEEK.shift(1))
    later = AFTER_FREEZE + timedelta(weeks=1)
    settle(session, team, later)
    trend = team_page(session, team.slug, actor=ADMIN, now=later).trend
    assert (trend.signal, trend.thresholds.healthy) == (Signal.LOW, 0.8)
    assert trend.verdicts[-2].signal is Signal.HEALTHY
