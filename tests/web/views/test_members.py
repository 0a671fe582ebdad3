from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.storage.tables import Membership, Person, Team
from tests.conftest import Clock
from tests.factories import LONG_AGO, make_member, make_person, make_team
from tests.web.pages import read

LEAD: Final = "lead@example.org"
MEMBERS: Final = "/teams/payments/members"
TODAY: Final = "2026-11-23"


@pytest.fixture
def team(session: Session) -> Team:
    """Give a team with a lead and Ana; another team with a lead of its own is beside it."""
    team = make_team(session)
    make_member(session, team, LEAD, role=Role.LEAD)
    make_member(session, team)
    make_person(session, name="Ana Ruiz")
    make_member(session, make_team(session, "Search"), "other@example.org", role=Role.LEAD)
    session.commit()
    return team


@pytest.fixture
def ana(session: Session, team: Team) -> Actor:
    ana = make_member(session, team)
    session.commit()
    return ana


@pytest.fixture
def lead(team: Team, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    assert team
    return signed_in(LEAD)


def stored(session: Session, person: Actor) -> list[tuple[date, date | None, Role, float | None]]:
    """Give a person's stretches in all teams as the database has them, oldest first."""
    found = session.exec(select(Membership).where(Membership.person_id == person.person_id).order_by("starts_on")).all()
    rows = [(one.starts_on, one.ends_on, one.role, one.hours_per_week) for one in found]
    session.rollback()
    return rows


def addresses(session: Session) -> set[str]:
    """Give everybody whom the database knows."""
    found = set(session.exec(select(Person.email)).all())
    session.rollback()
    return found


def post(client: FlaskClient, path: str, **data: Any) -> TestResponse:
    return client.post(f"{MEMBERS}{path}", data=data)


def on_page(client: FlaskClient, ana: Actor, form: str, **data: Any) -> TestResponse:
    """Send a form of a person's page as it is shown now, or as it was when its revision is given."""
    path = f"{MEMBERS}/{ana.person_id}"
    shown = {"revision": read(client.get(path)).value.get(f"{form}-revision", "")}
    return client.post(f"{path}/{form}", data={f"{form}-{name}": value for name, value in (shown | data).items()})


def test_a_lead_finds_everybody_with_their_hours_and_a_page_each(lead: FlaskClient, ana: Actor) -> None:
    page = read(lead.get(MEMBERS))
    assert "2 people are asked each week." in page.text
    assert "Ana Ruiz ana@example.org member 40 6 Jan 2020 -" in page.text
    assert f"{MEMBERS}/{ana.person_id}" in page.links
    assert f"{MEMBERS}/add" in page.links


def test_a_member_sees_who_is_in_the_team_without_dates_and_changes_nothing(
    team: Team, ana: Actor, signed_in: Callable[[str], FlaskClient]
) -> None:
    assert team
    client = signed_in("ana@example.org")
    page = read(client.get(MEMBERS))
    assert "lead@example.org lead@example.org lead asked" in page.text
    assert "6 Jan 2020" not in page.text
    assert not [link for link in page.links if link.startswith(f"{MEMBERS}/")]
    for path in (f"{MEMBERS}/add", f"{MEMBERS}/{ana.person_id}"):
        assert client.get(path).status_code == 403
    assert post(client, "/add", people="x@example.org", role="lead", starts_on=TODAY).status_code == 403
    assert on_page(client, ana, "terms", role="lead", hours="", starts_on=TODAY).status_code == 403


def test_a_team_without_a_lead_says_so_and_an_administrator_what_to_do(
    session: Session, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_member(session, make_team(session))
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    assert "Nobody leads the team." in read(signed_in("ana@example.org").get(MEMBERS)).text
    admin = signed_in("admin@example.org")
    assert "Nobody leads the team: open somebody's page below and make them a lead." in read(admin.get(MEMBERS)).text
    assert "Make somebody a lead in Payments: a lead adds people" in read(admin.get("/")).text


def test_a_member_sees_who_left_lately_so_that_nobody_is_made_up_for_a_week(
    session: Session, lead: FlaskClient, clock: Clock, signed_in: Callable[[str], FlaskClient]
) -> None:
    assert lead.post(
        f"{MEMBERS}/add/confirm", data={"people": "made.up@example.org", "role": "member", "starts_on": TODAY}
    ).location
    number = session.exec(select(Person.id).where(Person.email == "made.up@example.org")).one()
    session.rollback()
    lead.post(f"{MEMBERS}/{number}/leave", data={"leave-last_day": TODAY})
    clock.advance(days=10)
    assert "made.up@example.org" in read(signed_in("ana@example.org").get(MEMBERS)).text
    clock.advance(days=200)
    assert "made.up@example.org" not in read(signed_in("ana@example.org").get(MEMBERS)).text


def test_another_teams_lead_finds_no_such_team(
    session: Session, ana: Actor, signed_in: Callable[[str], FlaskClient]
) -> None:
    client = signed_in("other@example.org")
    for path in ("", "/add", f"/{ana.person_id}"):
        assert client.get(f"{MEMBERS}{path}").status_code == 404
    confirmed = post(client, "/add/confirm", people="x@example.org", role="member", starts_on=TODAY)
    assert confirmed.status_code == 404
    assert on_page(client, ana, "leave", last_day=TODAY).status_code == 404
    assert stored(session, ana)[0][1] is None


def test_a_person_of_another_team_or_none_is_not_found(session: Session, lead: FlaskClient) -> None:
    other = make_member(session, make_team(session, "Elsewhere"), "elsewhere@example.org")
    session.commit()
    for number in (other.person_id, 999, 2**31 - 1):
        assert lead.get(f"{MEMBERS}/{number}").status_code == 404


def test_people_are_checked_then_added_and_one_bad_line_loses_no_other(session: Session, lead: FlaskClient) -> None:
    text = "Bo Lind <bo@example.org>\nnonsense\nana@example.org"
    checked = read(post(lead, "/add", people=text, role="member", starts_on=TODAY))
    assert "1 of 3 people would be added; 1 can't be understood and would be left out." in checked.text
    assert "2 nonsense left out : “nonsense” is not an e-mail address." in checked.text.replace("out:", "out :")
    assert "ana@example.org in the team already, no change" in checked.text
    assert "bo@example.org" not in addresses(session)
    assert checked.value["people"] == text
    added = lead.post(f"{MEMBERS}/add/confirm", data=checked.value)
    assert (added.status_code, added.location) == (302, MEMBERS)
    page = read(lead.get(MEMBERS))
    assert "1 person added. 1 already was in the team. 1 line was left out: “nonsense”." in page.text
    assert "Bo Lind bo@example.org member 40 23 Nov 2026 -" in page.text
    assert "3 people are asked each week." in page.text


def test_the_check_says_to_who_manages_both_who_is_in_another_team_too(
    session: Session, lead: FlaskClient, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_member(session, make_team(session, "Billing"), "both@example.org", hours=20)
    make_member(session, make_team(session, "Gifts"), "both@example.org", hours=0)
    session.commit()
    make_person(session, "head@example.org", admin=True)
    session.commit()
    assert "Billing" not in read(post(lead, "/add", people="both@example.org", role="member", starts_on=TODAY)).text
    head = signed_in("head@example.org")
    checked = read(post(head, "/add", people="both@example.org", role="member", starts_on=TODAY))
    assert "added also in Billing, 20 h a week also in Gifts, not asked there" in checked.text


def test_of_many_lines_left_out_the_first_are_named_and_the_others_counted(lead: FlaskClient) -> None:
    text = "\n".join(["bo@example.org", *(f"nonsense {number}" for number in range(7))])
    post(lead, "/add/confirm", people=text, role="member", starts_on=TODAY)
    page = read(lead.get(MEMBERS))
    assert "1 person added. 7 lines were left out: “nonsense 0”, “nonsense 1”" in page.text
    assert "“nonsense 4” and 2 more." in page.text


def post_file(client: FlaskClient, content: bytes, **typed: str) -> TestResponse:
    data: dict[str, Any] = {
        "people": "",
        "role": "member",
        "starts_on": TODAY,
        "file": (io.BytesIO(content), "people.csv"),
    }
    return client.post(f"{MEMBERS}/add", data={**data, **typed}, content_type="multipart/form-data")


def test_people_come_from_a_file_as_well(session: Session, lead: FlaskClient) -> None:
    table = "name;hours;email\nJörg Weiß;32;joerg@example.org\n".encode("cp1252")
    checked = read(post_file(lead, table))
    assert "1 of 1 person would be added." in checked.text
    assert "Jörg Weiß" in checked.text
    assert lead.post(f"{MEMBERS}/add/confirm", data=checked.value).status_code == 302
    assert "joerg@example.org" in addresses(session)


@pytest.mark.parametrize(
    ("content", "typed", "message"),
    [
        (b"PK\x03\x04\0\0", {}, "This file isn't text. Save the table as CSV"),
        (b"a@example.org", {"people": "b@example.org"}, "Paste addresses or choose a file, one of the two."),
        (b"", {}, "Paste at least one e-mail address, or choose a file."),
        (b"a@example.org\n" * 8_000, {}, "That is too much text."),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(
    lead: FlaskClient, content: bytes, typed: dict[str, str], message: str
) -> None:
    response = post_file(lead, content, **typed)
    assert response.status_code == 400
    assert message in read(response).text


def test_a_checked_list_can_be_changed_before_it_is_taken(lead: FlaskClient) -> None:
    typed = {"people": "bo@example.org\nnonsense", "role": "lead", "starts_on": "2026-12-01"}
    page = read(post(lead, "/add", again="yes", **typed))
    assert {name: page.value[name] for name in typed} == typed
    assert "Nothing is stored" not in page.text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"people": " "}, "Paste at least one e-mail address, or choose a file."),
        ({"people": "a@example.org", "starts_on": "soon"}, "Give a day, as 2026-11-23."),
        ({"people": "a@example.org", "starts_on": "0001-01-01"}, "can't be right"),
        ({"people": "a@example.org", "role": "admin"}, "Not a valid choice"),
        ({"people": ",".join(f"a{number}@example.org" for number in range(501))}, "Add 500 at a time"),
    ],
)
def test_a_list_that_cannot_be_taken_is_kept_with_what_is_wrong(
    session: Session, lead: FlaskClient, data: dict[str, str], message: str
) -> None:
    before = addresses(session)
    typed = {"role": "member", "starts_on": TODAY} | data
    response = post(lead, "/add", **typed)
    page = read(response)
    assert response.status_code == 400
    assert message in page.text
    assert "What you typed is still here." in page.text
    assert page.value["people"] == data["people"]
    assert addresses(session) == before


def test_a_confirmation_that_was_tampered_with_stores_nothing(session: Session, lead: FlaskClient) -> None:
    response = post(lead, "/add/confirm", people="a@example.org", role="admin", starts_on=TODAY)
    assert response.status_code == 400
    assert "a@example.org" not in addresses(session)


def test_role_and_hours_change_from_a_day(session: Session, lead: FlaskClient, ana: Actor) -> None:
    shown = read(lead.get(f"{MEMBERS}/{ana.person_id}"))
    assert (shown.value["terms-role"], shown.value["terms-hours"], shown.value["terms-starts_on"]) == (
        "member", "", TODAY,
    )  # fmt: skip
    response = on_page(lead, ana, "terms", role="lead", hours="22,5", starts_on="2026-11-25")
    assert (response.status_code, response.location) == (302, MEMBERS)
    old, new = stored(session, ana)
    assert (old[1], new[2:]) == (date(2026, 11, 24), (Role.LEAD, 22.5))
    assert "6 Jan 2020 then lead, 22.5 h from 25 Nov 2026 -" in read(lead.get(MEMBERS)).text


@pytest.mark.parametrize(
    ("form", "data", "field", "message"),
    [
        ("terms", {"role": "lead", "hours": "many", "starts_on": TODAY}, "terms-hours", "Use a number of hours"),
        ("terms", {"role": "lead", "hours": "101", "starts_on": TODAY}, "terms-hours", "between 0 and 100"),
        ("terms", {"role": "lead", "hours": "", "starts_on": "2026-11-01"}, "terms-starts_on", "at the earliest"),
        ("terms", {"role": "member", "hours": "", "starts_on": TODAY}, "terms-role", "those hours already"),
        ("leave", {"last_day": "never"}, "leave-last_day", "Give a day"),
        ("leave", {"last_day": ""}, "leave-last_day", "has no last day"),
        ("leave", {"last_day": "9999-12-31"}, "leave-last_day", "can't be right"),
        ("leave", {"last_day": "2026-11-01"}, "leave-last_day", "at the earliest"),
        ("move", {"to_slug": "search", "starts_on": TODAY}, "move-to_slug", "Not a valid choice"),
    ],
)
def test_a_change_that_cannot_be_says_so_at_its_field_and_changes_nothing(
    session: Session,
    lead: FlaskClient,
    ana: Actor,
    form: str,
    data: dict[str, str],
    field: str,
    message: str,
) -> None:
    response = on_page(lead, ana, form, **data)
    page = read(response)
    assert response.status_code == 400
    assert message in page.text
    if field in page.attributes:
        assert page.attributes[field]["aria-invalid"] == "true"
        assert f"#{field}" in page.links
    assert stored(session, ana) == [(LONG_AGO, None, Role.MEMBER, None)]


def test_a_person_leaves_on_a_day(session: Session, lead: FlaskClient, ana: Actor, clock: Clock) -> None:
    response = on_page(lead, ana, "leave", last_day="2026-11-27")
    assert (response.status_code, response.location) == (302, MEMBERS)
    assert stored(session, ana)[0][1] == date(2026, 11, 27)
    assert "to 27 Nov 2026" in read(lead.get(f"{MEMBERS}/{ana.person_id}")).text
    clock.advance(days=7)
    page = read(lead.get(f"{MEMBERS}/{ana.person_id}"))
    assert "Left on 27 Nov 2026." in page.text
    assert page.actions == ["/sign-out"]


def test_a_planned_change_is_not_replaced_without_a_word(lead: FlaskClient, ana: Actor) -> None:
    for start in ("2026-12-01", "2026-11-25"):
        on_page(lead, ana, "terms", role="member", hours="20", starts_on=start)
    assert "Changed. This replaces the change planned from 1 Dec 2026." in read(lead.get(MEMBERS)).text


def test_a_last_day_is_taken_back_by_leaving_it_empty(session: Session, lead: FlaskClient, ana: Actor) -> None:
    on_page(lead, ana, "leave", last_day="2026-11-27")
    assert read(lead.get(f"{MEMBERS}/{ana.person_id}")).value["leave-last_day"] == "2026-11-27"
    assert on_page(lead, ana, "leave", last_day="").location == MEMBERS
    assert "There is no last day any more." in read(lead.get(MEMBERS)).text
    assert stored(session, ana) == [(LONG_AGO, None, Role.MEMBER, None)]


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("terms", {"role": "member", "hours": "10", "starts_on": TODAY}),
        ("leave", {"last_day": "2026-11-29"}),
    ],
)
def test_a_form_left_open_undoes_nobodys_change_unseen(
    session: Session, lead: FlaskClient, ana: Actor, form: str, typed: dict[str, str]
) -> None:
    opened = read(lead.get(f"{MEMBERS}/{ana.person_id}")).value[f"{form}-revision"]
    on_page(lead, ana, "terms", role="lead", hours="30", starts_on=TODAY)
    before = stored(session, ana)
    response = on_page(lead, ana, form, revision=opened, **typed)
    page = read(response)
    assert response.status_code == 409
    assert "What this person is in Payments was changed meanwhile. Nothing is stored." in page.text
    assert {name: page.value[f"{form}-{name}"] for name in typed} == typed
    assert stored(session, ana) == before
    again = on_page(lead, ana, form, revision=page.value[f"{form}-revision"], **typed)
    assert again.status_code == 302
    assert stored(session, ana) != before


