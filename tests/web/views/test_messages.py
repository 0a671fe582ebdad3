from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from bau_tracker.outbound.mail import MailboxOutbox
from bau_tracker.services import messages
from bau_tracker.services.posting import Office
from bau_tracker.services.subscriptions import unsubscribe_token
from bau_tracker.settings import Settings
from bau_tracker.storage.messages import opted_out
from bau_tracker.storage.tables import Person
from bau_tracker.web.app import create_app
from tests.conftest import SECRET, Clock
from tests.factories import MONDAY, make_member, make_person, make_team, make_team_of
from tests.post import BASE_URL, SENDER
from tests.web.pages import read

ANA, ADMIN = "member0@payments.example", "admin@example.org"
SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Keep mail in the mailbox; a test that wants none takes it away."""
    return replace(settings, mail="mailbox", base_url=BASE_URL)


@pytest.fixture
def address(session: Session) -> str:
    """Give the address by which Ana leaves the list of Payments."""
    team, (ana, _) = make_team_of(session, 2)
    session.commit()
    return f"/unsubscribe/{unsubscribe_token(team.id, ana.person_id or 0, secret=SECRET)}"


def out(session: Session, team_id: int = 1) -> set[int]:
    found = opted_out(session, team_id)
    session.commit()  # lets the pages write
    return found


def test_opening_the_link_changes_nothing_since_mail_scanners_open_links(
    client: FlaskClient, session: Session, address: str
) -> None:
    for _ in range(2):
        page = read(client.get(address))
        assert "You get the invitations, reminders and results of Payments by mail." in page.text
        assert "Stop these messages" in page.text
    assert out(session) == set()


def test_the_button_of_a_mail_program_stops_the_messages_without_session_token_or_redirect(
    app: Flask, session: Session, address: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for _ in range(2):
        response = app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert "You get no more messages about Payments." in read(response).text.replace("Done: you", "You")
    assert len(out(session)) == 1


def test_who_pressed_it_by_mistake_finds_the_way_back_on_the_same_page(
    client: FlaskClient, session: Session, address: str
) -> None:
    page = read(client.post(address))
    assert "Send them again" in page.text
    assert "/messages" in page.links
    page = read(client.post(address, data={"action": "again"}))
    assert "Done: you get the invitations" in page.text
    assert out(session) == set()


@pytest.mark.parametrize("send", ["get", "post"])
def test_a_link_that_is_cut_off_says_so_and_changes_nothing(
    client: FlaskClient, session: Session, address: str, send: str
) -> None:
    response = getattr(client, send)(address[:-3])
    assert response.status_code == 400
    assert "Copy the whole link from the message." in read(response).text
    assert out(session) == set()


def test_a_person_chooses_about_which_teams_messages_are_sent(session: Session, signed_in: SignIn) -> None:
    team, (ana, _) = make_team_of(session, 2)
    make_member(session, make_team(session, "Checkout"), ANA)
    session.commit()
    client = signed_in(ANA)
    page = read(client.get("/messages"))
    assert page.fields["wanted"] == ["checkout", "payments"]
    response = client.post("/messages", data={"wanted": "checkout"})
    assert response.location == "/messages"
    page = read(client.get("/messages"))
    assert "Kept." in page.text
    assert page.fields["wanted"] == ["checkout"]
    assert out(session) == {ana.person_id}
    client.post("/messages", data={"wanted": ["checkout", "payments"]})
    assert out(session) == set()
    assert team.id == 1


def test_choosing_nothing_stops_everything_and_choosing_a_team_of_others_changes_nothing(
    session: Session, signed_in: SignIn
) -> None:
    make_team_of(session, 2)
    make_team_of(session, 1, "Checkout")
    session.commit()
    client = signed_in(ANA)
    client.post("/messages", data={"wanted": "checkout"})
    assert len(out(session)) == 1
    assert out(session, 2) == set()


def test_somebody_without_a_team_is_told_that_nothing_is_sent(session: Session, signed_in: SignIn) -> None:
    make_person(session, ADMIN, admin=True)
    session.commit()
    assert "You belong to no team, so nothing is sent to you." in read(signed_in(ADMIN).get("/messages")).text


def test_the_account_page_leads_to_the_messages_and_administrators_to_the_mailbox(
    session: Session, signed_in: SignIn
) -> None:
    make_team_of(session, 1)
    make_person(session, ADMIN, admin=True)
    session.commit()
    assert {"/messages", "/mailbox"} <= set(read(signed_in(ADMIN).get("/account")).links)
    links = read(signed_in(ANA).get("/account")).links
    assert "/messages" in links
    assert "/mailbox" not in links


def remind(session: Session, settings: Settings, **later: float) -> None:
    office = Office(MailboxOutbox(settings.mailbox_dir), SENDER, BASE_URL, SECRET)
    messages.remind(session, office, clock=lambda: MONDAY + timedelta(**later))
    session.commit()


def test_an_administrator_reads_what_was_sent_newest_first_and_follows_its_links(
    session: Session, settings: Settings, signed_in: SignIn
) -> None:
    make_team_of(session, 1)
    make_person(session, ADMIN, admin=True)
    session.commit()
    client = signed_in(ADMIN)
    assert "Nothing was sent yet." in read(client.get("/mailbox")).text
    remind(session, settings)
    remind(session, settings, days=1)
    page = read(client.get("/mailbox"))
    assert "2 mails were kept here instead of being sent." in page.text
    assert "it shows everybody's personal links" in page.text
    assert page.text.index("last reminder for 2026-W47") < page.text.index("your week 2026-W47")
    assert f"To {ANA}, Tue 24 Nov 2026, 10:00 UTC" in page.text
    assert [link for link in page.links if link.startswith(f"{BASE_URL}/answer/")]


def test_what_a_mail_says_is_text_in_the_mailbox_and_no_markup(
    session: Session, settings: Settings, signed_in: SignIn
) -> None:
    make_team_of(session, 1, "<script>alert(1)</script>Payments")
    make_person(session, ADMIN, admin=True)
    session.commit()
    remind(session, settings)
    assert "<script>alert" not in signed_in(ADMIN).get("/mailbox").text


def test_the_mailbox_is_for_administrators(session: Session, signed_in: SignIn) -> None:
    make_team_of(session, 1)
    session.commit()
    response = signed_in(ANA).get("/mailbox")
    assert response.status_code == 403
    assert "Only an administrator" in read(response).text


@pytest.mark.parametrize("mail", ["", "smtp://localhost"])
def test_without_the_development_mailbox_there_is_no_such_page(
    session: Session, settings: Settings, engine: sa.Engine, clock: Clock, mail: str
) -> None:
    admin = make_person(session, ADMIN, admin=True)
    session.commit()
    app = create_app(replace(settings, mail=mail), clock_=clock, engine=engine)
    with app.test_client() as client:
        sign_in(client, admin)
        assert client.get("/mailbox").status_code == 404
        assert "/mailbox" not in read(client.get("/account")).links


def sign_in(client: FlaskClient, person: Person) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = f"{person.id}:{person.session_key}"
        session["_fresh"] = True
