from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.domain.verdict_settings import VerdictSettings
from bau_tracker.services.previews import TEAMS_A_PAGE
from bau_tracker.storage.organisation import organisation_settings
from tests.factories import make_member, make_person, make_team
from tests.web.pages import read

ADDRESS: Final = "/organisation"


@pytest.fixture
def admin(session: Session, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    """Give an administrator's browser; there is a team with a lead and a member."""
    team = make_team(session)
    make_member(session, team, "lead@example.org", role=Role.LEAD)
    make_member(session, team)
    make_person(session, "admin@example.org", name="Ingrid", admin=True)
    make_person(session, "second@example.org", name="Sven", admin=True)
    session.commit()
    return signed_in("admin@example.org")


def stored(session: Session) -> VerdictSettings:
    session.expire_all()
    found = organisation_settings(session)
    session.rollback()
    return found


def test_every_setting_shows_its_default_and_the_menu_leads_here(admin: FlaskClient) -> None:
    page = read(admin.get(ADDRESS))
    assert "All settings of verdicts are as they come." in page.text
    assert "Default: 70 % (high performers in DORA's report of 2016" in page.text
    assert "The default: about one false alarm in 3 team-years" in page.text
    assert "83 % to one of 6" in page.text
    assert ADDRESS in read(admin.get("/")).links


def test_an_administrator_sets_changes_and_empties_and_each_change_is_kept(
    session: Session, admin: FlaskClient
) -> None:
    typed = {"healthy": ["80 %"], "false_alarms": ["0.1"], "daily_rota": ["yes"]}
    response = admin.post(ADDRESS, data=read(admin.get(ADDRESS)).fields | typed)
    assert (response.status_code, response.location) == (302, ADDRESS)
    assert stored(session) == VerdictSettings(healthy=0.8, false_alarms=0.1, daily_rota=True)
    page = read(admin.get(ADDRESS))
    assert "Saved, for all teams that follow." in page.text
    assert "3 of 6 settings of verdicts are your organisation's own." in page.text
    assert "Your organisation's own. Default: 70 % (high performers" in page.text
    assert "Ingrid changed the healthy level from 70 % (the default) to 80 %." in page.text
    admin.post(ADDRESS, data=page.fields | {"healthy": [""]})
    assert stored(session) == VerdictSettings(false_alarms=0.1, daily_rota=True)


def test_saving_the_page_as_it_is_changes_nothing(session: Session, admin: FlaskClient) -> None:
    admin.post(ADDRESS, data=read(admin.get(ADDRESS)).fields)
    assert "Nothing was different" in admin.get(ADDRESS).text
    assert stored(session) == VerdictSettings()


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"healthy": "50"}, "healthy", "must lie under the healthy one; these are 50 % and 50 %"),
        ({"excessive": "70"}, "excessive", "must lie under the healthy one"),
        ({"response_floor": "101"}, "response_floor", "from 1 to 100"),
        ({"complaint_share": "a third"}, "complaint_share", "Use a whole number."),
        ({"false_alarms": "3"}, "false_alarms", "Not a valid choice"),
    ],
)
@pytest.mark.parametrize("address", [ADDRESS, f"{ADDRESS}/preview"])
def test_what_cannot_be_says_so_at_its_field_keeps_what_was_typed_and_changes_nothing(
    session: Session, admin: FlaskClient, typed: dict[str, str], field: str, message: str, address: str
) -> None:
    fields = read(admin.get(ADDRESS)).fields | {name: [text] for name, text in typed.items()}
    response = admin.post(address, data=fields)
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id[f"{field}-error"]
    assert message in page.by_id["error-summary"]
    assert stored(session) == VerdictSettings()


def test_a_form_left_open_undoes_nobodys_change_unseen(
    session: Session, admin: FlaskClient, signed_in: Callable[[str], FlaskClient]
) -> None:
    opened = read(admin.get(ADDRESS)).fields | {"healthy": ["80"]}
    other = signed_in("second@example.org")
    other.post(ADDRESS, data=read(other.get(ADDRESS)).fields | {"excessive": ["40"]})
    response = admin.post(ADDRESS, data=opened)
    page = read(response)
    assert response.status_code == 409
    assert "The settings were changed meanwhile. Nothing is stored." in page.text
    assert "Sven changed the excessive level from 50 % (the default) to 40 %." in page.text
    assert page.value["healthy"] == "80"
    assert stored(session) == VerdictSettings(excessive=0.4)
    assert admin.post(ADDRESS, data=page.fields).status_code == 302
    assert stored(session) == VerdictSettings(healthy=0.8)


def test_a_preview_shows_every_team_stores_nothing_and_leads_back_with_what_was_tried(
    session: Session, admin: FlaskClient
) -> None:
    fields = read(admin.get(ADDRESS)).fields | {"healthy": ["80"], "false_alarms": ["0.1"]}
    response = admin.post(f"{ADDRESS}/preview", data=fields)
    assert response.location == f"{ADDRESS}/preview?healthy=80&false_alarms=0.1"
    page = read(admin.get(response.location))
    assert "With these settings no alarms, as now, in the last 52 weeks of 1 team; none of them" in page.text
    assert "Payments ○ Not enough data the same 0 0 0 none" in page.text
    assert "Healthy from 70 % 80 %" in page.text
    (back,) = [link for link in page.links if "tried=yes" in link]
    form = read(admin.get(back))
    assert "What you tried stands below. It isn't saved yet." in form.text
    assert (form.value["healthy"], form.value["false_alarms"], form.value["excessive"]) == ("80", "0.1", "")
    assert stored(session) == VerdictSettings()


def test_a_preview_of_many_teams_is_paged(session: Session, admin: FlaskClient) -> None:
    for number in range(TEAMS_A_PAGE):
        make_team(session, f"Team {number:02}")
    session.commit()
    first = read(admin.get(f"{ADDRESS}/preview?healthy=80"))
    assert "These are 20 of 21 teams, by name; page 1 of 2. The sums are of these." in first.text
    (further,) = [link for link in first.links if "page=2" in link]
    second = read(admin.get(further))
    assert "These are 1 of 21 teams, by name; page 2 of 2." in second.text
    assert "Healthy from 70 % 80 %" in second.text
    assert admin.get(f"{ADDRESS}/preview?page=x").status_code == 200


def test_teams_that_decided_otherwise_are_named(admin: FlaskClient) -> None:
    settings = "/teams/payments/settings"
    assert "settings of their own" not in admin.get(ADDRESS).text
    admin.post(settings, data=read(admin.get(settings)).fields | {"healthy": ["80"]})
    page = read(admin.get(ADDRESS))
    assert "Teams with settings of their own Payments." in page.text
    assert f"{settings}#verdicts" in page.links


@pytest.mark.usefixtures("admin")
def test_nobody_but_administrators_gets_in(client: FlaskClient, signed_in: Callable[[str], FlaskClient]) -> None:
    for email in ("lead@example.org", "ana@example.org"):
        browser = signed_in(email)
        assert ADDRESS not in read(browser.get("/")).links
        for address in (ADDRESS, f"{ADDRESS}/preview"):
            assert browser.get(address).status_code == 403
            assert browser.post(address, data={"healthy": "80"}).status_code == 403
    assert client.get(ADDRESS).location == "/sign-in?next=/organisation"
