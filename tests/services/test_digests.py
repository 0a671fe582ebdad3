from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.domain.surveys import Answer
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.weeks import Week
from bau_tracker.services import digests, subscriptions
from bau_tracker.services.posting import ChannelPost
from bau_tracker.storage.tables import AgreedAction, Membership, Reopening, Team
from bau_tracker.storage.teams import memberships_of
from tests.factories import (
    AFTER_FREEZE,
    MONDAY,
    OPEN_WEEK,
    give_answer,
    make_answer,
    make_member,
    make_team,
    make_team_of,
)
from tests.post import BASE_URL, Kept, office, text_of

LEAD = "lead@example.org"
EVERYBODY = [f"member{number}@payments.example" for number in range(4)]


def at(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def sent(session: Session, now: datetime = AFTER_FREEZE) -> dict[str, str]:
    """Give the text of each digest by its recipient."""
    outbox = Kept()
    assert digests.digest(session, office(outbox), clock=at(now)).failures == []
    return {message["To"].addresses[0].addr_spec: text_of(message) for message in outbox.sent}


def team_with_lead(session: Session, size: int = 4) -> tuple[Team, list[Actor]]:
    team, members = make_team_of(session, size)
    make_member(session, team, LEAD, role=Role.LEAD, hours=0)
    return team, members


def answered(session: Session, size: int = 4, answering: int = 4, week: Week = OPEN_WEEK) -> tuple[Team, list[Actor]]:
    team, members = team_with_lead(session, size)
    for member in members[:answering]:
        give_answer(session, team, member, week)
    return team, members


def test_after_the_freeze_everybody_of_the_team_gets_the_result_once(session: Session) -> None:
    answered(session)
    assert sent(session, AFTER_FREEZE - timedelta(seconds=1)) == {}
    found = sent(session)
    assert sorted(found) == sorted([*EVERYBODY, LEAD])
    text = found[EVERYBODY[0]]
    assert "this is what the week 2026-W47 (16-22 Nov) of Payments came to." in text
    assert "Planned work was 75 %; 4 of 4 answered." in text
    assert "of this kind: defect fix" in text
    assert f"{BASE_URL}/teams/payments" in text
    assert sent(session, AFTER_FREEZE + timedelta(hours=1)) == {}


def test_a_result_that_is_a_week_old_is_no_news(session: Session) -> None:
    answered(session)
    late = sent(session, AFTER_FREEZE + timedelta(days=7))
    assert not any("2026-W47" in text for text in late.values())


def test_a_change_against_the_weeks_before_is_told(session: Session) -> None:
    team, members = answered(session, week=OPEN_WEEK.shift(-1))
    for member in members:
        give_answer(session, team, member, answer=make_answer(planned=16, bau=16))
    assert "That is 25 points lower than the usual 75 % of the week before." in sent(session)[LEAD]


def test_each_reader_sees_the_figure_only_where_enough_others_answered(session: Session) -> None:
    answered(session, size=4, answering=3)
    found = sent(session)
    assert "Planned work was 75 %; 3 of 4 answered." in found[LEAD]
    assert "Planned work was 75 %; 3 of 4 answered." in found[EVERYBODY[3]]
    for respondent in EVERYBODY[:3]:
        assert "3 of 4 answered: too few besides your own to show a figure" in found[respondent]
        assert "%" not in found[respondent]


def test_leads_alone_are_told_the_verdict_with_why_and_what_helps(session: Session) -> None:
    team, members = team_with_lead(session)
    for back in range(11, -1, -1):
        slid = back < 4
        answer = make_answer(
            planned=16 if slid else 28, bau=16 if slid else 4, excessive=(Chip.DEPLOYMENTS,) if slid else ()
        )
        for member in members:
            give_answer(session, team, member, OPEN_WEEK.shift(-back), answer)
    found = sent(session)
    assert "▼ Excessive-BAU pitfall: sliding from a healthy level." in found[LEAD]
    assert "Planned work has fallen by about" in found[LEAD]
    assert "What helps: fully automate the deployment pipeline." in found[LEAD]
    for email in EVERYBODY:
        assert "pitfall" not in found[email]
        assert "What helps" not in found[email]


def test_what_was_agreed_and_is_under_way_is_told(session: Session) -> None:
    team, _ = answered(session)
    session.add(AgreedAction(team_id=team.id, number=1, text="Mend the\nalerts", agreed_at=MONDAY))
    session.add(AgreedAction(team_id=team.id, number=2, text="Done long ago", agreed_at=MONDAY, done_on=MONDAY.date()))
    session.flush()
    found = sent(session)[EVERYBODY[0]]
    assert "What you agreed to do about it:\n- Mend the alerts\n" in found
    assert "Done long ago" not in found


def test_where_nobody_answered_leads_get_a_note_and_nobody_else_anything(session: Session) -> None:
    team_with_lead(session)
    found = sent(session)
    assert list(found) == [LEAD]
    assert "nobody answered the week 2026-W47 (16-22 Nov) of Payments, so there is no figure" in found[LEAD]
    assert sent(session) == {}


def test_a_team_that_was_not_here_yet_is_blamed_for_no_silent_week(session: Session) -> None:
    team, _ = team_with_lead(session)
    team.created_at = AFTER_FREEZE
    session.add(team)
    assert sent(session, AFTER_FREEZE + timedelta(days=1)) == {}


def test_where_everybody_was_away_nobody_is_bothered(session: Session) -> None:
    team, members = team_with_lead(session)
    for member in members:
        give_answer(session, team, member, answer=Answer(away=True))
    assert sent(session) == {}


def test_who_opted_out_who_left_and_who_came_later_get_no_result(session: Session) -> None:
    team, members = answered(session)
    out, left, *_ = members
    subscriptions.choose_subscriptions(session, set(), actor=out, now=AFTER_FREEZE)
    membership_of(session, team, left).ends_on = date(2026, 11, 22)
    make_member(session, team, "new@example.org", starts_on=date(2026, 11, 23))
    assert sorted(sent(session)) == sorted([*EVERYBODY[2:], LEAD])


def membership_of(session: Session, team: Team, actor: Actor) -> Membership:
    (membership,) = memberships_of(session, team.id, actor.person_id or 0)
    session.add(membership)
    return membership


def test_a_week_that_is_open_again_is_told_after_its_new_freeze(session: Session) -> None:
    team, _ = answered(session)
    until = AFTER_FREEZE + timedelta(days=1)
    session.add(
        Reopening(team_id=team.id, week=OPEN_WEEK.monday, reopened_at=AFTER_FREEZE, freezes_at=until, reason="Ill.")
    )
    session.flush()
    assert sent(session) == {}
    assert len(sent(session, until)) == 5


def test_an_archived_team_sends_nothing(session: Session) -> None:
    team, _ = answered(session)
    team.archived_on = date(2026, 11, 24)
    session.add(team)
    assert sent(session) == {}


def posts(session: Session) -> list[tuple[str, str]]:
    found = []
    for parcel in digests.due_digests(session, office(None), clock=at(AFTER_FREEZE)):
        written = parcel.write()
        assert isinstance(written, ChannelPost)
        found.append((written.title, written.text))
    return found


def test_a_channel_is_told_what_every_member_may_see(session: Session) -> None:
    team, _ = answered(session)
    team.webhook = "jsons://chat.example.org/hook"
    session.add(team)
    ((title, text),) = posts(session)
    assert title == "Payments: 2026-W47 (16-22 Nov)"
    assert text.startswith("Planned work was 75 %; 4 of 4 answered. Most of the unplanned work")
    assert text.endswith(f" {BASE_URL}/teams/payments")


def test_a_channel_is_told_no_figure_that_is_hidden_from_any_member(session: Session) -> None:
    team, _ = answered(session, size=4, answering=3)
    team.webhook = "jsons://chat.example.org/hook"
    session.add(team)
    ((_, text),) = posts(session)
    assert text.startswith("3 of 4 answered: too few besides your own to show a figure")
    assert "%" not in text


def test_a_channel_is_told_a_rounded_figure_where_any_member_sees_it_rounded(session: Session) -> None:
    team = make_team(session)
    newcomer = make_member(session, team, "newcomer@example.org", starts_on=OPEN_WEEK.monday)
    others = [make_member(session, team, f"member{number}@example.org") for number in range(4)]
    for member in others:
        give_answer(session, team, member, OPEN_WEEK.shift(-1), make_answer(29, 11, 0))
    for member in (newcomer, *others):
        give_answer(session, team, member, answer=make_answer(29, 11, 0))
    team.webhook = "jsons://chat.example.org/hook"
    session.add(team)
    ((_, text),) = posts(session)
    assert text.startswith("Planned work was about 70 %; 5 of 5 answered.")


def test_a_channel_is_told_nothing_where_nobody_answered(session: Session) -> None:
    team, _ = team_with_lead(session)
    team.webhook = "jsons://chat.example.org/hook"
    session.add(team)
    assert posts(session) == []
