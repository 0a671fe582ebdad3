"""Open alerts in a real browser: by keyboard, without JavaScript, on a phone, in both themes."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page
from sqlmodel import Session

from bau_tracker.services.subscriptions import wish_token
from bau_tracker.storage.engine import writing
from bau_tracker.storage.people import person_with_email
from tests.browser.place import ADMIN, LEAD, TEAM, Place, press
from tests.chromium import axe_violations
from tests.conftest import SECRET

PHONE = {"width": 360, "height": 800}


def look(page: Page, address: str) -> list[str]:
    """Give what is wrong with a page in either theme."""
    page.goto(address)
    found: list[str] = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found += [f"{address}, {theme}: {violation}" for violation in axe_violations(page)]
    if page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{address}: wider than the screen")
    return found


def test_pages_with_alerts_are_usable_by_everybody(place: Place, new_page: Callable[..., Page]) -> None:
    with Session(writing(place.engine)) as session:
        person = person_with_email(session, LEAD)
        assert person is not None
        link = f"/alert-mail/{wish_token(person.id, secret=SECRET)}"
    page = new_page(viewport=PHONE)
    place.sign_in(page, ADMIN)
    assert look(page, f"{place.url}/") == []
    assert page.locator("#alerts").is_visible()
    place.sign_in(page, LEAD)
    for address in (f"/teams/{TEAM}", "/messages", link):
        assert look(page, f"{place.url}{address}") == []


def test_a_lead_says_by_keyboard_and_without_javascript_that_an_alert_was_seen(
    place: Place, new_page: Callable[..., Page]
) -> None:
    page = new_page(java_script_enabled=False, viewport=PHONE)
    place.sign_in(page, LEAD)
    page.goto(f"{place.url}/teams/{TEAM}")
    press(page.get_by_role("button", name="Remind me of Checkout in 2 weeks"))
    assert "You are reminded on" in page.inner_text("#alerts")
    page.get_by_role("button", name="I have seen it").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Seen by Amara Okafor on" in page.inner_text("#alerts")
    assert page.get_by_role("button", name="I have seen it").count() == 0
