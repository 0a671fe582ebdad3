from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from bau_tracker.domain.permissions import Role
from bau_tracker.storage.tables import Team
from tests.factories import OPEN_WEEK, make_member, make_person, make_team
from tests.web.pages import read

LEAD: Final = "lead@example.org"
SETTINGS: Final = "/teams/payments/settings"
SECRET_ADDRESS: Final = "https://hooks.slack.com/services/T0EXAMPLE/B0EXAMPLE/0123456789abcdefABCDEFGH"  # of no channel


@pytest.fixture
def team(session: Session) -> None:
    """Keep a team with a lead and a member, another with a lead of its own, and an administrator."""
    team = make_team(session)
    make_member(session, team, LEAD, role=Role.LEAD)
    make_member(session, team)
    make_member(session, make_team(session, "Search"), "other@example.org", role=Role.LEAD)
    make_person(session, "admin@example.org", name="Ingrid", admin=True)
    session.commit()


@pytest.fixture
def lead(team: None, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    assert team is None
    return signed_in(LEAD)


@pytest.fixture
def admin(team: None, signed_in: Callable[[str], FlaskClient]) -> FlaskClient:
    assert team is None
    return signed_in("admin@example.org")


def stored(session: Session) -> dict[str, object]:
    team = session.exec(select(Team).where(Team.slug == "payments")).one()
    found = team.model_dump()
    session.rollback()
    return found


def test_saving_the_page_as_it_is_changes_nothing(session: Session, lead: FlaskClient) -> None:
    before = stored(session)
    response = lead.post(SETTINGS, data=read(lead.get(SETTINGS)).fields)
    assert response.status_code == 302
    assert "Nothing was different" in lead.get(SETTINGS).text
    assert stored(session) == before


def test_each_setting_shows_its_default_and_where_it_comes_from(lead: FlaskClient) -> None:
    text = read(lead.get(SETTINGS)).text
    assert "Follows the organisation: 70 %, the default (high performers in DORA's report of 2016" in text
    assert "Default: Wednesday after, 12:00 (our judgement" in text
    assert "Default: 3 (survey vendors use 5, adjustable to 3" in text
    assert "1 of 17 settings is the team's own." in text
    assert "With the 2 people asked in the next week it leaves 50 %" in text


def test_a_lead_changes_settings_and_reads_since_when_and_who(session: Session, lead: FlaskClient) -> None:
    fields = read(lead.get(SETTINGS)).fields
    fields |= {"name": ["Billing"], "healthy": ["80"], "freezes_day": ["10"], "freezes_at": ["08:30"]}
    fields |= {"time_split": ["4"], "shows_missing": ["y"], "holidays": ["de"]}
    assert lead.post(SETTINGS, data=fields).location == SETTINGS
    found = stored(session)
    assert (found["name"], found["slug"], found["holidays"]) == ("Billing", "payments", "DE")
    assert found["thresholds"] == {"healthy": 0.8}
    text = read(lead.get(SETTINGS)).text
    assert f"From {OPEN_WEEK.shift(1).label} on: Figures are published, Answers that figures need," in text
    assert "lead@example.org renamed the team from Payments to Billing." in text
    assert "changed the moment of publishing from Wednesday after, 12:00 to Thursday after, 08:30 from" in text
    assert "switched the list of who hasn't answered on from" in text
    assert "What is shown below counts from that week." in text


def test_minimums_that_the_team_cannot_reach_are_saved_with_a_warning(lead: FlaskClient) -> None:
    fields = read(lead.get(SETTINGS)).fields
    assert lead.post(SETTINGS, data=fields | {"time_split": ["6"], "comments": ["6"]}).status_code == 302
    page = read(lead.get(SETTINGS))
    assert "No figure will ever show: it needs 6 answers, and 2 people are asked." in page.text
    assert "Saved." in page.text
    assert page.value["time_split"] == "6"
    lead.post(SETTINGS, data=page.fields | {"healthy": ["80"]})
    assert "will ever show" not in read(lead.get(SETTINGS)).text


def test_a_ticked_box_brings_a_default_back(lead: FlaskClient) -> None:
    lead.post(SETTINGS, data=read(lead.get(SETTINGS)).fields | {"opens_at": ["10:00"]})
    page = read(lead.get(SETTINGS))
    assert {"back-opens", "back-step"} <= set(page.attributes)
    lead.post(SETTINGS, data=page.fields | {"back": ["opens"]})
    assert read(lead.get(SETTINGS)).value["opens_at"] == "09:00"


def test_an_own_setting_of_verdicts_follows_the_organisation_again_when_its_field_is_emptied(
    session: Session, lead: FlaskClient
) -> None:
    typed = {"complaint_share": ["50"], "false_alarms": ["0.1"], "daily_rota": ["yes"]}
    lead.post(SETTINGS, data=read(lead.get(SETTINGS)).fields | typed)
    assert stored(session)["thresholds"] == {"complaint_share": 0.5, "false_alarms": 0.1, "daily_rota": True}
    page = read(lead.get(SETTINGS))
    assert "The team's own. The organisation has 33 %. Empty the field to follow it." in page.text
    assert "The team's own. The organisation has no. Choose the first line to follow it." in page.text
    assert {name: page.value[name] for name in typed} == {name: text for name, (text,) in typed.items()}
    lead.post(SETTINGS, data=page.fields | {name: [""] for name in typed})
    assert stored(session)["thresholds"] == {}
    page = read(lead.get(SETTINGS))
    assert page.value["complaint_share"] == ""
    assert page.attributes["complaint_share"]["placeholder"] == "33"
    assert "from 50 % to 33 % (the organisation's)." in page.text


def test_what_the_organisation_changed_stands_on_a_teams_page_without_who(
    lead: FlaskClient, admin: FlaskClient
) -> None:
    admin.post("/organisation", data=read(admin.get("/organisation")).fields | {"healthy": ["80"]})
    text = read(lead.get(SETTINGS)).text
    assert "Follows the organisation: 80 %. Default: 70 % (high performers" in text
    assert (
        "An administrator changed the healthy level from 70 % (the default) to 80 % on Mon 23 Nov 2026, 10:00." in text
    )
    assert "Ingrid" not in text


def test_a_healthy_level_that_moved_under_the_teams_excessive_one_is_told(
    lead: FlaskClient, admin: FlaskClient
) -> None:
    lead.post(SETTINGS, data=read(lead.get(SETTINGS)).fields | {"excessive": ["60"]})
    typed = {"healthy": ["55"], "excessive": ["30"]}
    admin.post("/organisation", data=read(admin.get("/organisation")).fields | typed)
    page = read(lead.get(SETTINGS))
    assert "It counts as 55 %, since the healthy level isn't higher than that." in page.by_id["excessive-hint"]


def test_a_preview_is_asked_for_beside_saving_and_stores_nothing(session: Session, lead: FlaskClient) -> None:
    before = stored(session)
    page = read(lead.get(SETTINGS))
    typed = {"healthy": ["80"], "daily_rota": ["yes"], "name": ["Billing"]}
    response = lead.post(f"{SETTINGS}/preview", data=page.fields | typed)
    assert response.status_code == 302
    assert response.location == f"{SETTINGS}/preview?healthy=80&daily_rota=yes"
    shown = read(lead.get(response.location))
    assert "No week can be compared yet." in shown.text
    assert "Healthy from 70 % 80 % One person a day does unplanned work no yes" in shown.text
    assert stored(session) == before
    (back,) = [link for link in shown.links if "tried=yes" in link]
    form = read(lead.get(back.partition("#")[0]))
    assert "What you tried stands under Verdicts. It isn't saved yet." in form.text
    assert (form.value["healthy"], form.value["daily_rota"], form.value["excessive"]) == ("80", "yes", "")
    assert stored(session) == before
    lead.post(SETTINGS, data=form.fields)
    assert stored(session)["thresholds"] == {"healthy": 0.8, "daily_rota": True}


def test_a_preview_of_settings_that_stand_can_be_put_back_to_the_organisations(
    session: Session, lead: FlaskClient
) -> None:
    lead.post(SETTINGS, data=read(lead.get(SETTINGS)).fields | {"healthy": ["80"]})
    shown = read(lead.get(f"{SETTINGS}/preview"))
    assert "Healthy from 80 % 70 %" in shown.text
    form = read(lead.get(f"{SETTINGS}?tried=yes"))
    assert form.value["healthy"] == ""
    lead.post(SETTINGS, data=form.fields)
    assert stored(session)["thresholds"] == {}


@pytest.mark.parametrize(
    ("typed", "field"), [({"healthy": "40"}, "healthy"), ({"excessive": "x"}, "excessive"), ({"name": ""}, "name")]
)
def test_a_preview_of_what_cannot_be_stays_on_the_form(
    session: Session, lead: FlaskClient, typed: dict[str, str], field: str
) -> None:
    before = stored(session)
    fields = read(lead.get(SETTINGS)).fields | {name: [text] for name, text in typed.items()}
    response = lead.post(f"{SETTINGS}/preview", data=fields)
    assert response.status_code == 400
    assert read(response).by_id[f"{field}-error"]
    assert stored(session) == before


@pytest.mark.parametrize(
    "query", ["healthy=x", "healthy=-1", "false_alarms=0.31", "daily_rota=perhaps", "excessive=70", "healthy=101"]
)
def test_an_address_that_tries_what_cannot_be_says_so(lead: FlaskClient, query: str) -> None:
    response = lead.get(f"{SETTINGS}/preview?{query}")
    assert response.status_code == 400
    assert "Traceback" not in response.text
    assert lead.get(f"{SETTINGS}/preview?unheard_of=1").status_code == 200


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"name": ""}, "name", "Give the team a name."),
        ({"name": "search"}, "name", "There is another team Search already"),
        ({"name": "..."}, "name", "no letter or digit"),
        ({"timezone": "Mars/Olympus"}, "timezone", "is not a known time zone"),
        ({"hours_per_week": "many"}, "hours_per_week", "Use a number of hours"),
        ({"hours_per_week": "0"}, "hours_per_week", "at most 100 hours"),
        ({"holidays": "XX"}, "holidays", "not a region whose holidays are known"),
        ({"due_day": "4", "due_at": "08:00"}, "due_day", "must come after opening"),
        ({"freezes_day": "14"}, "freezes_day", "before the next one opens"),
        ({"opens_at": "early"}, "opens_at", "Not a valid time"),
        ({"time_split": "2"}, "time_split", "at least 3"),
        ({"comments": "2.5"}, "comments", "Use a whole number."),
        ({"excessive": "70"}, "excessive", "must lie under the healthy one"),
        ({"response_floor": "101"}, "response_floor", "from 1 to 100"),
        ({"step": "minutes"}, "step", "Not a valid choice"),
    ],
)
def test_a_setting_that_cannot_be_says_so_at_its_field_keeps_what_was_typed_and_changes_nothing(
    session: Session, lead: FlaskClient, typed: dict[str, str], field: str, message: str
) -> None:
    before = stored(session)
    fields = read(lead.get(SETTINGS)).fields | {"healthy": ["69"]} | {name: [text] for name, text in typed.items()}
    response = lead.post(SETTINGS, data=fields)
    page = read(response)
    assert response.status_code == 400
    assert message in page.by_id[f"{field}-error"]
    assert message in page.by_id["error-summary"]
    assert f"#{field}" in page.links
    assert page.value["healthy"] == "69"
    assert stored(session) == before


