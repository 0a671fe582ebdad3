"""Every page, light and dark, on a phone and on a desk: usable by everybody, and no wider than the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, Response
from sqlmodel import Session

from bau_tracker.storage.engine import writing
from tests.browser.place import ADMIN, LEAD, MEMBER, TEAM, Place, press
from tests.chromium import axe_violations
from tests.factories import OPEN_WEEK, make_person

WIDTHS: Final = (1280, 360)
SURVEY: Final = f"/teams/{TEAM}/weeks/{OPEN_WEEK}"
HEADER: Final = "Timestamp,Email Address,Planned work (hours),Defect fix (hours)\n"
WIDER_THAN_SCREEN: Final = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
CHART_STYLE: Final = "chart => getComputedStyle(chart.querySelector('svg.main-svg')).position"


def faults(page: Page, name: str) -> Iterator[str]:
    """Look at a page in both themes and at both widths; the page stays loaded, as it does when a phone is turned."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            where = f"{name}, {theme}, {width} px"
            yield from (f"{where}: {violation}" for violation in axe_violations(page))
            if (excess := page.evaluate(WIDER_THAN_SCREEN)) > 0:
                yield f"{where}: {excess} px wider than the screen"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})


def opened(page: Page, address: str) -> Response:
    response = page.goto(address)
    assert response is not None
    return response


def test_pages_that_everybody_can_open(place: Place, empty_place: Place, page: Page, page_faults: list[str]) -> None:
    found: list[str] = []
    for address in (f"{place.url}/sign-in", f"{place.url}/method", place.link(MEMBER), f"{empty_place.url}/first"):
        assert opened(page, address).status == 200
        found += faults(page, address.removeprefix(place.url)[:12])
    for address in (f"{place.url}/sign-in", f"{empty_place.url}/first"):
        page.goto(address)
        page.click("main [type=submit]")
        assert page.locator("#error-summary").is_visible()
        found += faults(page, f"{address[-8:]} with errors")
    assert found == []
    assert [fault for fault in page_faults if "400" not in fault] == []
    page_faults.clear()


def test_pages_of_what_went_wrong(place: Place, page: Page, page_faults: list[str]) -> None:
    found: list[str] = []
    for address, status in (("/nothing", 404), ("/broken", 500)):
        assert opened(page, f"{place.url}{address}").status == status
        found += faults(page, address)
    assert found == []
    assert [fault for fault in page_faults if "404" not in fault and "500" not in fault] == []
    page_faults.clear()


def test_pages_of_a_member(place: Place, page: Page, page_faults: list[str]) -> None:
    place.sign_in(page, MEMBER)
    found = [*faults(page, "overview")]
    for address in ("/my-week", "/my-week/texts/delete", "/account", SURVEY):
        assert opened(page, f"{place.url}{address}").status == 200
        found += faults(page, address)
    page.fill("#planned", "a lot")
    page.fill("#defect", "-3")
    press(page.get_by_role("button", name="Send", exact=True))
    assert page.locator("#error-summary").is_visible()
    found += faults(page, "survey with errors")
    page.fill("#planned", "20")
    page.fill("#defect", "3")
    press(page.get_by_role("button", name="Send", exact=True))
    assert page.inner_text("h1") == "Thanks, answered"
    found += faults(page, "sent")
    assert found == []
    assert [fault for fault in page_faults if "400" not in fault] == []
    page_faults.clear()


def test_pages_of_a_lead(place: Place, page: Page, tmp_path: Path) -> None:
    place.sign_in(page, LEAD)
    found = [*faults(page, "overview of a lead")]
    page.goto(f"{place.url}/import")
    found += faults(page, "upload")
    file = tmp_path / "answers.csv"
    file.write_text(f"{HEADER}2026-10-02 15:00:00,{MEMBER},30,5\n2026-10-02 15:00:00,stranger@example.org,-3,5\n")
    page.set_input_files("#file", file)
    page.select_option("#team", TEAM)
    press(page.get_by_role("button", name="Check the file"))
    assert page.inner_text("h1") == "Check answers.csv"
    found += faults(page, "check")
    press(page.get_by_role("button", name="Import", exact=True))
    assert page.inner_text("h1") == "Import of answers.csv"
    found += faults(page, "run")
    assert found == []


def test_the_page_of_a_team(place: Place, page: Page) -> None:
    place.sign_in(page, ADMIN)
    found = [*faults(page, "overview of everything")]
    page.goto(f"{place.url}/teams/{TEAM}")
    page.wait_for_selector("#trend svg.main-svg")
    page.wait_for_selector("#items svg.main-svg")
    charts = page.locator(".chart[data-figure]")
    assert charts.count() == 3
    assert {charts.nth(number).evaluate(CHART_STYLE) for number in range(3)} == {"absolute"}
    for summary in page.locator("details[data-table] summary").all():
        summary.click()
    found += faults(page, "team with its tables")
    assert found == []