def test_the_only_lead_does_not_lock_the_team_out(session: Session, team: Team, lead: FlaskClient) -> None:
    me = make_member(session, team, LEAD, role=Role.LEAD)
    session.commit()
    response = on_page(lead, me, "leave", last_day=TODAY, sure="y")
    assert response.status_code == 400
    assert "You" not in read(response).by_id["error-summary"]
    assert "is the only lead of Payments" in read(response).text
    make_member(session, team, "second@example.org", role=Role.LEAD)
    session.commit()
    response = on_page(lead, me, "leave", last_day="2026-11-22")
    assert "Tick the box if that is what you want." in read(response).by_id["error-summary"]
    assert "leave-sure" in read(response).attributes
    assert on_page(lead, me, "leave", last_day="2026-11-22", sure="y").location == "/"
    assert lead.get(MEMBERS).status_code == 404


def test_an_administrator_moves_a_person_to_another_team(
    session: Session, ana: Actor, signed_in: Callable[[str], FlaskClient]
) -> None:
    make_person(session, "admin@example.org", admin=True)
    session.commit()
    client = signed_in("admin@example.org")
    response = on_page(client, ana, "move", to_slug="search", starts_on="2026-11-30")
    assert (response.status_code, response.location) == (302, "/teams/search/members")
    assert stored(session, ana)[0][1] == date(2026, 11, 29)
    assert "ana@example.org" in read(client.get("/teams/search/members")).text
    again = on_page(client, ana, "move", to_slug="search", starts_on="2026-11-25")
    assert again.status_code == 400
    assert "is in Search on 25 Nov 2026 or later already" in read(again).text