def test_a_post_without_its_fields_is_refused_field_by_field(session: Session, lead: FlaskClient) -> None:
    before = stored(session)
    assert lead.post(SETTINGS).status_code == 400
    for name in read(lead.get(SETTINGS)).fields:
        fields = {other: values for other, values in read(lead.get(SETTINGS)).fields.items() if other != name}
        assert lead.post(SETTINGS, data=fields).status_code in {302, 400, 409}, name
    assert stored(session) == before


def test_a_form_left_open_undoes_nobodys_change_unseen(session: Session, lead: FlaskClient, admin: FlaskClient) -> None:
    opened = read(lead.get(SETTINGS)).fields | {"healthy": ["80"]}
    admin.post(SETTINGS, data=read(admin.get(SETTINGS)).fields | {"name": ["Billing"]})
    before = stored(session)
    response = lead.post(SETTINGS, data=opened)
    page = read(response)
    assert response.status_code == 409
    assert "The settings were changed meanwhile. Nothing is stored." in page.text
    assert "Ingrid renamed the team from Payments to Billing." in page.text
    assert (page.value["name"], page.value["healthy"]) == ("Payments", "80")
    assert stored(session) == before
    assert lead.post(SETTINGS, data=page.fields).status_code == 302
    assert (stored(session)["name"], stored(session)["thresholds"]) == ("Payments", {"healthy": 0.8})


