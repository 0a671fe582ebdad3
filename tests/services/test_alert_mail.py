from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from bau_tracker.domain.alerts import Wish
from bau_tracker.domain.errors import Unavailable
from bau_tracker.domain.messages import CLAIM_LASTS, FIRST_PAUSE
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.verdicts import Signal
from bau_tracker.outbound.errors import NotTaken
from bau_tracker.services import alerts, subscriptions
from bau_tracker.services.alert_mail import NEWS_LASTS, due_mailings
from bau_tracker.services.digests import digest
from bau_tracker.services.notices import send_mailings
from bau_tracker.services.posting import ChannelPost, Report
from bau_tracker.storage import notices
from bau_tracker.storage.alert_tables import Notice
from bau_tracker.storage.engine import writing
from bau_tracker.storage.people import person_with_email
from bau_tracker.storage.tables import Membership, Team
from bau_tracker.storage.teams import memberships_of
from tests.alerting import (
    EARLY,
    EXCESSIVE,
    HEALTHY,
    LEAD,
    NOTHING,
    PITFALL,
    RECOVERING,
    WATCH,
    add_lead,
    at,
    keep,
    led_team,
    moment_after,
    say,
    settled_at,
)
from tests.factories import AFTER_FREEZE, OPEN_WEEK, answer_in_weeks
from tests.post import BASE_URL, Kept, address_of, office, text_of

OTHER = "other@example.org"
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
HOOK = "jsons://chat.example.org/hook"


def send(session: Session, outbox: Kept, now: datetime = AFTER_FREEZE) -> list[tuple[str, str]]:
    """Send what is due; give to whom went what."""
    assert report(session, outbox, now).failures == []
    return outbox.lines


def the_mail(session: Session) -> EmailMessage:
    outbox = Kept()
    report(session, outbox)
    (mail,) = outbox.sent
    return mail


def test_a_lead_is_told_of_a_change_once_however_often_the_timer_runs(any_session: Session) -> None:
    team, _ = led_team(any_session)
    say(any_session, team, HEALTHY, EARLY)
    outbox = Kept()
    assert send(any_session, outbox) == [(LEAD, "Early warning, worth a look: Payments")]
    for later in range(1, 5):
        assert send(any_session, outbox, AFTER_FREEZE + HOUR * later) == []
    say(any_session, team, EARLY, last=OPEN_WEEK.shift(1))
    assert send(any_session, outbox, AFTER_FREEZE + WEEK) == []


@pytest.mark.parametrize("signal", [WATCH, RECOVERING, HEALTHY, NOTHING])
def test_what_is_no_alarm_is_mailed_to_nobody(session: Session, signal: Signal) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, signal)
    assert send(session, Kept()) == []


def test_members_are_told_nothing(session: Session) -> None:
    team, members = led_team(session)
    say(session, team, HEALTHY, PITFALL)
    assert [to for to, _ in send(session, Kept())] == [LEAD]
    assert len(members) == 5


def test_a_lead_of_five_teams_of_which_three_changed_gets_one_mail_worst_first(session: Session) -> None:
    signals = {"Alpha": EARLY, "Beta": HEALTHY, "Gamma": PITFALL, "Delta": EXCESSIVE, "Epsilon": WATCH}
    for name, signal in signals.items():
        team, _ = led_team(session, name)
        say(session, team, HEALTHY, signal)
    mail = the_mail(session)
    assert mail["Subject"] == "Excessive-BAU pitfall: Gamma, and 2 more"
    text = text_of(mail)
    assert "the verdicts on 3 teams that you lead have changed, worst first." in text
    assert text.index("GAMMA") < text.index("DELTA") < text.index("ALPHA")
    assert "BETA" not in text
    assert "EPSILON" not in text