def test_pages_by_which_a_lead_manages_a_team(place: Place, page: Page, page_faults: list[str]) -> None:
    place.sign_in(page, LEAD)
    found: list[str] = []
    for address in ("members", "members/add", "settings", "actions", "reopen", "verdicts"):
        assert opened(page, f"{place.url}/teams/{TEAM}/{address}").status == 200
        found += faults(page, address)
    page.goto(f"{place.url}/teams/{TEAM}/members")
    press(page.get_by_role("link", name="Priya Raman"))
    found += faults(page, "a member's page")
    page.fill("#leave-last_day", "2026-01-05")
    press(page.get_by_role("button", name="Let them leave"))
    assert page.locator("#error-summary").is_visible()
    found += faults(page, "a member's page with errors")
    page.goto(f"{place.url}/teams/{TEAM}/members/add")
    page.fill("#people", f"Bo Lind <bo@example.org>\nnonsense\n{MEMBER}")
    press(page.get_by_role("button", name="Check"))
    found += faults(page, "people checked")
    press(page.get_by_role("button", name="Add 1 person"))
    assert "1 person added. 1 already was in the team. 1 line was left out: “nonsense”." in page.inner_text("main")
    page.goto(f"{place.url}/teams/{TEAM}/settings")
    page.fill("#excessive", "75")
    press(page.get_by_role("button", name="Save the settings"))
    assert page.locator("#error-summary").is_visible()
    found += faults(page, "settings with errors")
    page.fill("#excessive", "45")
    page.fill("#freezes_at", "13:30")
    press(page.get_by_role("button", name="Save the settings"))
    assert "changed the excessive level from 50 % (the organisation's) to 45 %." in page.inner_text("main")
    found += faults(page, "settings with a history")
    page.select_option("#false_alarms", "0.5")
    press(page.get_by_role("button", name="Preview the verdicts"))
    page.wait_for_selector("#preview svg.main-svg")
    page.locator("details[data-table] summary").click()
    found += faults(page, "preview of a team")
    assert found == []
    assert [fault for fault in page_faults if "400" not in fault] == []
    page_faults.clear()


def test_pages_of_an_administrator(place: Place, page: Page) -> None:
    place.sign_in(page, ADMIN)
    found: list[str] = []
    team = "/teams/gift-cards"
    for address in ("/new-team", "/people", "/people/add", "/people/1", f"{team}/merge", f"{team}/archive"):
        assert opened(page, f"{place.url}{address}").status == 200
        found += faults(page, address)
    page.check("#sure")
    press(page.get_by_role("button", name="Archive the team"))
    assert page.inner_text("h1") == "Archived teams"
    found += faults(page, "archived teams")
    press(page.get_by_role("link", name="Bring back"))
    found += faults(page, "bring back")
    press(page.get_by_role("button", name="Bring the team back"))
    assert "Gift Cards is back." in page.inner_text("main")
    page.goto(f"{place.url}/organisation")
    page.select_option("#daily_rota", "yes")
    found += faults(page, "organisation")
    press(page.get_by_role("button", name="Preview the verdicts"))
    assert "in the last 52 weeks of 6 teams" in page.inner_text("main")
    found += faults(page, "preview of the organisation")
    page.goto(f"{place.url}/people")
    press(page.get_by_role("link", name="Priya Raman"))
    press(page.get_by_role("button", name="Make a sign-in link"))
    assert page.input_value("#link").startswith("http")
    found += faults(page, "a link")
    assert found == []


def test_first_steps_and_what_a_team_agreed(place: Place, empty_place: Place, page: Page) -> None:
    make_admin(empty_place)
    empty_place.sign_in(page, ADMIN)
    found = [*faults(page, "first steps")]
    place.sign_in(page, MEMBER)
    page.goto(f"{place.url}/teams/{TEAM}")
    page.fill("#text", "Roll back a bad deployment by one command")
    press(page.get_by_role("button", name="Add to what is agreed"))
    found += faults(page, "a team with an action")
    press(page.get_by_role("button", name="Roll back a bad deployment"))
    page.locator("#agreed summary").click()
    found += faults(page, "a team with an action done")
    assert found == []


def make_admin(place: Place) -> None:
    with Session(writing(place.engine)) as session:
        make_person(session, ADMIN, admin=True)
        session.commit()


def test_without_scripts_everything_can_be_read_and_the_survey_sent(
    place: Place, new_page: Callable[..., Page]
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 800})
    place.sign_in(page, "callum.fraser@example.org")
    page.goto(f"{place.url}/teams/{TEAM}")
    table = page.get_by_role("table").first
    assert table.is_visible()
    assert "2026-W46" in table.inner_text()
    assert not page.locator(".chart").first.is_visible()
    page.goto(f"{place.url}{SURVEY}")
    page.fill("#planned", "20,5")
    page.fill("#support", "3")
    page.get_by_label("Deployments").check()
    press(page.get_by_role("button", name="Send", exact=True))
    assert page.inner_text("h1") == "Thanks, answered"
    assert "20.5 h planned, 3 h BAU" in page.inner_text("main")
