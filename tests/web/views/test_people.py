from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session
from werkzeug.test import TestResponse

from bau_tracker.outbound.mail import read_mailbox
from bau_tracker.services import people
from bau_tracker.services.people import LINK_LASTS, first_code, make_link, set_password
from bau_tracker.settings import Settings
from bau_tracker.storage.people import person_with_email
from bau_tracker.storage.tables import Person
from bau_tracker.web.app import create_app
from bau_tracker.web.mail import BACKGROUND
from tests.conftest import SECRET, AtOnce, Clock
from tests.factories import MONDAY, make_person, make_team
from tests.web.pages import read

PASSWORD = "a few words are fine"


@pytest.fixture(autouse=True)
def _quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at the least cost: what makes guessing slow makes tests slow."""
    monkeypatch.setattr(people, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def ana(session: Session) -> Person:
    person = make_person(session, "ana@example.org", name="Ana")
    set_password(session, person, PASSWORD)
    session.commit()
    return person


@pytest.fixture
def token(session: Session, ana: Person) -> str:
    token = make_link(session, ana, secret=SECRET, now=MONDAY)
    session.commit()
    return token


def signs_in(client: FlaskClient, password: str = PASSWORD, email: str = "ana@example.org", target: str = "") -> bool:
    response = client.post(f"/sign-in{target}", data={"email": email, "password": password})
    return response.status_code == 302


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_a_link_is_not_used_up_by_being_opened(client: FlaskClient, token: str) -> None:
    for _ in range(3):
        assert "Press the button" in client.get(f"/sign-in/{token}").text
    assert not is_signed_in(client)
    response = client.post(f"/sign-in/{token}")
    assert (response.status_code, response.location) == (302, "/")
    assert "Ana" in client.get("/account").text


def test_a_link_works_once(app: Flask, client: FlaskClient, token: str) -> None:
    client.post(f"/sign-in/{token}")
    other = app.test_client()
    for send in (other.get, other.post):
        response = send(f"/sign-in/{token}", follow_redirects=True)
        assert "was used already; each works once, and only the newest. Ask for a new one." in read(response).text
    assert not is_signed_in(other)


def test_a_link_lasts_a_week(client: FlaskClient, clock: Clock, token: str) -> None:
    clock.now += LINK_LASTS
    assert "is older than 7 days" in client.post(f"/sign-in/{token}", follow_redirects=True).text
    assert not is_signed_in(client)


@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: f"{token}x", lambda _: "made-up"])
def test_a_link_that_is_not_ours_signs_nobody_in(client: FlaskClient, token: str, change: Callable[[str], str]) -> None:
    response = client.post(f"/sign-in/{change(token)}", follow_redirects=True)
    assert "This sign-in link isn't complete" in read(response).text
    assert not is_signed_in(client)


def test_a_password_signs_in_whatever_the_case_of_the_address(client: FlaskClient, ana: Person) -> None:
    assert signs_in(client, email=f" {ana.email.upper()} ")
    assert is_signed_in(client)


@pytest.mark.parametrize(("email", "password"), [("ana@example.org", "wrong"), ("nobody@example.org", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_look_alike(
    client: FlaskClient, ana: Person, email: str, password: str
) -> None:
    response = client.post("/sign-in", data={"email": email, "password": password})
    page = read(response)
    assert response.status_code == 400
    assert ana.email
    assert "don't go together" in page.by_id["email-error"]
    assert page.value["email"] == email
    assert page.value["password"] == ""
    assert not is_signed_in(client)


def test_what_is_left_out_is_asked_for_at_its_field_and_at_the_top(client: FlaskClient, ana: Person) -> None:
    response = client.post("/sign-in", data={"email": ana.email})
    page = read(response)
    assert response.status_code == 400
    assert page.by_id["password-error"] == "Enter your password."
    assert page.attributes["password"]["aria-describedby"] == "password-error"
    assert "Enter your password." in page.by_id["error-summary"]
    assert "#password" in page.links


@pytest.fixture
def few_tries(monkeypatch: pytest.MonkeyPatch) -> int:
    """Allow three tries, since each costs the time that makes guessing slow."""
    monkeypatch.setattr(people, "MOST_FAILURES", 3)
    return 3


def test_guessing_is_slowed_down_and_ends_with_time(
    client: FlaskClient, clock: Clock, ana: Person, few_tries: int
) -> None:
    for _ in range(few_tries):
        assert not signs_in(client, "a guess")
    response = client.post("/sign-in", data={"email": ana.email, "password": PASSWORD})
    assert response.status_code == 400
    assert "Too many failed tries. Wait 15 minutes" in response.text
    clock.advance(minutes=16)
    assert signs_in(client)


def test_guessing_at_one_person_leaves_others_alone(
    client: FlaskClient, session: Session, ana: Person, few_tries: int
) -> None:
    bob = make_person(session, "bob@example.org")
    set_password(session, bob, PASSWORD)
    session.commit()
    for _ in range(few_tries):
        signs_in(client, "a guess", ana.email)
    assert signs_in(client, PASSWORD, bob.email)


@pytest.fixture
def mailing(settings: Settings, engine: sa.Engine, clock: Clock) -> Flask:
    """Give the application of an installation that keeps its mail in the mailbox."""
    app = create_app(replace(settings, mail="mailbox"), clock_=clock, engine=engine)
    app.extensions[BACKGROUND] = AtOnce()
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def asks_for_a_link(app: Flask, email: str) -> TestResponse:
    """Ask for a link by mail, and wait for what happens after the answer."""
    response = app.test_client().post("/sign-in-link", data={"link-address": email})
    response.close()
    return response


def test_who_asks_for_a_link_gets_one_by_mail_that_signs_in(mailing: Flask, settings: Settings, ana: Person) -> None:
    assert asks_for_a_link(mailing, " Ana@Example.org ").location == "/sign-in"
    (mail,) = read_mailbox(settings.mailbox_dir, 10)
    assert (mail.to, mail.subject) == (f"Ana <{ana.email}>", "Your link to sign in to BAU Tracker")
    (link,) = re.findall(r"http\S+", mail.text)
    client = mailing.test_client()
    assert client.post(link.removeprefix(settings.base_url)).location == "/"
    assert is_signed_in(client)


def test_a_link_that_somebody_asked_for_takes_no_other_away_until_one_is_used(
    mailing: Flask, session: Session, ana: Person, clock: Clock
) -> None:
    printed = make_link(session, ana, secret=SECRET, now=clock())
    session.commit()
    asks_for_a_link(mailing, ana.email)
    client = mailing.test_client()
    assert client.post(f"/sign-in/{printed}").location == "/"
    assert is_signed_in(client)


def test_a_link_that_was_asked_for_on_the_way_to_a_page_leads_there(
    mailing: Flask, settings: Settings, ana: Person
) -> None:
    client = mailing.test_client()
    page = read(client.get("/sign-in?next=/my-week?x%3D1"))
    (action,) = [action for action in page.actions if action]
    response = client.post(action, data={"link-address": ana.email})
    response.close()
    assert response.location == "/sign-in?next=/my-week?x%3D1"
    (mail,) = read_mailbox(settings.mailbox_dir, 10)
    (link,) = re.findall(r"http\S+", mail.text)
    assert client.post(link.removeprefix(settings.base_url)).location == "/my-week?x=1"
    again = client.get(link.removeprefix(settings.base_url))
    assert again.location == "/sign-in?next=/my-week?x%3D1"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "my-week"])
def test_neither_a_mailed_link_nor_one_that_was_tampered_with_leads_elsewhere(
    mailing: Flask, settings: Settings, ana: Person, target: str
) -> None:
    client = mailing.test_client()
    client.post("/sign-in-link", query_string={"next": target}, data={"link-address": ana.email}).close()
    (mail,) = read_mailbox(settings.mailbox_dir, 10)
    (link,) = re.findall(r"http\S+", mail.text)
    assert "?" not in link
    path = link.removeprefix(settings.base_url)
    assert client.post(path, query_string={"next": target}).location == "/"


def test_the_answer_is_the_same_whether_anybody_has_the_address_or_not(
    mailing: Flask, settings: Settings, ana: Person
) -> None:
    pages = []
    for email in (ana.email, "nobody@example.org"):
        client = mailing.test_client()
        response = client.post("/sign-in-link", data={"link-address": email})
        response.close()
        assert response.status_code == 302
        pages.append(read(client.get("/sign-in")).text.replace(email, "ADDRESS"))
    assert pages[0] == pages[1]
    assert "If ADDRESS is known here, a link is on its way to it." in pages[0]
    assert len(read_mailbox(settings.mailbox_dir, 10)) == 1


def test_links_are_mailed_to_one_address_a_few_times_only_whether_anybody_has_it_or_not(
    mailing: Flask, settings: Settings, clock: Clock, ana: Person
) -> None:
    for email in (ana.email, "nobody@example.org"):
        statuses = [asks_for_a_link(mailing, email).status_code for _ in range(people.MOST_LINKS + 1)]
        assert statuses == [302] * people.MOST_LINKS + [400]
    assert "Too many links were asked for." in read(asks_for_a_link(mailing, ana.email)).text
    assert len(read_mailbox(settings.mailbox_dir, 10)) == people.MOST_LINKS
    clock.advance(minutes=15, seconds=1)
    assert asks_for_a_link(mailing, ana.email).status_code == 302


def test_one_place_asks_for_links_to_many_addresses_a_few_times_only(
    mailing: Flask, monkeypatch: pytest.MonkeyPatch, ana: Person
) -> None:
    monkeypatch.setattr(people, "MOST_LINKS_OF_ADDRESS", 2)
    assert ana
    statuses = [asks_for_a_link(mailing, f"guess{number}@example.org").status_code for number in range(3)]
    assert statuses == [302, 302, 400]


@pytest.mark.parametrize(
    ("email", "words"), [("", "Enter your e-mail address."), ("ana", "“ana” is not an e-mail address.")]
)
def test_an_address_to_mail_a_link_to_that_is_none_is_said_at_its_field_and_kept(
    mailing: Flask, ana: Person, email: str, words: str
) -> None:
    response = asks_for_a_link(mailing, email)
    assert response.status_code == 400
    page = read(response)
    assert words in page.by_id["link-address-error"]
    assert "No link is sent yet." in page.by_id["error-summary"]
    assert page.value["link-address"] == email
    assert ana


def test_a_mail_server_that_is_away_does_not_tell_who_is_known(
    settings: Settings, engine: sa.Engine, clock: Clock, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    settings = replace(settings, mail="smtp://127.0.0.1:1", mail_from="bau@example.org")
    app = create_app(settings, clock_=clock, engine=engine)
    app.extensions[BACKGROUND] = AtOnce()
    app.config["WTF_CSRF_ENABLED"] = False
    assert asks_for_a_link(app, ana.email).status_code == 302
    assert "A sign-in link could not be mailed: The mail server 127.0.0.1:1 can't be reached" in caplog.text


def test_without_mail_no_link_is_offered_and_whom_to_ask_is_said(client: FlaskClient, ana: Person) -> None:
    page = read(client.get("/sign-in"))
    assert "ask whoever runs BAU Tracker for a new one" in page.text
    assert "link-address" not in page.fields
    assert client.post("/sign-in-link", data={"link-address": ana.email}).status_code == 404


def test_after_signing_in_one_is_back_where_one_wanted_to_go(client: FlaskClient, ana: Person) -> None:
    asked = client.get("/import?kind=a b&x=1")
    assert asked.location.startswith("/sign-in?next=")
    assert ana.email
    response = client.post(asked.location, data={"email": ana.email, "password": PASSWORD})
    assert response.location == "/import?kind=a%20b&x=1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\t\\evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ],
)
def test_signing_in_leads_to_no_other_site(client: FlaskClient, ana: Person, target: str) -> None:
    response = client.post(f"/sign-in?{urlencode({'next': target})}", data={"email": ana.email, "password": PASSWORD})
    assert (response.status_code, response.location) == (302, "/")


def test_signing_out_ends_the_session_on_this_browser(client: FlaskClient, ana: Person) -> None:
    assert signs_in(client, email=ana.email)
    assert "You are signed out." in client.post("/sign-out", follow_redirects=True).text
    assert not is_signed_in(client)


def test_what_is_sent_after_being_signed_out_is_not_taken_and_that_is_said(client: FlaskClient, ana: Person) -> None:
    response = client.post("/account", data={"current": PASSWORD, "password": "another long one"})
    assert response.location == "/sign-in"
    assert "You were signed out before this was sent." in client.get("/sign-in").text
    assert signs_in(client, email=ana.email)


def test_an_empty_installation_leads_to_its_set_up(client: FlaskClient) -> None:
    assert client.get("/sign-in").location == "/first"
    assert "You become the administrator" in client.get("/first").text


def test_the_first_person_needs_the_code_of_the_server(client: FlaskClient, engine: sa.Engine) -> None:
    typed = {"code": first_code(SECRET).lower(), "email": "Me@Example.org", "password": PASSWORD}
    response = client.post("/first", data=typed)
    assert (response.status_code, response.location) == (302, "/")
    with Session(engine) as session:
        person = person_with_email(session, "me@example.org")
    assert person is not None
    assert person.is_admin
    page = client.get("/")
    assert "/new-team" in read(page).links
    assert client.get("/first").location == "/sign-in"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("code", "AAAAA-BBBBB-CCCCC", "That is not the code"),
        ("code", "ÄÖÜ", "That is not the code"),
        ("code", "", "Enter the code"),
        ("email", "me at example", "is not an e-mail address"),
        ("password", "short", "Use 12 characters or more"),
    ],
)
def test_a_set_up_that_cannot_be_right_adds_nobody(
    client: FlaskClient, engine: sa.Engine, field: str, value: str, message: str
) -> None:
    typed = {"code": first_code(SECRET), "email": "me@example.org", "password": PASSWORD, field: value}
    response = client.post("/first", data=typed)
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id[f"{field}-error"]
    assert message in page.by_id["error-summary"]
    assert page.value["email"] == typed["email"]
    with Session(engine) as session:
        assert person_with_email(session, "me@example.org") is None


def test_a_set_up_installation_cannot_be_set_up_again(client: FlaskClient, engine: sa.Engine, ana: Person) -> None:
    typed = {"code": first_code(SECRET), "email": "thief@example.org", "password": PASSWORD}
    assert client.post("/first", data=typed).location == "/sign-in"
    assert ana.email
    with Session(engine) as session:
        assert person_with_email(session, "thief@example.org") is None


def test_who_came_by_link_can_set_a_password_without_an_old_one(
    session: Session, app: Flask, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_person(session, "new@example.org")
    session.commit()
    client = signed_in("new@example.org")
    assert "current" not in read(client.get("/account")).fields
    response = client.post("/account", data={"password": PASSWORD}, follow_redirects=True)
    assert "Your password is set." in response.text
    assert signs_in(app.test_client(), email="new@example.org")


def test_a_new_password_signs_out_every_other_place(app: Flask, ana: Person) -> None:
    here, there = app.test_client(), app.test_client()
    assert signs_in(here, email=ana.email)
    assert signs_in(there, email=ana.email)
    here.post("/account", data={"current": PASSWORD, "password": "another long one"})
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert not signs_in(app.test_client())


@pytest.mark.parametrize(
    ("current", "password", "field", "message"),
    [
        ("wrong", "another long one", "current", "That is not your current password."),
        ("", "another long one", "current", "That is not your current password."),
        (PASSWORD, "short", "password", "Use 12 characters or more"),
        (PASSWORD, "x" * 201, "password", "Use 200 characters at most"),
        (PASSWORD, "", "password", "Choose a password."),
    ],
)
def test_a_password_that_cannot_be_set_leaves_the_old_one(
    app: Flask, client: FlaskClient, ana: Person, current: str, password: str, field: str, message: str
) -> None:
    assert signs_in(client, email=ana.email)
    response = client.post("/account", data={"current": current, "password": password})
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id[f"{field}-error"]
    assert message in page.by_id["error-summary"]
    assert signs_in(app.test_client())


def test_somebody_in_no_team_is_told_what_to_do_next(session: Session, signed_in: Callable[[str], FlaskClient]) -> None:
    make_person(session, "new@example.org")
    make_team(session)
    session.commit()
    client = signed_in("new@example.org")
    assert "Ask whoever runs BAU Tracker to add you to one." in client.get("/").text
    assert "No team asks you for your week." in client.get("/my-week").text
    assert "its survey appears here each week" in client.get("/my-week").text
    assert "Payments" not in client.get("/").text
