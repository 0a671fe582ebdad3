from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Role
from bau_tracker.storage.tables import Reopening, Team
from tests.conftest import Clock
from tests.factories import AFTER_FREEZE, OPEN_WEEK, give_answer, make_member, make_person, make_team
from tests.web.pages import read

TEAM: Final = "/teams/payments"
NEW: Final = {"name": "Gift Cards", "timezone": "Europe/London", "hours": "37,5", "step": "percent", "holidays": "gb"}


@pytest.fixture
def team(session: Session) -> None:
    """Keep a team with a lead and a member who has answered, another with a lead, and an administrator."""
    team = make_team(session)
    make_member(session, team, "lead@example.org", role=Role.LEAD)
    give_answer(session, team, make_member(session, team))
    make_member(session, make_team(session, "Search"), "other@example.org", role=Role.LEAD)
    make_person(session, "admin@example.org", name="Ingrid", admin=True)
    session.commit()


@pytest.fixture
def admin(team: None, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    assert team is None
    return signed_in("admin@example.org")


@pytest.fixture
def lead(team: None, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    assert team is None
    return signed_in("lead@example.org")


def stored(session: Session, slug: str = "payments") -> Team | None:
    session.expunge_all()
    team = session.exec(select(Team).where(Team.slug == slug)).one_or_none()
    session.expunge_all()
    session.rollback()
    return team


def test_an_administrator_adds_a_team_and_goes_on_to_its_people(session: Session, admin: FlaskClient) -> None:
    form = read(admin.get("/new-team"))
    assert (form.value["timezone"], form.value["hours"], form.value["step"]) == ("UTC", "40", "half_days")
    response = admin.post("/new-team", data=NEW)
    assert (response.status_code, response.location) == (302, "/teams/gift-cards/members/add")
    team = stored(session, "gift-cards")
    assert team is not None
    assert (team.timezone, team.hours_per_week, team.step.value, team.holidays) == (
        "Europe/London", 37.5, "percent", "GB",
    )  # fmt: skip
    assert "Ingrid added the team." in admin.get("/teams/gift-cards/settings").text


def test_the_people_of_a_new_team_are_asked_for_this_whole_week(admin: FlaskClient, clock: Clock) -> None:
    clock.advance(days=3)
    page = read(admin.get(admin.post("/new-team", data=NEW).location))
    assert page.value["starts_on"] == "2026-11-23"
    assert "Who joins within a week is asked for the days of it that are left." in page.text


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"name": " "}, "name", "Give the team a name."),
        ({"name": "PAYMENTS!"}, "name", "The address “payments” belongs to the team Payments"),
        ({"timezone": "Mars/Olympus"}, "timezone", "not a known time zone"),
        ({"hours": "101"}, "hours", "at most 100 hours"),
        ({"holidays": "XX"}, "holidays", "not a region"),
    ],
)
def test_a_team_that_cannot_be_is_not_added_and_what_was_typed_stays(
    session: Session, admin: FlaskClient, typed: dict[str, str], field: str, message: str
) -> None:
    response = admin.post("/new-team", data=NEW | typed)
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id[f"{field}-error"]
    assert page.value["timezone"] == (NEW | typed)["timezone"]
    assert stored(session, "gift-cards") is None


def test_an_archived_team_leaves_the_overview_is_found_by_its_lead_and_comes_back(
    session: Session, admin: FlaskClient, lead: FlaskClient, clock: Clock
) -> None:
    assert admin.post(f"{TEAM}/archive", data={"last_day": "2026-11-27"}).status_code == 400
    response = admin.post(f"{TEAM}/archive", data={"last_day": "2026-11-27", "sure": "y"})
    assert (response.status_code, response.location) == (302, "/archived-teams")
    assert admin.get(f"{TEAM}/archive").status_code == 409
    clock.advance(days=7)
    assert TEAM not in read(lead.get("/")).links
    assert "Archived teams (1)" in read(lead.get("/")).text
    assert TEAM in read(lead.get("/archived-teams")).links
    assert "This team is archived; its last day is 27 Nov 2026." in read(lead.get(TEAM)).text
    assert "Its figures are published on" not in lead.get(TEAM).text
    assert "nothing can be changed" in read(lead.get(f"{TEAM}/settings")).text
    assert lead.post(f"{TEAM}/members/add", data={"people": "x@example.org"}).status_code == 409
    assert lead.post(f"{TEAM}/bring-back").status_code == 403
    assert "27 Nov 2026" in read(admin.get(f"{TEAM}/bring-back")).text
    assert admin.post(f"{TEAM}/bring-back").location == f"{TEAM}/members"
    found = stored(session)
    assert found is not None
    assert found.archived_on is None
    assert "2 people are asked each week." in read(lead.get(f"{TEAM}/members")).text
    assert admin.post(f"{TEAM}/bring-back").status_code == 409