def test_a_mail_says_what_why_what_would_change_it_what_helps_and_where_to_go(session: Session) -> None:
    team, members = led_team(session)
    answer_in_weeks(session, team, members, [0.5] * 2, excessive=(Chip.DEPLOYMENTS,))
    say(session, team, HEALTHY, PITFALL)
    mail = the_mail(session)
    text = text_of(mail)
    for said in (
        "the verdict on a team that you lead has changed.",
        "▼ Excessive-BAU pitfall: sliding from a healthy level.",
        "The verdict turned in 2026-W47; before it was “Healthy”.",
        "Talk with the team this week.",
        "by about 30 points (26 to 34)",
        "It ends when the newest weeks come back to about 7",
        "What helps: fully automate the deployment pipeline.",
        f"{BASE_URL}/teams/payments#alerts",
        f"Once a week instead, or not at all: {BASE_URL}/alert-mail/",
    ):
        assert said in text
    assert f'href="{BASE_URL}/teams/payments#alerts"' in text_of(mail, "html")
    assert "<strong>▼ Excessive-BAU pitfall</strong>" in text_of(mail, "html")
    assert mail["List-Unsubscribe"].startswith(f"<{BASE_URL}/alert-mail/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_an_early_warning_is_calm(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, EARLY)
    mail = the_mail(session)
    assert "▽ Early warning: sliding from a healthy level." in text_of(mail)
    assert "This is worth a look, and no more yet: it may pass." in text_of(mail)
    assert "<strong>" not in text_of(mail, "html")


def test_worse_is_told_again_and_less_bad_is_not(session: Session) -> None:
    team, _ = led_team(session)
    outbox = Kept()
    say(session, team, HEALTHY, EARLY)
    assert len(send(session, outbox)) == 1
    say(session, team, PITFALL, last=OPEN_WEEK.shift(1))
    assert send(session, outbox, AFTER_FREEZE + WEEK) == [(LEAD, "Excessive-BAU pitfall: Payments")]
    say(session, team, EARLY, last=OPEN_WEEK.shift(2))
    assert send(session, outbox, AFTER_FREEZE + WEEK * 2) == []


def test_a_change_found_in_a_past_week_is_told_as_such(session: Session) -> None:
    team, _ = led_team(session)
    for back in (3, 2, 1):
        keep(session, team, OPEN_WEEK.shift(-back), HEALTHY if back == 3 else EARLY)
    say(session, team, EARLY)
    text = text_of(the_mail(session))
    assert "The verdict turned in 2026-W45" in text
    assert "This was found only now, as verdicts of past weeks were reached late or anew." in text


def test_an_alarm_that_no_longer_stands_is_not_sent(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, EARLY)
    keep(session, team, OPEN_WEEK, RECOVERING)
    assert send(session, Kept()) == []


def test_an_alarm_that_could_not_be_sent_for_long_is_no_news(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, EARLY)
    assert send(session, Kept(), moment_after(OPEN_WEEK) + NEWS_LASTS) == []


def test_a_lead_who_answers_in_a_team_of_three_gets_no_figure_and_one_who_is_not_asked_gets_them(
    session: Session,
) -> None:
    team, members = led_team(session, size=3)
    membership_of(session, team, members[0]).role = Role.LEAD
    say(session, team, HEALTHY, EARLY)
    found = mails(session)
    assert "by about 30 points" in found[LEAD]
    answering = found["member0@payments.example"]
    assert "Its figures are not shown to you: too few others answered" in answering
    assert not re.search(r"\d %|points", answering)


def test_who_left_who_leads_no_more_and_who_opted_out_is_told_nothing(session: Session) -> None:
    team, _ = led_team(session)
    left, demoted, out = (add_lead(session, team, f"{name}@example.org") for name in ("left", "demoted", "out"))
    membership_of(session, team, left).ends_on = date(2026, 11, 24)
    membership_of(session, team, demoted).role = Role.MEMBER
    subscriptions.choose_subscriptions(session, set(), actor=out, now=AFTER_FREEZE)
    say(session, team, HEALTHY, EARLY)
    assert list(mails(session)) == [LEAD]


def test_somebody_who_loses_the_role_between_the_plan_and_the_mail_gets_none(any_engine: sa.Engine) -> None:
    with Session(writing(any_engine), expire_on_commit=False) as session:
        team, _ = led_team(session)
        other = add_lead(session, team, OTHER)
        say(session, team, HEALTHY, EARLY)
        session.commit()
        outbox = Kept()
        posting = office(outbox)
        planned = list(due_mailings(session, posting, clock=at(AFTER_FREEZE)))
        session.commit()
        assert sorted(mailing.to for mailing in planned) == [LEAD, OTHER]
        with Session(writing(any_engine), expire_on_commit=False) as elsewhere:
            membership_of(elsewhere, team, other).role = Role.MEMBER
            elsewhere.commit()
        assert send_mailings(session, planned, posting, clock=at(AFTER_FREEZE)).sent == 1
        assert [to for to, _ in outbox.lines] == [LEAD]
        assert [one.recipient for one in stored(session)] == [f"person:{lead_id(session)}"]


def test_a_second_run_while_a_mail_is_sent_does_not_send_it(any_engine: sa.Engine) -> None:
    with Session(writing(any_engine), expire_on_commit=False) as session:
        team, _ = led_team(session)
        say(session, team, HEALTHY, EARLY)
        session.commit()
    inner = Kept()

    class Slow(Kept):
        def send(self, message: EmailMessage) -> None:
            super().send(message)
            with Session(writing(any_engine), expire_on_commit=False) as other:
                assert send(other, inner) == []

    slow = Slow()
    with Session(writing(any_engine), expire_on_commit=False) as session:
        assert len(send(session, slow)) == 1
    assert inner.tried == []


def test_two_that_run_at_once_send_each_lead_one_mail(any_engine: sa.Engine) -> None:
    leads = sorted([LEAD, *(f"lead{number}@example.org" for number in range(5))])
    with Session(writing(any_engine), expire_on_commit=False) as session:
        for name in ("Payments", "Checkout"):
            team, _ = led_team(session, name)
            for email in leads[:-1]:
                add_lead(session, team, email)
            say(session, team, HEALTHY, EARLY)
        session.commit()
    together = Barrier(2)

    class Waiting(Kept):
        def send(self, message: EmailMessage) -> None:
            if not self.tried:
                together.wait(timeout=60)
            super().send(message)

    def run(outbox: Kept) -> int:
        with Session(writing(any_engine), expire_on_commit=False) as mine:
            return report(mine, outbox).sent

    outboxes = [Waiting(), Waiting()]
    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(run, outboxes)) == len(leads)
    taken = [line for outbox in outboxes for line in outbox.lines]
    assert sorted(taken) == [(email, "Early warning, worth a look: Checkout, and 1 more") for email in leads]


