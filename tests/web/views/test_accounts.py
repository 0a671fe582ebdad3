from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Role
from bau_tracker.services.invitations import invite
from bau_tracker.storage.tables import Person
from bau_tracker.storage.teams import team_with_slug
from tests.conftest import SECRET
from tests.factories import OPEN_WEEK, make_member, make_person, make_team
from tests.web.pages import read

ADMIN: Final = "admin@example.org"


@pytest.fixture
def ids(session: Session) -> dict[str, int]:
    """Keep an administrator, and a team with a lead and Ana; give everybody's number by address."""
    make_person(session, ADMIN, name="Ingrid", admin=True)
    team = make_team(session)
    make_member(session, team, "lead@example.org", role=Role.LEAD)
    make_member(session, team)
    make_person(session, name="Ana Ruiz")
    found = {person.email: person.id for person in session.exec(select(Person)).all()}
    session.commit()
    return found


@pytest.fixture
def admin(ids: dict[str, int], signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    assert ids
    return signed_in(ADMIN)


def stored(session: Session) -> dict[str, tuple[str, bool]]:
    """Give everybody's name and administration by address."""
    found = {one.email: (one.name, one.is_admin) for one in session.exec(select(Person)).all()}
    session.rollback()
    return found


def test_an_administrator_finds_everybody_in_the_menu(admin: FlaskClient, ids: dict[str, int]) -> None:
    assert "/people" in read(admin.get("/")).links
    page = read(admin.get("/people"))
    assert "3 people can sign in." in page.text
    assert "lead@example.org lead@example.org Payments (lead)" in page.text
    assert "Ingrid admin@example.org none yes Mon 23 Nov 2026, 10:00" in page.text
    assert f"/people/{ids[ADMIN]}" in page.links


def test_a_person_is_added_and_comes_to_a_page_with_the_next_step(session: Session, admin: FlaskClient) -> None:
    response = admin.post("/people/add", data={"email": "Bo@example.org", "name": "Bo Lind"})
    assert response.status_code == 302
    assert stored(session)["bo@example.org"] == ("Bo Lind", False)
    assert "Bo Lind is added." in admin.get(response.location).text


@pytest.mark.parametrize(
    ("email", "message"),
    [("", "Enter an e-mail address."), ("nobody", "not an e-mail"), ("Ana@example.org", "Ana Ruiz has the address")],
)
def test_a_person_who_cannot_be_added_stays_in_the_form(
    session: Session, admin: FlaskClient, email: str, message: str
) -> None:
    before = stored(session)
    response = admin.post("/people/add", data={"email": email, "name": "Bo"})
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id["email-error"]
    assert page.value["name"] == "Bo"
    assert stored(session) == before


def test_name_address_and_administration_change(session: Session, admin: FlaskClient, ids: dict[str, int]) -> None:
    page = f"/people/{ids['ana@example.org']}"
    shown = read(admin.get(page))
    assert (shown.value["email"], shown.value["name"]) == ("ana@example.org", "Ana Ruiz")
    typed = {"email": "ana.ruiz@example.org", "name": "Ana", "is_admin": "y"}
    assert admin.post(page, data=typed).location == page
    assert stored(session)["ana.ruiz@example.org"] == ("Ana", True)
    taken = admin.post(page, data=typed | {"email": ADMIN})
    assert taken.status_code == 400
    assert "Ingrid has the address" in read(taken).by_id["email-error"]
    assert read(taken).value["email"] == ADMIN


def test_the_last_administrator_stays_and_another_goes_knowingly(
    session: Session, admin: FlaskClient, ids: dict[str, int]
) -> None:
    own = {"email": ADMIN, "name": "Ingrid"}
    page = f"/people/{ids[ADMIN]}"
    last = admin.post(page, data=own | {"sure": "y"})
    assert last.status_code == 400
    assert "only administrator" in read(last).by_id["is_admin-error"]
    admin.post(f"/people/{ids['ana@example.org']}", data={"email": "ana@example.org", "is_admin": "y"})
    unsure = admin.post(page, data=own)
    assert "Tick the box" in read(unsure).by_id["sure-error"]
    assert stored(session)[ADMIN] == ("Ingrid", True)
    assert admin.post(page, data=own | {"sure": "y"}).location == "/"
    assert stored(session)[ADMIN] == ("Ingrid", False)
    assert admin.get("/people").status_code == 403


def test_a_link_is_shown_once_to_the_administrator_and_signs_that_person_in(
    admin: FlaskClient, client: FlaskClient, ids: dict[str, int]
) -> None:
    page = f"/people/{ids['ana@example.org']}"
    shown = admin.post(f"{page}/link")
    assert shown.headers["Cache-Control"] == "no-store"
    address = read(shown).attributes["link"]["value"] or ""
    path = address.partition("/sign-in/")[2]
    assert path
    assert "/sign-in/" not in admin.get(page).text
    assert client.post(f"/sign-in/{path}").location == "/"
    assert "ana@example.org" in client.get("/account").text


def test_survey_links_are_revoked_and_counted(session: Session, admin: FlaskClient, ids: dict[str, int]) -> None:
    team = team_with_slug(session, "payments")
    assert team is not None
    invite(session, team, OPEN_WEEK, ids["ana@example.org"], secret=SECRET)
    session.commit()
    page = f"/people/{ids['ana@example.org']}"
    assert admin.post(f"{page}/survey-links").location == page
    assert "1 survey link of Ana Ruiz no longer works." in admin.get(page).text


def test_signing_out_everywhere_ends_a_session_at_once(
    admin: FlaskClient, ids: dict[str, int], signed_in: Callable[[str], FlaskClient]
) -> None:
    ana = signed_in("ana@example.org")
    assert admin.post(f"/people/{ids['ana@example.org']}/sign-out").status_code == 302
    assert ana.get("/").location.partition("?")[0] == "/sign-in"


def test_a_lead_sees_nobody_and_gets_no_link_that_signs_in_as_somebody(
    session: Session, ids: dict[str, int], client: FlaskClient, signed_in: Callable[[str], FlaskClient]
) -> None:
    lead, before = signed_in("lead@example.org"), stored(session)
    ana = f"/people/{ids['ana@example.org']}"
    assert "/people" not in read(lead.get("/")).links
    for path in ("/people", "/people/add", ana):
        assert lead.get(path).status_code == 403
        assert client.get(path).location.partition("?")[0] == "/sign-in"
    for path in ("/people/add", ana, f"{ana}/link", f"{ana}/sign-out", f"{ana}/survey-links"):
        response = lead.post(path, data={"email": "x@example.org", "is_admin": "y"})
        assert response.status_code == 403
        assert "/sign-in/" not in response.text
    assert stored(session) == before


def test_nobody_of_that_number_is_not_found(admin: FlaskClient) -> None:
    for number in (999, 2**31):
        assert admin.get(f"/people/{number}").status_code == 404
    for path in ("/people/999", "/people/999/link", "/people/999/sign-out", "/people/999/survey-links"):
        assert admin.post(path, data={"email": "x@example.org"}).status_code == 404
