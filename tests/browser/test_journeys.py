"""What people do in a week, in a real browser: a new member by keyboard alone, then the lead with the figures."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Page
from sqlmodel import Session

from bau_tracker.domain.permissions import Role
from bau_tracker.storage.engine import writing
from tests.browser.place import Place
from tests.factories import AFTER_FREEZE, OPEN_WEEK, give_answer, make_answer, make_member, make_team

NEW: Final = "new@fresh.example"
LEAD: Final = "lead@fresh.example"
FOCUSED: Final = "() => document.activeElement.id || document.activeElement.textContent.trim()"
OUTLINED: Final = """() => {
    const style = getComputedStyle(document.activeElement);
    return parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""


@pytest.fixture
def team(empty_place: Place) -> str:
    """Give a team of three of which two have answered, and their lead."""
    with Session(writing(empty_place.engine)) as session:
        team = make_team(session, "Fresh")
        others = [make_member(session, team, f"member{number}@fresh.example") for number in range(2)]
        make_member(session, team, NEW)
        make_member(session, team, LEAD, role=Role.LEAD, hours=0)
        for other in others:
            give_answer(session, team, other, answer=make_answer(24, 8))
        session.commit()
        return team.slug


def tab_to(page: Page, name: str) -> None:
    """Press Tab until something has the focus, by its id or its text; each stop on the way shows that it has it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINED), f"nothing shows that {page.evaluate(FOCUSED)} has the focus"
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"the keyboard doesn't reach {name}")


def test_a_new_member_answers_by_keyboard_and_the_lead_sees_the_week_once_it_froze(
    empty_place: Place, team: str, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(empty_place.link(NEW))
    page.wait_for_selector("main [type=submit]:focus")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{empty_place.url}/")
    tab_to(page, f"Answer for Fresh, {OPEN_WEEK.label}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/teams/{team}/weeks/{OPEN_WEEK}")
    for field, hours in (("planned", "20"), ("capacity", "1,5"), ("support", "10"), ("overhead", "4")):
        tab_to(page, field)
        page.keyboard.type(hours)
    assert "35.5 h placed" in page.inner_text(".survey-sum")
    assert "4.5 h left" in page.inner_text(".survey-sum")
    tab_to(page, "callouts")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    tab_to(page, "comment")
    page.keyboard.type("First week, much support")
    tab_to(page, "Send")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sent")
    assert page.inner_text("h1") == "Thanks, answered"
    assert "20 h planned, 11.5 h BAU, 4 h overhead." in page.inner_text("main")
    page.goto(f"{empty_place.url}/my-week")
    assert f"{OPEN_WEEK.label} is answered." in page.inner_text("main")
    assert "63" in page.get_by_role("row").filter(has_text=str(OPEN_WEEK)).inner_text()
    look_as_lead(empty_place, team, new_page())


def look_as_lead(place: Place, team: str, page: Page) -> None:
    """See only how many have answered, then, after the freeze, the figures, the chart and the download."""
    place.sign_in(page, LEAD)
    page.goto(f"{place.url}/teams/{team}")
    assert "3 of 3 answered" in page.inner_text("main")
    assert page.locator(".chart").count() == 0
    place.clock.now = AFTER_FREEZE
    page.goto(f"{place.url}/")
    row = page.get_by_role("row").filter(has_text="Fresh")
    assert "3 of 3" in row.inner_text()
    row.get_by_role("link").click()
    page.wait_for_selector("#trend svg.main-svg")
    chart = page.locator("#trend svg.main-svg").first
    assert chart.evaluate("chart => getComputedStyle(chart).position") == "absolute"
    page.locator("details[data-table] summary").first.click()
    text = page.get_by_role("row").filter(has_text=str(OPEN_WEEK)).first.inner_text()
    assert "71" in text
    assert "much support" not in page.inner_text("main")
    with page.expect_download() as download:
        page.get_by_role("link", name="Weeks as CSV").click()
    assert download.value.suggested_filename == "fresh-weeks.csv"
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        (week,) = csv.DictReader(file)
    assert (week["week"], week["answered"], week["planned_hours"]) == (str(OPEN_WEEK), "3", "68")


def test_a_lead_tries_a_setting_by_keyboard_without_scripts_and_saves_what_was_tried(
    empty_place: Place, new_page: Callable[..., Page]
) -> None:
    with Session(writing(empty_place.engine)) as session:
        make_member(session, make_team(session, "Tills"), "lead@tills.example", role=Role.LEAD, hours=0)
        session.commit()
    page = new_page(java_script_enabled=False)
    empty_place.sign_in(page, "lead@tills.example")
    page.goto(f"{empty_place.url}/teams/tills/settings#verdicts")
    tab_to(page, "healthy")
    page.keyboard.type("80")
    tab_to(page, "Preview the verdicts")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/preview?healthy=80")
    assert "Healthy from" in page.inner_text("main")
    tab_to(page, "Back to the settings with these values")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings?tried=yes**")
    assert page.input_value("#healthy") == "80"
    tab_to(page, "Save the settings")
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")
    assert "changed the healthy level from 70 % (the organisation's) to 80 %." in page.inner_text("main")
