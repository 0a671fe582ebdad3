from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.domain.alerts import Wish
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.services import alerts, subscriptions
from bau_tracker.services.alert_mail import due_mailings
from bau_tracker.services.notices import send_mailings
from bau_tracker.services.posting import Report
from bau_tracker.services.summaries import due_summaries
from bau_tracker.storage.engine import writing
from bau_tracker.storage.people import person_with_email
from bau_tracker.storage.teams import memberships_of
from tests.alerting import EARLY, HEALTHY, LEAD, PITFALL, RECOVERING, WATCH, at, led_team, say
from tests.factories import AFTER_FREEZE, MONDAY
from tests.post import BASE_URL, Kept, office, text_of

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECOND, WEEK = timedelta(seconds=1), timedelta(weeks=1)


def run(session: Session, outbox: Kept, now: datetime = NOON) -> Report:
    session.commit()
    posting = office(outbox)
    return send_mailings(session, due_summaries(session, posting, clock=at(now)), posting, clock=at(now))


def summary(session: Session, now: datetime = NOON) -> EmailMessage:
    outbox = Kept()
    run(session, outbox, now)
    (mail,) = outbox.sent
    return mail


def lead(session: Session) -> Actor:
    person = person_with_email(session, LEAD)
    assert person is not None
    return Actor(person.id)


def choose(session: Session, wish: Wish = Wish.WEEKLY, now: datetime = MONDAY) -> None:
    subscriptions.choose_wish(session, lead(session).person_id or 0, wish.value, now=now)


def test_a_summary_goes_once_a_week_from_wednesday_noon_on(any_session: Session) -> None:
    team, _ = led_team(any_session)
    say(any_session, team, HEALTHY, HEALTHY)
    choose(any_session)
    outbox = Kept()
    assert run(any_session, outbox, NOON - SECOND).sent == 0
    assert run(any_session, outbox).sent == 1
    assert run(any_session, outbox).sent == 0
    assert run(any_session, outbox, NOON + WEEK - SECOND).sent == 0
    assert run(any_session, outbox, NOON + WEEK).sent == 1


def test_it_waits_for_noon_in_the_last_of_the_time_zones(session: Session) -> None:
    led_team(session)
    team, _ = led_team(session, "Lisbon")
    team.timezone = "America/New_York"
    session.add(team)
    choose(session)
    outbox = Kept()
    assert run(session, outbox).sent == 0
    assert run(session, outbox, NOON + timedelta(hours=5)).sent == 1


def test_all_teams_that_somebody_leads_stand_in_it_worst_first(session: Session) -> None:
    for name, before, now in (("Alpha", HEALTHY, HEALTHY), ("Beta", EARLY, PITFALL), ("Gamma", HEALTHY, WATCH)):
        team, _ = led_team(session, name)
        say(session, team, before, now)
    choose(session)
    mail = summary(session)
    assert mail["Subject"] == "Your teams, 2026-W48: 1 of 3 with an open alert"
    text = text_of(mail)
    assert text.index("BETA") < text.index("GAMMA") < text.index("ALPHA")
    for said in (
        "▼ Excessive-BAU pitfall: sliding from a healthy level. The week before: “Early warning”.",
        "Planned work is 50 %. 5 of 5 answered 2026-W47.",
        "Open alert since 2026-W47: “Excessive-BAU pitfall”, nobody has seen it yet.",
        "● Healthy: steady and healthy. As the week before.",
        f"{BASE_URL}/teams/beta",
        f"At once instead, or not at all: {BASE_URL}/alert-mail/",
    ):
        assert said in text
    assert f'href="{BASE_URL}/teams/beta"' in text_of(mail, "html")


def test_who_has_seen_an_alert_and_what_is_over_is_told(session: Session) -> None:
    seen, _ = led_team(session)
    say(session, seen, HEALTHY, EARLY)
    alerts.acknowledge(session, seen.slug, 1, actor=lead(session), now=AFTER_FREEZE)
    over, _ = led_team(session, "Checkout")
    say(session, over, EARLY, *[RECOVERING] * 4)
    choose(session)
    text = text_of(summary(session))
    assert "“Early warning”, seen by lead@example.org." in text
    assert "Checkout: “Early warning” since 2026-W43 is over: the verdicts have been calm since." in text


def test_figures_are_those_that_the_reader_may_see(session: Session) -> None:
    team, members = led_team(session, size=3)
    (membership,) = memberships_of(session, team.id, members[0].person_id or 0)
    membership.role = Role.LEAD
    say(session, team, HEALTHY, EARLY)
    subscriptions.choose_wish(session, members[0].person_id or 0, "weekly", now=MONDAY)
    text = text_of(summary(session))
    assert "Early warning: sliding from its earlier level." in text
    assert "%" not in text


@pytest.mark.parametrize("wish", [None, Wish.AT_ONCE, Wish.NONE])
def test_it_goes_to_those_who_chose_it_only(session: Session, wish: Wish | None) -> None:
    led_team(session)
    if wish:
        choose(session, wish)
    assert run(session, Kept()).sent == 0


def test_who_chooses_it_gets_the_first_with_the_next_wednesday(session: Session) -> None:
    led_team(session)
    choose(session, now=NOON + SECOND)
    assert run(session, Kept(), NOON + SECOND * 2).sent == 0
    assert run(session, Kept(), NOON + WEEK).sent == 1


def test_who_leads_no_team_that_works_gets_none(session: Session) -> None:
    team, _ = led_team(session)
    choose(session)
    team.archived_on = MONDAY.date()
    session.add(team)
    assert run(session, Kept()).sent == 0


def test_a_team_without_its_messages_stays_out(session: Session) -> None:
    led_team(session)
    led_team(session, "Checkout")
    choose(session)
    subscriptions.choose_subscriptions(session, {"checkout"}, actor=lead(session), now=MONDAY)
    assert "PAYMENTS" not in text_of(summary(session))


def test_who_changes_their_mind_before_it_goes_gets_none(any_engine: sa.Engine) -> None:
    with Session(writing(any_engine), expire_on_commit=False) as session:
        led_team(session)
        choose(session)
        session.commit()
        outbox = Kept()
        posting = office(outbox)
        planned = list(due_summaries(session, posting, clock=at(NOON)))
        session.commit()
        with Session(writing(any_engine), expire_on_commit=False) as elsewhere:
            choose(elsewhere, Wish.NONE, NOON)
            elsewhere.commit()
        assert len(planned) == 1
        assert send_mailings(session, planned, posting, clock=at(NOON)).sent == 0


def test_an_alarm_goes_by_the_summary_alone(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, PITFALL)
    choose(session)
    session.commit()
    assert list(due_mailings(session, office(Kept()), clock=at(NOON))) == []


def test_a_team_without_any_published_week_is_told_as_such(session: Session) -> None:
    led_team(session, weeks=0)
    choose(session)
    assert "○ Not enough data" in text_of(summary(session))
