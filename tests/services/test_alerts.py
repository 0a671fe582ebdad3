from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from bau_tracker.domain.errors import BauTrackerError, Conflict, Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import SERVER, Actor, Role
from bau_tracker.domain.verdicts import Signal
from bau_tracker.services.alerts import OpenAlert, acknowledge, raise_alert, shown_alerts, snooze
from bau_tracker.services.trends import overview
from bau_tracker.services.verdicts import settle
from bau_tracker.storage.alert_tables import Alert
from bau_tracker.storage.tables import Team
from bau_tracker.storage.teams import memberships_of
from tests.alerting import (
    EARLY,
    HEALTHY,
    LEAD,
    NOTHING,
    PITFALL,
    RECOVERING,
    add_lead,
    keep,
    led_team,
    moment_after,
    say,
)
from tests.factories import AFTER_FREEZE, OPEN_WEEK, answer_in_weeks, make_member, make_person, make_team

WEEK = timedelta(weeks=1)


def kept(session: Session) -> list[tuple[str, Signal, bool]]:
    """Give the alarms that were raised: when, what, and whether each is open."""
    found = session.exec(select(Alert).order_by(Alert.team_id, Alert.number)).all()  # type: ignore[arg-type]
    return [(str(one.week), one.signal, one.over_at is None) for one in found]


def shown(session: Session, actor: Actor) -> list[OpenAlert]:
    return shown_alerts(session, overview(session, actor=actor, now=AFTER_FREEZE), actor=actor, now=AFTER_FREEZE)


def test_settling_a_slide_raises_one_alarm_and_settling_again_none(any_session: Session) -> None:
    team, members = led_team(any_session, weeks=0)
    answer_in_weeks(any_session, team, members, [0.8] * 20 + [0.5] * 6)
    for _ in range(3):
        settle(any_session, team, AFTER_FREEZE)
        settle(any_session, team, AFTER_FREEZE, again=True)
    assert [(signal, is_open) for _, signal, is_open in kept(any_session)] == [(EARLY, True)]


def test_worse_ends_what_was_open_and_calm_weeks_end_it_all(any_session: Session) -> None:
    team, _ = led_team(any_session)
    say(any_session, team, HEALTHY, EARLY, PITFALL)
    assert kept(any_session) == [("2026-11-09", EARLY, False), ("2026-11-16", PITFALL, True)]
    say(any_session, team, *[RECOVERING] * 3, last=OPEN_WEEK.shift(3))
    assert kept(any_session)[1][2]
    say(any_session, team, HEALTHY, last=OPEN_WEEK.shift(4))
    assert [is_open for *_, is_open in kept(any_session)] == [False, False]
    first, second = session_alerts(any_session)
    assert (first.over_week, second.over_week) == (None, OPEN_WEEK.shift(4).monday)


def test_a_recomputation_raises_what_still_stands_and_takes_back_what_does_not(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, HEALTHY, HEALTHY)
    for back in (1, 0):
        keep(session, team, OPEN_WEEK.shift(-back), EARLY)
    assert raise_alert(session, team, AFTER_FREEZE) is not None
    assert raise_alert(session, team, AFTER_FREEZE) is None
    for back in (1, 0):
        keep(session, team, OPEN_WEEK.shift(-back), HEALTHY)
    assert raise_alert(session, team, AFTER_FREEZE) is None
    assert kept(session) == [("2026-11-09", EARLY, False)]


def test_a_silent_quarter_closes_an_alarm_without_calling_it_over(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, EARLY, *[NOTHING] * 13)
    (alert,) = session_alerts(session)
    assert alert.over_at is not None
    assert alert.over_week is None


def test_a_team_that_works_no_more_alarms_nobody(session: Session) -> None:
    team, _ = led_team(session)
    keep(session, team, OPEN_WEEK, PITFALL)
    team.archived_on = date(2026, 11, 24)
    assert raise_alert(session, team, AFTER_FREEZE) is None


def test_leads_and_administrators_see_open_alerts_and_members_and_outsiders_none(session: Session) -> None:
    team, members = led_team(session)
    say(session, team, HEALTHY, EARLY)
    (alert,) = shown(session, lead_of(session, team))
    assert (alert.words, alert.week, alert.seen_by, alert.may_snooze) == (
        "sliding from a healthy level",
        OPEN_WEEK,
        "",
        True,
    )
    (seen,) = shown(session, SERVER)
    assert not seen.may_snooze
    outsider = add_lead(session, make_team(session, "Search"), "other@example.org")
    for actor in (members[0], outsider):
        assert shown(session, actor) == []


