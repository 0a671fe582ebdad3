from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.alerts import Wish
from bau_tracker.domain.permissions import Role
from bau_tracker.domain.verdicts import Signal
from bau_tracker.services.subscriptions import wish_token
from bau_tracker.storage.alert_tables import Alert, AlertSnooze, AlertWish
from bau_tracker.storage.tables import Team
from tests.alerting import EARLY, HEALTHY, LEAD, PITFALL, RECOVERING, led_team, say, settled_at
from tests.conftest import SECRET, Clock
from tests.factories import AFTER_FREEZE, OPEN_WEEK, make_member, make_person, make_team
from tests.web.pages import read

ALERT = "/teams/payments/alerts/1"
MEMBER, ADMIN, OUTSIDER = "member0@payments.example", "admin@example.org", "other@example.org"
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def team(session: Session, clock: Clock) -> Team:
    clock.now = AFTER_FREEZE
    return slid(session, EARLY)


@pytest.fixture
def lead(team: Team, signed_in: SignIn) -> FlaskClient:
    assert team
    return signed_in(LEAD)


def slid(session: Session, signal: Signal, name: str = "Payments") -> Team:
    team, _ = led_team(session, name)
    make_person(session, LEAD, name="Amara Okafor")
    make_person(session, ADMIN, admin=True)
    make_member(session, make_team(session, f"Beside {name}"), OUTSIDER, role=Role.LEAD)
    say(session, team, HEALTHY, signal)
    session.commit()
    return team


def alerts_in(session: Session) -> list[tuple[bool, int | None]]:
    """Give of each alarm whether it was seen, and the person who did."""
    found = [(one.acknowledged_at is not None, one.acknowledged_by_id) for one in session.exec(select(Alert)).all()]
    session.rollback()
    return found


def snoozes_in(session: Session) -> list[int]:
    """Give for how many days alarms are snoozed."""
    found = [(one.until - AFTER_FREEZE).days for one in session.exec(select(AlertSnooze)).all()]
    session.rollback()
    return found


def wish_in(session: Session) -> list[Wish]:
    found = [one.wish for one in session.exec(select(AlertWish)).all()]
    session.rollback()
    return found


def test_an_open_alert_says_what_it_is_since_when_and_that_nobody_has_seen_it(lead: FlaskClient) -> None:
    page = read(lead.get("/teams/payments"))
    assert (
        "Open alert ▽ Early warning The verdict turned in 2026-W47 (16-22 Nov); before it was “Healthy”. "
        "Nobody has said yet that they have seen it."
    ) in page.text
    assert {f"{ALERT}/seen", f"{ALERT}/remind"} <= set(page.actions)


def test_the_overview_names_open_alerts_with_the_same_buttons(lead: FlaskClient) -> None:
    page = read(lead.get("/"))
    assert "▽ Early warning Payments: sliding from a healthy level. The verdict turned in 2026-W47." in page.text
    assert {f"{ALERT}/seen", f"{ALERT}/remind"} <= set(page.actions)
    lead.post(f"{ALERT}/seen")
    page = read(lead.get("/"))
    assert "Seen already: 1" in page.text
    assert f"{ALERT}/seen" not in page.actions


def test_on_the_overview_open_alerts_come_before_the_table_worst_first(
    session: Session, team: Team, lead: FlaskClient
) -> None:
    slid(session, PITFALL, "Search")
    settled_at(session, team, AFTER_FREEZE)  # its lead is in another team too now
    session.commit()
    text = read(lead.get("/")).text
    assert (
        text.index("Open alerts") < text.index("Search:") < text.index("Payments:") < text.index("Planned work, worst")
    )


def test_what_one_lead_has_seen_all_leads_and_administrators_read(
    session: Session, lead: FlaskClient, signed_in: SignIn
) -> None:
    response = lead.post(f"{ALERT}/seen")
    assert (response.status_code, response.location) == (302, "/teams/payments#alerts")
    assert alerts_in(session)[0][0]
    for client in (lead, signed_in(ADMIN)):
        page = read(client.get("/teams/payments"))
        assert "Seen by Amara Okafor on Wed 25 Nov 2026, 12:00 (UTC)." in page.text
        assert f"{ALERT}/seen" not in page.actions


@pytest.mark.parametrize("weeks", [1, 2, 4])
def test_a_lead_is_reminded_when_they_chose_and_reads_when_that_is(
    session: Session, lead: FlaskClient, weeks: int
) -> None:
    response = lead.post(f"{ALERT}/remind", data={"weeks": weeks, "back": "overview"})
    assert (response.status_code, response.location) == (302, "/#alerts")
    assert snoozes_in(session) == [weeks * 7]
    page = read(lead.get("/teams/payments"))
    assert "You hear of it again on" in page.text
    assert "You are reminded on" in page.text


@pytest.mark.parametrize("weeks", ["3", "", "soon", "-1"])
def test_other_times_are_refused(session: Session, lead: FlaskClient, weeks: str) -> None:
    response = lead.post(f"{ALERT}/remind", data={"weeks": weeks})
    assert response.status_code == 400
    assert "Choose to be reminded in 1, 2 or 4 weeks." in read(response).text
    assert snoozes_in(session) == []


