from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import BauTrackerError, ChangedMeanwhile, Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.privacy import Minimums
from bau_tracker.domain.surveys import Step
from bau_tracker.domain.team_settings import default_of
from bau_tracker.domain.verdict_settings import VerdictSettings
from bau_tracker.domain.weeks import DayTime
from bau_tracker.services.history import changes_of
from bau_tracker.services.organisation import change_organisation, thresholds_of
from bau_tracker.services.team_settings import change_settings, set_webhook, settings_of, settings_page, shortfall
from bau_tracker.storage.tables import Team, TeamWeek
from bau_tracker.storage.teams import rules_of, schedule_of
from tests.factories import MONDAY, OPEN_WEEK, give_answer, make_member, make_team, make_team_of

ADMIN = Actor(None, "admin", is_admin=True)
NEXT = OPEN_WEEK.shift(1)
SLACK = "https://hooks.slack.com/services/T0EXAMPLE/B0EXAMPLE/0123456789abcdefABCDEFGH"


@pytest.fixture
def team(session: Session) -> Team:
    return make_team(session, step=Step.HALF_DAYS)


@pytest.fixture
def lead(session: Session, team: Team) -> Actor:
    return make_member(session, team, "lead@example.org", role=Role.LEAD)


def set_(session: Session, team: Team, lead: Actor, **values: Any) -> list[str]:
    return change_settings(session, team.slug, replace(settings_of(team), **values), actor=lead, now=MONDAY)


def sentences(session: Session, team: Team, lead: Actor) -> list[str]:
    return [change.sentence for change in changes_of(session, team.slug, actor=lead, now=MONDAY)]


def test_saving_without_a_difference_changes_nothing_and_writes_no_history(
    session: Session, team: Team, lead: Actor
) -> None:
    assert set_(session, team, lead) == []
    assert (team.rules, team.thresholds, sentences(session, team, lead)) == ([], {}, [])


def test_settings_that_were_made_from_others_than_those_that_stand_change_nothing(
    session: Session, team: Team, lead: Actor
) -> None:
    shown = settings_page(session, team.slug, actor=lead, now=MONDAY)
    set_(session, team, lead, step=Step.PERCENT)
    stale = replace(shown.settings, name="Billing")
    with pytest.raises(ChangedMeanwhile, match="changed meanwhile"):
        change_settings(session, team.slug, stale, based_on=shown.revision, actor=lead, now=MONDAY)
    assert (team.name, team.step) == ("Payments", Step.PERCENT)
    again = settings_page(session, team.slug, actor=lead, now=MONDAY).revision
    assert change_settings(session, team.slug, stale, based_on=again, actor=lead, now=MONDAY) == ["name", "step"]


def test_a_rename_keeps_the_address_and_the_old_name_stands_in_the_history(
    session: Session, team: Team, lead: Actor
) -> None:
    assert set_(session, team, lead, name="  Billing ") == ["name"]
    assert (team.name, team.slug) == ("Billing", "payments")
    assert sentences(session, team, lead) == ["lead@example.org renamed the team from Payments to Billing."]


def test_a_rename_to_the_name_of_another_team_that_goes_on_is_refused(
    session: Session, team: Team, lead: Actor
) -> None:
    search = make_team(session, "Search")
    with pytest.raises(InvalidInput, match="There is another team Search already") as refused:
        set_(session, team, lead, name="SEARCH")
    assert (refused.value.field, team.name) == ("name", "Payments")
    assert set_(session, team, lead, name="PAYMENTS") == ["name"]
    search.archived_on = MONDAY.date()
    assert set_(session, team, lead, name="Search") == ["name"]


def test_moments_and_minimums_count_from_the_first_week_that_has_not_opened(
    session: Session, team: Team, lead: Actor
) -> None:
    set_(session, team, lead, freezes=DayTime(10, time(8)), time_split=4, shows_missing=True)
    rules = rules_of(team)
    assert (rules.of(OPEN_WEEK).minimums, rules.of(NEXT).minimums) == (Minimums(3, 5), Minimums(4, 5))
    assert (rules.of(OPEN_WEEK).shows_missing, rules.of(NEXT).shows_missing) == (False, True)
    assert rules.of(OPEN_WEEK).times.freezes == default_of("freezes")
    assert rules.of(NEXT.shift(5)).times.freezes == DayTime(10, time(8))
    page = settings_page(session, team.slug, actor=lead, now=MONDAY)
    assert (page.counts_from, page.pending, page.settings.time_split) == (NEXT, True, 4)
    later = settings_page(session, team.slug, actor=lead, now=MONDAY + timedelta(days=7))
    assert (later.pending, later.settings.time_split) == (False, 4)