def test_alerts_that_nobody_has_seen_stand_first_then_the_worst(session: Session) -> None:
    for name, signal in (("Alpha", PITFALL), ("Beta", EARLY), ("Gamma", PITFALL)):
        team, _ = led_team(session, name)
        say(session, team, HEALTHY, signal)
    acknowledge(session, "alpha", 1, actor=SERVER, now=AFTER_FREEZE)
    found = shown(session, SERVER)
    assert [one.team.name for one in found] == ["Gamma", "Beta", "Alpha"]
    assert found[2].seen_by == "Whoever runs the server"


def test_what_is_calmer_for_now_says_so(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, EARLY, RECOVERING)
    (alert,) = shown(session, SERVER)
    assert alert.is_calmer


def test_who_has_seen_it_first_stays_for_all_leads_to_see(any_session: Session) -> None:
    team, _ = led_team(any_session)
    other = add_lead(any_session, team, "amara@example.org")
    make_person(any_session, "amara@example.org", name="Amara Okafor")
    say(any_session, team, HEALTHY, EARLY)
    acknowledge(any_session, team.slug, 1, actor=other, now=AFTER_FREEZE)
    acknowledge(any_session, team.slug, 1, actor=lead_of(any_session, team), now=AFTER_FREEZE + WEEK)
    (alert,) = shown(any_session, lead_of(any_session, team))
    assert (alert.seen_by, alert.alert.acknowledged_at) == ("Amara Okafor", AFTER_FREEZE)


def test_a_snooze_is_the_persons_own(session: Session) -> None:
    team, _ = led_team(session)
    lead, other = lead_of(session, team), add_lead(session, team, "other@example.org")
    say(session, team, HEALTHY, EARLY)
    assert snooze(session, team.slug, 1, 2, actor=lead, now=AFTER_FREEZE) == AFTER_FREEZE + 2 * WEEK
    assert [one.snoozed_until for actor in (lead, other) for one in shown(session, actor)] == [
        AFTER_FREEZE + 2 * WEEK,
        None,
    ]


@pytest.mark.parametrize(
    ("who", "number", "weeks", "error"),
    [
        ("member", 1, 1, Forbidden),
        ("outsider", 1, 1, NotFound),
        ("admin", 1, 1, Forbidden),
        ("lead", 2, 1, NotFound),
        ("lead", 1, 3, InvalidInput),
    ],
)
def test_who_may_not_snooze_and_what_is_no_alert_is_refused(
    session: Session, who: str, number: int, weeks: int, error: type[BauTrackerError]
) -> None:
    team, members = led_team(session)
    say(session, team, HEALTHY, EARLY)
    admin = make_person(session, "admin@example.org", admin=True)
    actors = {
        "member": members[0],
        "outsider": make_member(session, make_team(session, "Search"), "other@example.org", role=Role.LEAD),
        "admin": Actor(admin.id, is_admin=True),
        "lead": lead_of(session, team),
    }
    with pytest.raises(error):
        snooze(session, team.slug, number, weeks, actor=actors[who], now=AFTER_FREEZE)


def test_what_was_seen_is_not_snoozed_and_what_is_over_is_neither_seen_nor_snoozed(session: Session) -> None:
    team, _ = led_team(session)
    lead = lead_of(session, team)
    say(session, team, HEALTHY, EARLY)
    acknowledge(session, team.slug, 1, actor=lead, now=AFTER_FREEZE)
    with pytest.raises(Conflict, match="seen this alert already"):
        snooze(session, team.slug, 1, 1, actor=lead, now=AFTER_FREEZE)
    say(session, team, *[HEALTHY] * 4, last=OPEN_WEEK.shift(4))
    with pytest.raises(Conflict, match="over by now"):
        acknowledge(session, team.slug, 1, actor=lead, now=moment_after(OPEN_WEEK.shift(4)))


def session_alerts(session: Session) -> list[Alert]:
    return sorted(session.exec(select(Alert)).all(), key=lambda one: one.number)


def lead_of(session: Session, team: Team) -> Actor:
    person = make_person(session, LEAD)
    assert memberships_of(session, team.id, person.id)
    return Actor(person.id, LEAD)
