from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import Forbidden
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.rules import WeekRules, stored_rules
from bau_tracker.domain.surveys import Answer
from bau_tracker.outbound.errors import NotTaken
from bau_tracker.outbound.mail import MailboxOutbox
from bau_tracker.services import messages, subscriptions, surveys
from bau_tracker.services.invitations import open_invitation
from bau_tracker.services.posting import Office
from bau_tracker.storage.tables import Absence, Reopening, Team
from bau_tracker.storage.teams import rules_of
from tests.conftest import SECRET
from tests.factories import MONDAY, OPEN_WEEK, give_answer, make_member, make_team, make_team_of
from tests.post import BASE_URL, SENDER, Kept, links_in, office, text_of

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=MONDAY.tzinfo)
TUESDAY = MONDAY + timedelta(days=1)
FREEZE = datetime(2026, 11, 25, 12, tzinfo=MONDAY.tzinfo)
ANA, BEN, CARA = (f"member{number}@payments.example" for number in range(3))
INVITED = "Payments: your week 2026-W47, under a minute"
FIRST = "Payments: 2026-W47 still waits for you, under a minute"
SECOND = "Payments: last reminder for 2026-W47, under a minute"
AGAIN = "Payments: 2026-W47 is open again, under a minute"


def at(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def lines(session: Session, now: datetime) -> list[tuple[str, str]]:
    outbox = Kept()
    assert messages.remind(session, office(outbox), clock=at(now)).failures == []
    return outbox.lines


def reopen(session: Session, team: Team, until: datetime) -> None:
    session.add(
        Reopening(team_id=team.id, week=OPEN_WEEK.monday, reopened_at=FREEZE, freezes_at=until, reason="Half were ill.")
    )
    session.flush()


def test_a_member_gets_an_invitation_and_two_reminders_each_at_its_moment(session: Session) -> None:
    make_team_of(session, 1)
    assert lines(session, FRIDAY - timedelta(seconds=1)) == []
    assert lines(session, FRIDAY) == [(ANA, INVITED)]
    assert lines(session, FRIDAY + timedelta(days=2)) == []
    assert lines(session, MONDAY) == [(ANA, FIRST)]
    assert lines(session, TUESDAY) == [(ANA, SECOND)]
    assert lines(session, FREEZE - timedelta(seconds=1)) == []
    assert lines(session, FREEZE) == []


def test_a_run_that_comes_late_sends_the_newest_message_only_and_calls_the_first_an_invitation(
    session: Session,
) -> None:
    make_team_of(session, 1)
    assert lines(session, TUESDAY) == [(ANA, INVITED)]
    assert lines(session, TUESDAY + timedelta(hours=1)) == []


def test_nobody_gets_two_messages_one_after_the_other_when_a_run_came_late(session: Session) -> None:
    make_team_of(session, 1)
    nine = MONDAY.replace(hour=9)
    assert lines(session, nine - timedelta(minutes=5)) == [(ANA, INVITED)]
    assert lines(session, nine + timedelta(minutes=5)) == []
    assert lines(session, nine + timedelta(minutes=115)) == [(ANA, FIRST)]


def test_a_message_that_was_refused_was_not_heard_so_the_next_one_invites(session: Session) -> None:
    make_team_of(session, 1)
    refusing = office(Kept(failing={ANA: NotTaken("550 mailbox full", for_good=True)}))
    assert len(messages.remind(session, refusing, clock=at(FRIDAY)).failures) == 1
    assert lines(session, MONDAY) == [(ANA, INVITED)]


def test_who_answered_or_said_away_is_left_in_peace(session: Session) -> None:
    team, (ana, ben, _) = make_team_of(session, 3)
    lines(session, FRIDAY)
    give_answer(session, team, ana)
    give_answer(session, team, ben, answer=Answer(away=True))
    assert lines(session, MONDAY) == [(CARA, FIRST)]


def test_who_typed_and_did_not_send_is_reminded_and_told_that_the_draft_is_kept(session: Session) -> None:
    team, (ana,) = make_team_of(session, 1)
    surveys.save_draft(session, team.slug, OPEN_WEEK, {"planned": ["2"]}, actor=ana, now=MONDAY)
    outbox = Kept()
    messages.remind(session, office(outbox), clock=at(MONDAY))
    assert "Your draft is kept" in text_of(outbox.sent[0])


def test_who_is_away_all_week_or_left_or_is_not_asked_gets_nothing(session: Session) -> None:
    team, (ana, ben, _) = make_team_of(session, 3)
    assert ana.person_id is not None
    session.add(Absence(person_id=ana.person_id, starts_on=OPEN_WEEK.monday, ends_on=OPEN_WEEK.sunday))
    make_member(session, team, ben.name, starts_on=date(2026, 11, 16), hours=0)
    make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    assert lines(session, FRIDAY) == [(CARA, INVITED)]


def test_who_moves_between_teams_amid_a_week_is_asked_by_both(session: Session) -> None:
    make_team_of(session, 1)
    other = make_team(session, "Checkout")
    team_member = make_member(session, other, ANA, starts_on=date(2026, 11, 18))
    assert team_member.person_id
    assert [subject.partition(":")[0] for _, subject in lines(session, FRIDAY)] == ["Checkout", "Payments"]


def test_who_opted_out_of_a_team_gets_nothing_about_it_and_everything_about_others(session: Session) -> None:
    make_team_of(session, 1)
    other = make_team(session, "Checkout")
    ana = make_member(session, other, ANA)
    subscriptions.choose_subscriptions(session, {"payments"}, actor=ana, now=MONDAY)
    assert lines(session, FRIDAY) == [(ANA, INVITED)]
    subscriptions.choose_subscriptions(session, {"checkout"}, actor=ana, now=MONDAY)
    assert [subject.partition(":")[0] for _, subject in lines(session, MONDAY)] == ["Checkout"]


def test_a_week_that_is_opened_again_is_told_once_to_those_who_have_not_answered(session: Session) -> None:
    team, (ana, _) = make_team_of(session, 2)
    lines(session, FRIDAY)
    give_answer(session, team, ana)
    reopen(session, team, FREEZE + timedelta(days=1))
    assert lines(session, FREEZE + timedelta(hours=1)) == [(BEN, AGAIN)]
    assert lines(session, FREEZE + timedelta(hours=2)) == []
    assert lines(session, FREEZE + timedelta(days=1)) == []


def test_an_archived_team_is_asked_until_its_last_day(session: Session) -> None:
    team, _ = make_team_of(session, 1)
    team.archived_on = FRIDAY.date()
    session.add(team)
    assert lines(session, FRIDAY + timedelta(days=1)) == []
    assert lines(session, FRIDAY) == [(ANA, INVITED)]


def test_the_link_of_a_message_opens_the_week_of_its_recipient(session: Session) -> None:
    team, (ana,) = make_team_of(session, 1)
    outbox = Kept()
    messages.remind(session, office(outbox), clock=at(FRIDAY))
    messages.remind(session, office(outbox), clock=at(MONDAY))
    first, second = outbox.sent
    link, leave = links_in(first)
    assert links_in(second) == [link, leave]
    invited = open_invitation(session, link.removeprefix(f"{BASE_URL}/answer/"), secret=SECRET, now=MONDAY)
    assert (invited.team.id, invited.week, invited.person_id) == (team.id, OPEN_WEEK, ana.person_id)
    assert first["List-Unsubscribe"] == f"<{leave}>"
    assert leave.startswith(f"{BASE_URL}/unsubscribe/")
    assert first["Message-ID"] == f"<invitation.2026-W47.{team.id}.person-{ana.person_id}@bau.example.org>"
    assert second["Message-ID"] != first["Message-ID"]


def test_a_message_says_when_the_week_freezes_in_the_teams_time_zone(session: Session) -> None:
    make_team_of(session, 1, timezone="Europe/Berlin")
    outbox = Kept()
    messages.remind(session, office(outbox), clock=at(FRIDAY))
    assert "open until Wednesday 25 Nov, 12:00 (Europe/Berlin)." in text_of(outbox.sent[0])


def test_a_message_says_it_where_the_team_sees_who_is_missing(session: Session) -> None:
    team, _ = make_team_of(session, 1)
    rules = rules_of(team)
    shown = WeekRules(rules.newest.times, rules.newest.minimums, shows_missing=True)
    team.rules = stored_rules(rules.changed(shown, FRIDAY - timedelta(days=6)))
    session.add(team)
    outbox = Kept()
    messages.remind(session, office(outbox), clock=at(FRIDAY))
    assert "The team sees by name who has not answered yet." in text_of(outbox.sent[0])


def test_a_team_of_a_name_with_line_breaks_adds_no_header(session: Session) -> None:
    make_team_of(session, 1, "Pay\r\nBcc: all@example.org\r\nments")
    outbox = Kept()
    messages.remind(session, office(outbox), clock=at(FRIDAY))
    (mail,) = outbox.sent
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Pay Bcc: all@example.org ments: your week 2026-W47, under a minute"


def test_a_lead_can_pass_a_reminder_on_by_hand_which_names_nobody_and_signs_nobody_in(session: Session) -> None:
    team, (ana, _) = make_team_of(session, 2)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    give_answer(session, team, ana)
    told = messages.team_messages(session, team, actor=lead, base_url=BASE_URL, now=MONDAY)
    assert told is not None
    assert told.reminder == (
        "Payments: how did your week 2026-W47 (16-22 Nov) split between planned and unplanned work? It takes under a "
        "minute, until Wednesday 25 Nov, 12:00 (UTC): https://bau.example.org/my-week\n"
        "Figures are the team's only, from 3 answers besides your own on. Thanks if you have answered already."
    )
    assert (told.sent_at, told.failed) == (None, 0)


def test_a_lead_learns_when_the_last_message_went_and_how_many_failed(session: Session) -> None:
    team, _ = make_team_of(session, 3)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    refusing = office(Kept(failing={ANA: NotTaken("550 no such user", for_good=True)}))
    messages.remind(session, refusing, clock=at(FRIDAY))
    told = messages.team_messages(session, team, actor=lead, base_url=BASE_URL, now=MONDAY)
    assert told is not None
    assert (told.sent_at, told.failed) == (FRIDAY, 1)


def test_between_two_weeks_there_is_nothing_to_pass_on(session: Session) -> None:
    team, _ = make_team_of(session, 1)
    lead = make_member(session, team, "lead@example.org", role=Role.LEAD, hours=0)
    told = messages.team_messages(session, team, actor=lead, base_url=BASE_URL, now=FREEZE)
    assert told == messages.TeamMessages("", None, None, 0)


def test_a_member_is_told_nothing_of_the_teams_messages(session: Session) -> None:
    team, (ana,) = make_team_of(session, 1)
    assert messages.team_messages(session, team, actor=ana, base_url=BASE_URL, now=MONDAY) is None
    assert messages.team_messages(session, team, actor=Actor(99), base_url=BASE_URL, now=MONDAY) is None


def test_the_development_mailbox_is_for_administrators_since_it_holds_everybodys_links(
    session: Session, tmp_path: Path
) -> None:
    make_team_of(session, 1)
    messages.remind(session, Office(MailboxOutbox(tmp_path), SENDER, BASE_URL, SECRET), clock=at(FRIDAY))
    (mail,) = messages.mailbox(tmp_path, actor=Actor(1, is_admin=True))
    assert (mail.to, mail.subject, mail.date) == (ANA, INVITED, FRIDAY)
    with pytest.raises(Forbidden, match="Only an administrator"):
        messages.mailbox(tmp_path, actor=Actor(1))