@pytest.mark.parametrize(("email", "status"), [(MEMBER, 403), (OUTSIDER, 404)])
def test_members_and_outsiders_neither_see_nor_change_an_alert(
    session: Session, team: Team, signed_in: SignIn, email: str, status: int
) -> None:
    client = signed_in(email)
    for address in ("/", f"/teams/{team.slug}"):
        page = read(client.get(address))
        assert "Open alert" not in page.text
        assert not any("/alerts/" in action for action in page.actions)
    for what in ("seen", "remind"):
        assert client.post(f"{ALERT}/{what}", data={"weeks": 1}).status_code == status
    assert alerts_in(session) == [(False, None)]
    assert snoozes_in(session) == []


def test_an_administrator_can_say_that_it_was_seen_and_is_offered_no_reminder(
    session: Session, team: Team, signed_in: SignIn
) -> None:
    client = signed_in(ADMIN)
    assert f"{ALERT}/remind" not in read(client.get(f"/teams/{team.slug}")).actions
    assert client.post(f"{ALERT}/remind", data={"weeks": 1}).status_code == 403
    assert client.post(f"{ALERT}/seen").status_code == 302
    assert alerts_in(session)[0][0]


def test_an_alert_that_is_not_there_or_over_says_so(session: Session, team: Team, lead: FlaskClient) -> None:
    assert lead.post("/teams/payments/alerts/2/seen").status_code == 404
    say(session, team, *[HEALTHY] * 4, last=OPEN_WEEK.shift(4))
    session.commit()
    response = lead.post(f"{ALERT}/seen")
    assert response.status_code == 409
    assert "This alert is over by now." in read(response).text


def test_a_calmer_verdict_and_an_alert_found_late_say_so(session: Session, clock: Clock, signed_in: SignIn) -> None:
    clock.now = AFTER_FREEZE
    team, _ = led_team(session)
    say(session, team, HEALTHY, EARLY, RECOVERING)
    session.commit()
    assert "after four such weeks this closes by itself" in read(signed_in(LEAD).get("/teams/payments")).text


def test_an_archived_team_shows_no_open_alert(session: Session, team: Team, lead: FlaskClient, clock: Clock) -> None:
    team.archived_on = AFTER_FREEZE.date()
    session.add(team)
    session.commit()
    clock.advance(days=1)
    assert "Open alert" not in read(lead.get("/teams/payments")).text
    assert lead.post(f"{ALERT}/seen").status_code == 409


def test_opening_an_address_of_a_mail_acts_on_nothing(session: Session, lead: FlaskClient) -> None:
    for what in ("seen", "remind"):
        assert lead.get(f"{ALERT}/{what}").status_code == 405
    assert alerts_in(session) == [(False, None)]


def test_a_lead_chooses_how_to_hear_of_alerts(session: Session, lead: FlaskClient) -> None:
    page = read(lead.get("/messages"))
    assert page.value["wish"] == "at_once"
    response = lead.post("/messages/alerts", data={"wish": "weekly"})
    assert (response.status_code, response.location) == (302, "/messages")
    assert wish_in(session) == [Wish.WEEKLY]
    page = read(lead.get("/messages"))
    assert "It counts for every alert from now on." in page.text
    assert page.value["wish"] == "weekly"
    assert lead.post("/messages/alerts", data={"wish": "never"}).status_code == 400
    assert wish_in(session) == [Wish.WEEKLY]


def test_who_leads_no_team_is_not_asked_about_alerts(team: Team, signed_in: SignIn) -> None:
    assert team
    assert "wish" not in read(signed_in(MEMBER).get("/messages")).fields


def test_the_link_in_a_mails_foot_shows_the_choice_and_changes_nothing_until_it_is_sent(
    session: Session, team: Team, client: FlaskClient
) -> None:
    assert team
    address = f"/alert-mail/{wish_token(lead_id(session), secret=SECRET)}"
    page = read(client.get(address))
    assert "You get a mail when the verdict on a team that you lead turns bad." in page.text
    assert wish_in(session) == []
    page = read(client.post(address, data={"wish": "weekly"}))
    assert "Done: you get a summary of the teams that you lead once a week" in page.text
    assert wish_in(session) == [Wish.WEEKLY]


def test_the_button_of_a_mail_program_stops_alerts(session: Session, team: Team, client: FlaskClient) -> None:
    assert team
    address = f"/alert-mail/{wish_token(lead_id(session), secret=SECRET)}"
    response = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert "Done: you get no mail about alerts." in read(response).text
    assert wish_in(session) == [Wish.NONE]


@pytest.mark.parametrize("send", ["get", "post"])
def test_a_link_that_is_cut_off_or_of_another_kind_is_refused(
    session: Session, team: Team, client: FlaskClient, send: str
) -> None:
    assert team
    token = wish_token(lead_id(session), secret=SECRET)
    for address in (f"/alert-mail/{token[:-3]}", f"/unsubscribe/{token}"):
        response = getattr(client, send)(address)
        assert response.status_code == 400
        assert "Copy the whole link from the message." in read(response).text
    gone = f"/alert-mail/{wish_token(999, secret=SECRET)}"
    assert "no longer here" in read(getattr(client, send)(gone)).text
    assert wish_in(session) == []


def lead_id(session: Session) -> int:
    person = make_person(session, LEAD)
    session.commit()
    return person.id