def test_sending_the_same_twice_is_no_conflict(lead: FlaskClient) -> None:
    fields = read(lead.get(SETTINGS)).fields | {"healthy": ["80"]}
    assert [lead.post(SETTINGS, data=fields).status_code for _ in range(2)] == [302, 302]


def test_only_an_administrator_sees_and_sets_the_channel_and_nobody_sees_all_of_it(
    session: Session, lead: FlaskClient, admin: FlaskClient
) -> None:
    response = admin.post(f"{SETTINGS}/channel", data={"channel-address": SECRET_ADDRESS})
    assert (response.status_code, response.location) == (302, SETTINGS)
    assert stored(session)["webhook"] == SECRET_ADDRESS
    shown, leads = admin.get(SETTINGS).text, lead.get(SETTINGS).text
    assert "https://hooks.slack.com…" in shown
    assert "B0EXAMPLE" not in shown + leads
    assert "hooks.slack.com" not in leads
    assert lead.post(f"{SETTINGS}/channel", data={"channel-address": ""}).status_code == 403
    assert stored(session)["webhook"] == SECRET_ADDRESS
    admin.post(f"{SETTINGS}/channel", data={"channel-address": ""})
    assert stored(session)["webhook"] == ""


def test_an_address_that_cannot_be_stays_in_its_field(session: Session, admin: FlaskClient) -> None:
    for address, message in (
        ("http://x.example.org/y", "Use the https:// address"),
        ("https://" + "x" * 500, "500 characters is the most"),
    ):
        response = admin.post(f"{SETTINGS}/channel", data={"channel-address": address})
        page = read(response)
        assert response.status_code == 400
        assert message in page.by_id["channel-address-error"]
        assert page.value["channel-address"] == address
        assert page.value["name"] == "Payments"
    assert stored(session)["webhook"] == ""


def test_a_member_may_not_and_a_stranger_finds_nothing(
    team: None, client: FlaskClient, signed_in: Callable[[str], FlaskClient]
) -> None:
    assert team is None
    for email, status in (("ana@example.org", 403), ("other@example.org", 404)):
        browser = signed_in(email)
        assert browser.get(SETTINGS).status_code == status
        assert browser.get("/teams/nothing/settings").status_code == 404
        assert browser.get(f"{SETTINGS}/preview").status_code == status
        assert browser.post(f"{SETTINGS}/preview").status_code == status
    for response in (client.get(SETTINGS), client.post(SETTINGS), client.get(f"{SETTINGS}/preview")):
        assert response.location.partition("?")[0] == "/sign-in"