def test_a_merged_team_says_where_it_went_and_the_other_what_came_in(
    session: Session, admin: FlaskClient, lead: FlaskClient
) -> None:
    typed = {"into": "search", "first_day": "2026-11-23", "sure": "y"}
    assert admin.post(f"{TEAM}/merge", data=typed | {"sure": ""}).status_code == 400
    response = admin.post(f"{TEAM}/merge", data=typed)
    assert (response.status_code, response.location) == (302, "/teams/search/members")
    assert "ana@example.org" in read(admin.get("/teams/search/members")).text
    assert "Payments was merged into this team, with 22 Nov 2026 as its last day." in admin.get("/teams/search").text
    page = read(lead.get(TEAM))
    assert "Payments was merged into Search; its last day is 22 Nov 2026." in page.text
    assert "/teams/search" in page.links
    found = stored(session)
    assert found is not None
    assert found.archived_on == date(2026, 11, 22)


def test_bringing_a_team_back_says_what_becomes_of_its_merge(admin: FlaskClient, clock: Clock) -> None:
    admin.post(f"{TEAM}/merge", data={"into": "search", "first_day": "2026-11-30", "sure": "y"})
    assert "The merge into Search has not begun: whom it was to take" in read(admin.get(f"{TEAM}/bring-back")).text
    clock.advance(days=7)
    assert "Whom the merge took to Search stays there too." in read(admin.get(f"{TEAM}/bring-back")).text


@pytest.mark.parametrize("path", ["archive", "merge"])
def test_an_end_within_published_weeks_is_refused_at_its_field(session: Session, admin: FlaskClient, path: str) -> None:
    typed = {"last_day": "2026-11-01", "first_day": "2026-11-01", "into": "search", "sure": "y"}
    response = admin.post(f"{TEAM}/{path}", data=typed)
    assert response.status_code == 400
    assert "at the earliest" in read(response).by_id["error-summary"]
    found = stored(session)
    assert found is not None
    assert found.archived_on is None


@pytest.mark.parametrize("path", ["archive", "merge"])
def test_an_end_far_away_is_refused_at_its_field(admin: FlaskClient, path: str) -> None:
    typed = {"last_day": "9999-12-31", "first_day": "9999-12-31", "into": "search", "sure": "y"}
    response = admin.post(f"{TEAM}/{path}", data=typed)
    assert response.status_code == 400
    assert "9999-12-31 can't be right" in read(response).by_id["error-summary"]


def test_a_lead_adds_and_ends_no_team_and_nobody_finds_what_is_not_there(
    session: Session, lead: FlaskClient, admin: FlaskClient, client: FlaskClient
) -> None:
    for path in ("/new-team", f"{TEAM}/archive", f"{TEAM}/merge", f"{TEAM}/bring-back"):
        assert lead.get(path).status_code == 403
        assert lead.post(path, data=NEW | {"sure": "y", "last_day": "2026-11-27"}).status_code == 403
        assert client.get(path).location.partition("?")[0] == "/sign-in"
    for path in ("archive", "merge", "bring-back", "reopen"):
        assert admin.get(f"/teams/nothing/{path}").status_code == 404
    assert stored(session, "gift-cards") is None
    assert "/new-team" not in read(lead.get("/")).links


def test_a_lead_opens_a_published_week_again_with_a_reason(session: Session, lead: FlaskClient, clock: Clock) -> None:
    clock.now = AFTER_FREEZE
    page = read(lead.get(f"{TEAM}/reopen"))
    assert "If fewer than four people add or change an answer, the published figures stay as they are" in page.text
    assert page.value["days"] == "2"
    week = str(OPEN_WEEK)
    refused = lead.post(f"{TEAM}/reopen", data={"week": week, "days": "2", "reason": " "})
    assert refused.status_code == 400
    assert "Say why" in read(refused).by_id["reason-error"]
    response = lead.post(f"{TEAM}/reopen", data={"week": week, "days": "3", "reason": "a course"})
    assert (response.status_code, response.location) == (302, TEAM)
    (reopening,) = session.exec(select(Reopening)).all()
    assert (reopening.reason, reopening.freezes_at.day) == ("a course", 28)
    session.rollback()
    page = read(lead.get(f"{TEAM}/reopen"))
    assert f"{OPEN_WEEK.label} Wed 25 Nov 2026, 12:00 Sat 28 Nov 2026, 12:00 a course" in page.text
    again = lead.post(f"{TEAM}/reopen", data={"week": week, "days": "3", "reason": "a course"})
    assert again.status_code == 400
    assert "Not a valid choice" in read(again).by_id["week-error"]


def test_a_member_opens_no_week_and_a_stranger_finds_nothing(
    team: None, signed_in: Callable[[str], FlaskClient], clock: Clock
) -> None:
    assert team is None
    clock.now = AFTER_FREEZE
    for email, status in (("ana@example.org", 403), ("other@example.org", 404)):
        browser = signed_in(email)
        typed = {"week": str(OPEN_WEEK), "days": "2", "reason": "mine"}
        assert browser.get(f"{TEAM}/reopen").status_code == status
        assert browser.post(f"{TEAM}/reopen", data=typed).status_code == status
        assert browser.get("/archived-teams").status_code == 200