def test_a_lower_minimum_leaves_the_weeks_before_with_theirs(session: Session, team: Team, lead: Actor) -> None:
    set_(session, team, lead, time_split=5)
    later = MONDAY + timedelta(days=14)
    lowered = replace(settings_of(team), time_split=3)
    change_settings(session, team.slug, lowered, actor=lead, now=later)
    minimums = [rules_of(team).of(OPEN_WEEK.shift(step)).minimums.time_split for step in range(5)]
    assert minimums == [3, 5, 5, 3, 3]


def test_two_changes_before_the_next_week_leave_the_last_one(session: Session, team: Team, lead: Actor) -> None:
    set_(session, team, lead, time_split=5)
    set_(session, team, lead, time_split=4)
    assert [rules.minimums.time_split for _, rules in rules_of(team).versions] == [3, 4]


def test_another_time_zone_is_the_teams_own_and_leaves_old_weeks_where_they_were(
    session: Session, team: Team, lead: Actor
) -> None:
    before = schedule_of(team).freezes(OPEN_WEEK)
    set_(session, team, lead, timezone="America/New_York")
    assert team.timezone == "America/New_York"
    assert schedule_of(team).freezes(OPEN_WEEK) == before
    assert schedule_of(team).freezes(NEXT) == before + timedelta(days=7, hours=5)
    assert sentences(session, team, lead) == [
        f"lead@example.org changed the time zone from UTC to America/New_York from {NEXT.label} on."
    ]


def test_hours_step_and_holidays_count_at_once(session: Session, team: Team, lead: Actor) -> None:
    changed = set_(session, team, lead, hours_per_week=36.0, step=Step.PERCENT, holidays="de-by")
    assert changed == ["hours_per_week", "step", "holidays"]
    assert (team.hours_per_week, team.step, team.holidays, team.rules) == (36, Step.PERCENT, "DE-BY", [])
    assert "changed the holiday region from none to DE-BY." in sentences(session, team, lead)[0]


def test_a_team_keeps_only_what_it_decided_and_follows_the_organisation_again(
    session: Session, team: Team, lead: Actor
) -> None:
    changed = set_(session, team, lead, verdicts=VerdictSettings(healthy=0.8, daily_rota=True))
    assert (changed, team.thresholds) == (["healthy", "daily_rota"], {"healthy": 0.8, "daily_rota": True})
    set_(session, team, lead, verdicts=VerdictSettings(daily_rota=True))
    assert team.thresholds == {"daily_rota": True}
    assert [sentence.removeprefix("lead@example.org ") for sentence in sentences(session, team, lead)] == [
        "changed the healthy level from 80 % to 70 % (the organisation's).",
        "changed the daily rota from no (the organisation's) to yes.",
        "changed the healthy level from 70 % (the organisation's) to 80 %.",
    ]


def test_what_the_organisation_sets_counts_for_a_team_that_has_decided_nothing(
    session: Session, team: Team, lead: Actor
) -> None:
    set_(session, team, lead, verdicts=VerdictSettings(excessive=0.4))
    change_organisation(session, VerdictSettings(healthy=0.8, excessive=0.6), actor=ADMIN, now=MONDAY)
    page = settings_page(session, team.slug, actor=lead, now=MONDAY)
    assert page.organisation.healthy == 0.8
    assert page.organisation_change is not None
    assert page.organisation_change.sentence == (
        "An administrator changed the excessive level from 50 % (the default) to 60 %."
    )
    assert (thresholds_of(session, team).healthy, thresholds_of(session, team).excessive) == (0.8, 0.4)
    assert team.thresholds == {"excessive": 0.4}


def test_levels_are_refused_that_clash_with_those_of_the_organisation(
    session: Session, team: Team, lead: Actor
) -> None:
    change_organisation(session, VerdictSettings(excessive=0.65), actor=ADMIN, now=MONDAY)
    with pytest.raises(InvalidInput, match="these are 65 % and 60 %") as refused:
        set_(session, team, lead, verdicts=VerdictSettings(healthy=0.6))
    assert (refused.value.field, team.thresholds) == ("healthy", {})