def test_what_a_dead_process_had_claimed_goes_later_and_what_came_since_at_once(any_session: Session) -> None:
    first, second = led_team(any_session)[0], led_team(any_session, "Checkout")[0]
    say(any_session, first, HEALTHY, EARLY)
    say(any_session, second, HEALTHY, HEALTHY)
    (mailing,) = due_mailings(any_session, office(Kept()), clock=at(AFTER_FREEZE))
    assert notices.claim(any_session, mailing.keys, lead_id(any_session), AFTER_FREEZE)
    outbox = Kept()
    keep(any_session, second, OPEN_WEEK, PITFALL)
    alerts.raise_alert(any_session, second, AFTER_FREEZE)
    assert send(any_session, outbox) == [(LEAD, "Excessive-BAU pitfall: Checkout")]
    assert send(any_session, outbox, AFTER_FREEZE + CLAIM_LASTS - timedelta(seconds=1)) == []
    assert send(any_session, outbox, AFTER_FREEZE + CLAIM_LASTS) == [(LEAD, "Early warning, worth a look: Payments")]
    assert send(any_session, outbox, AFTER_FREEZE + CLAIM_LASTS * 3) == []


def test_what_is_put_off_is_tried_again_and_a_server_that_is_away_loses_nothing(any_session: Session) -> None:
    team, _ = led_team(any_session)
    say(any_session, team, HEALTHY, EARLY)
    any_session.commit()
    outbox = Kept(failing={LEAD: NotTaken("451 later", for_good=False)})
    assert report(any_session, outbox).failures == [f"payments 2026-W47, alarm, {LEAD}: 451 later"]
    outbox.failing = {"*": Unavailable("The mail server can't be reached.")}
    with pytest.raises(Unavailable, match=r"0 alerts were sent before"):
        report(any_session, outbox, AFTER_FREEZE + FIRST_PAUSE)
    outbox.failing = {}
    assert report(any_session, outbox, AFTER_FREEZE + FIRST_PAUSE).sent == 1
    assert report(any_session, outbox, AFTER_FREEZE + HOUR).sent == 0