def test_the_page_counts_the_people_whom_a_daily_rota_concerns(session: Session, team: Team, lead: Actor) -> None:
    make_member(session, team)
    assert settings_page(session, team.slug, actor=lead, now=MONDAY).people == 2


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": "..."}),
        ("name", {"name": "x" * 121}),
        ("timezone", {"timezone": "Mars/Olympus"}),
        ("hours", {"hours_per_week": 0.0}),
        ("holidays", {"holidays": "XX"}),
        ("excessive", {"verdicts": VerdictSettings(excessive=0.9)}),
        ("time_split", {"time_split": 21}),
        ("freezes", {"freezes": DayTime(14, time(23))}),
    ],
)
def test_one_setting_that_cannot_be_changes_none(
    session: Session, team: Team, lead: Actor, field: str, values: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        set_(session, team, lead, **({"step": Step.PERCENT} | values))
    assert refused.value.field == field
    assert (team.step, sentences(session, team, lead)) == (Step.HALF_DAYS, [])


def test_a_holiday_region_tells_the_open_week_whom_it_asks(session: Session) -> None:
    team, members = make_team_of(session, 2)
    make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    give_answer(session, team, members[0])
    change_settings(session, team.slug, replace(settings_of(team), holidays="DE"), actor=ADMIN, now=MONDAY)
    session.expire_all()
    row = session.get(TeamWeek, (team.id, OPEN_WEEK.monday))
    assert row is not None
    assert row.expected == 2


@pytest.mark.parametrize(
    ("people", "minimums", "words"),
    [
        (4, (5, 5), "No figure will ever show: it needs 5 answers, and 4 people are asked."),
        (1, (3, 5), "No figure will ever show: it needs 3 answers, and 1 person is asked."),
        (4, (3, 5), "No comment will ever show: it needs 5 answers, and 4 people are asked."),
        (5, (5, 5), ""),
        (0, (5, 5), ""),
    ],
)
def test_a_minimum_that_the_team_cannot_reach_is_told_with_the_people_asked(
    session: Session, people: int, minimums: tuple[int, int], words: str
) -> None:
    team, _ = make_team_of(session, people)
    make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    wanted = replace(settings_of(team), time_split=minimums[0], comments=minimums[1])
    change_settings(session, team.slug, wanted, actor=ADMIN, now=MONDAY)
    assert shortfall(session, team.slug, actor=ADMIN, now=MONDAY) == words


def test_a_channel_is_set_and_removed_by_an_administrator_and_shown_masked(
    session: Session, team: Team, lead: Actor
) -> None:
    set_webhook(session, team.slug, f" {SLACK} ", actor=ADMIN, now=MONDAY)
    assert team.webhook == SLACK
    assert settings_page(session, team.slug, actor=ADMIN, now=MONDAY).webhook == "https://hooks.slack.com…"
    assert settings_page(session, team.slug, actor=lead, now=MONDAY).webhook is None
    set_webhook(session, team.slug, "jsons://chat.example.org/hook", actor=ADMIN, now=MONDAY)
    assert settings_page(session, team.slug, actor=ADMIN, now=MONDAY).webhook == "jsons://…"
    set_webhook(session, team.slug, "", actor=ADMIN, now=MONDAY)
    assert team.webhook == ""
    assert "0123456789" not in " ".join(sentences(session, team, lead))
    assert len(sentences(session, team, lead)) == 3


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.org/x",
        "file:///etc/passwd",
        "hooks.example.org",
        "https://",
        "https://hooks.example.org/x",
        "jsons://127.0.0.1/x",
        "https://a b",
        "https://a\0b",
        "https://" + "x" * 500,
    ],
)
def test_what_is_no_address_of_a_channel_is_refused(session: Session, team: Team, address: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        set_webhook(session, team.slug, address, actor=ADMIN, now=MONDAY)
    assert refused.value.field == "address"
    assert team.webhook == ""


def test_a_lead_sets_no_channel_a_member_no_setting_and_a_stranger_finds_nothing(
    session: Session, team: Team, lead: Actor
) -> None:
    with pytest.raises(Forbidden):
        set_webhook(session, team.slug, SLACK, actor=lead, now=MONDAY)
    member = make_member(session, team, "member@example.org")
    refused: list[tuple[Actor, type[BauTrackerError]]] = [(member, Forbidden), (Actor(999), NotFound)]
    for actor, error in refused:
        with pytest.raises(error):
            settings_page(session, team.slug, actor=actor, now=MONDAY)
        with pytest.raises(error):
            change_settings(session, team.slug, settings_of(team), actor=actor, now=MONDAY)