def test_an_address_that_is_refused_for_good_is_not_tried_again(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, EARLY)
    outbox = Kept(failing={LEAD: NotTaken("550 no such user", for_good=True)})
    assert len(report(session, outbox).failures) == 1
    assert report(session, outbox, AFTER_FREEZE + HOUR * 9).failures == []
    assert outbox.tried == [LEAD]


def test_who_has_seen_it_already_gets_no_mail_and_the_other_lead_does(session: Session) -> None:
    team, _ = led_team(session)
    other = add_lead(session, team, OTHER)
    say(session, team, HEALTHY, EARLY)
    alerts.acknowledge(session, team.slug, 1, actor=other, now=AFTER_FREEZE)
    assert list(mails(session)) == [LEAD]


def test_a_snooze_is_kept_and_ends_in_one_reminder(any_session: Session) -> None:
    team, _ = led_team(any_session)
    lead = Actor(lead_id(any_session))
    say(any_session, team, HEALTHY, EARLY)
    outbox = Kept()
    assert len(send(any_session, outbox)) == 1
    alerts.snooze(any_session, team.slug, 1, 2, actor=lead, now=AFTER_FREEZE)
    for later in (1, 2):
        say(any_session, team, EARLY, last=OPEN_WEEK.shift(later))
        found = send(any_session, outbox, AFTER_FREEZE + WEEK * later)
        assert found == ([] if later == 1 else [(LEAD, "Reminder: Early warning, worth a look: Payments")])
    assert send(any_session, outbox, AFTER_FREEZE + WEEK * 2 + HOUR) == []
    alerts.snooze(any_session, team.slug, 1, 1, actor=lead, now=AFTER_FREEZE + WEEK * 2)
    say(any_session, team, EARLY, last=OPEN_WEEK.shift(3))
    assert len(send(any_session, outbox, AFTER_FREEZE + WEEK * 3)) == 1


def test_a_snooze_is_of_one_person_only_and_comes_before_the_first_mail_too(session: Session) -> None:
    team, _ = led_team(session)
    add_lead(session, team, OTHER)
    say(session, team, HEALTHY, EARLY)
    alerts.snooze(session, team.slug, 1, 1, actor=Actor(lead_id(session)), now=AFTER_FREEZE)
    assert list(mails(session)) == [OTHER]


def test_nobody_is_reminded_once_somebody_has_seen_it_or_the_team_does_better(session: Session) -> None:
    for name, acknowledged in (("Payments", True), ("Checkout", False)):
        team, _ = led_team(session, name)
        say(session, team, HEALTHY, EARLY)
        alerts.snooze(session, team.slug, 1, 1, actor=Actor(lead_id(session)), now=AFTER_FREEZE)
        if acknowledged:
            alerts.acknowledge(session, team.slug, 1, actor=add_lead(session, team, OTHER), now=AFTER_FREEZE)
        else:
            keep(session, team, OPEN_WEEK, RECOVERING)
    assert [line for line in send(session, Kept(), AFTER_FREEZE + WEEK) if line[0] == LEAD] == []


def test_worse_breaks_a_snooze(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, EARLY)
    alerts.snooze(session, team.slug, 1, 4, actor=Actor(lead_id(session)), now=AFTER_FREEZE)
    say(session, team, PITFALL, last=OPEN_WEEK.shift(1))
    assert send(session, Kept(), AFTER_FREEZE + WEEK) == [(LEAD, "Excessive-BAU pitfall: Payments")]


@pytest.mark.parametrize(("wish", "count"), [(Wish.AT_ONCE, 1), (Wish.WEEKLY, 0), (Wish.NONE, 0)])
def test_a_person_is_told_as_they_chose(session: Session, wish: Wish, count: int) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, EARLY)
    subscriptions.choose_wish(session, lead_id(session), wish.value, now=AFTER_FREEZE)
    assert len(send(session, Kept())) == count


def test_an_archived_team_alarms_nobody(session: Session) -> None:
    team, _ = led_team(session)
    say(session, team, HEALTHY, EARLY)
    team.archived_on = date(2026, 11, 24)
    session.add(team)
    assert send(session, Kept()) == []


def posts(session: Session) -> list[ChannelPost]:
    session.commit()
    found = []
    for mailing in due_mailings(session, office(None), clock=at(AFTER_FREEZE)):
        written = mailing.write(mailing.keys)
        assert written is not None
        assert isinstance(written.content, ChannelPost)
        found.append(written.content)
        claims = notices.claim(session, mailing.keys, None, AFTER_FREEZE)
        notices.mark_sent(session, claims, AFTER_FREEZE)
    return found


def test_a_channel_is_told_once_with_the_figures_that_all_members_see_and_without_names(any_session: Session) -> None:
    team, _ = led_team(any_session)
    team.webhook = HOOK
    say(any_session, team, HEALTHY, PITFALL)
    (post,) = posts(any_session)
    assert post.title == "Excessive-BAU pitfall: Payments"
    assert post.text.startswith("Sliding from a healthy level; the verdict turned in 2026-W47. Planned work has fallen")
    assert post.text.endswith(f" {BASE_URL}/teams/payments")
    assert "@" not in post.text
    assert posts(any_session) == []


def test_a_channel_is_told_no_figure_that_is_hidden_from_any_member(session: Session) -> None:
    team, _ = led_team(session, size=3)
    team.webhook = HOOK
    say(session, team, HEALTHY, EARLY)
    (post,) = posts(session)
    assert post.text == (f"Sliding from its earlier level; the verdict turned in 2026-W47. {BASE_URL}/teams/payments")


def test_the_digest_reaches_verdicts_sends_results_and_then_alerts(any_session: Session) -> None:
    team, members = led_team(any_session, weeks=0)
    answer_in_weeks(any_session, team, members, [0.8] * 20 + [0.5] * 3)
    any_session.commit()
    outbox = Kept()
    for expected in (["Payments: 50 % planned work in 2026-W47", "Early warning, worth a look: Payments"], []):
        sent = digest(any_session, office(outbox), clock=at(AFTER_FREEZE))
        assert [str(mail["Subject"]) for mail in outbox.sent if address_of(mail) == LEAD] == expected
        assert sent.alerts == len(expected) // 2
        outbox.sent.clear()


def test_that_it_is_over_is_told_with_the_next_result_to_those_who_got_the_alarm(session: Session) -> None:
    team, members = led_team(session)
    say(session, team, HEALTHY, EARLY)
    assert len(send(session, Kept())) == 1
    add_lead(session, team, OTHER)
    over = OPEN_WEEK.shift(4)
    say(session, team, *[RECOVERING] * 4, last=over)
    answer_in_weeks(session, team, members, [0.8], last=over)
    settled_at(session, team, moment_after(over))
    session.commit()
    outbox = Kept()
    assert digest(session, office(outbox), clock=at(moment_after(over))).alerts == 0
    found = {address_of(mail): text_of(mail) for mail in outbox.sent}
    said = "“Early warning” since 2026-W47 is over: the verdicts have been calm since."
    assert {address for address, text in found.items() if said in text} == {LEAD}
    assert OTHER in found
    later = over.shift(1)
    say(session, team, HEALTHY, last=later)
    answer_in_weeks(session, team, members, [0.8], last=later)
    settled_at(session, team, moment_after(later))
    session.commit()
    outbox.sent.clear()
    digest(session, office(outbox), clock=at(moment_after(later)))
    assert len(outbox.sent) == len(found)
    assert not any(said in text_of(mail) for mail in outbox.sent)


def mails(session: Session) -> dict[str, str]:
    """Send what is due; give each mail's text by its recipient."""
    outbox = Kept()
    report(session, outbox)
    return {address_of(mail): text_of(mail) for mail in outbox.sent}


def report(session: Session, outbox: Kept, now: datetime = AFTER_FREEZE) -> Report:
    session.commit()
    posting = office(outbox)
    return send_mailings(session, due_mailings(session, posting, clock=at(now)), posting, clock=at(now))


def stored(session: Session) -> list[Notice]:
    return list(session.exec(select(Notice)))


def lead_id(session: Session) -> int:
    person = person_with_email(session, LEAD)
    assert person is not None
    return person.id


def membership_of(session: Session, team: Team, actor: Actor) -> Membership:
    (membership,) = memberships_of(session, team.id, actor.person_id or 0)
    session.add(membership)
    return membership
