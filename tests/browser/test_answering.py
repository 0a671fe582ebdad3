"""Answering by a personal link, as a member does each week: how many actions it takes, and how much is loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import pytest
from playwright.sync_api import Page
from sqlmodel import Session

from bau_tracker.domain.surveys import Step
from bau_tracker.services.invitations import invite
from bau_tracker.storage.engine import writing
from bau_tracker.storage.surveys import respondent_key
from bau_tracker.storage.tables import Answer
from tests.browser.place import Place
from tests.browser.test_journeys import tab_to
from tests.browser.test_pages import faults
from tests.conftest import SECRET
from tests.factories import OPEN_WEEK, give_answer, make_answer, make_member, make_team

MOST_ACTIONS: Final = 15
MOST_BYTES: Final = 60_000
_IS_CLEAR: Final = """() => {
  const field = document.activeElement.getBoundingClientRect();
  const at = document.elementFromPoint(field.left + field.width / 2, field.bottom - 2);
  return field.top >= 0 && field.bottom <= innerHeight && document.activeElement.contains(at);
}"""
"""Whether the lower edge of what has the focus can be seen: nothing lies over it."""
PHONE: Final = {"width": 360, "height": 740}


class Hand:
    """A member's hand on a page; each press and each field typed into is one action."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def fill(self, field: str, text: str) -> None:
        self.page.fill(f"#{field}", text)
        self.actions += 1

    def tick(self, label: str) -> None:
        self.page.get_by_label(label).check()
        self.actions += 1

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).click()
        self.actions += 1


class Invited(NamedTuple):
    """A link, and whose answer it leads to."""

    link: str
    team_id: int
    person_id: int


def invite_to(place: Place, name: str, step: Step) -> Invited:
    """Invite a new member of a new team that counts in a step."""
    with Session(writing(place.engine)) as session:
        team = make_team(session, name, step=step)
        member = make_member(session, team, f"{team.slug}@example.org")
        give_answer(session, team, member, OPEN_WEEK.shift(-1), make_answer(24, 8))
        person_id = member.person_id or 0
        token = invite(session, team, OPEN_WEEK, person_id, secret=SECRET)
        session.commit()
        return Invited(f"{place.url}/answer/{token}", team.id, person_id)


@pytest.fixture
def invited(empty_place: Place, request: pytest.FixtureRequest) -> Invited:
    """Invite somebody to a team of this test's own that counts in half-days."""
    return invite_to(empty_place, request.node.name[:60], Step.HALF_DAYS)


def stored(place: Place, invited: Invited) -> Answer:
    with Session(place.engine) as session:
        return session.get_one(Answer, (invited.team_id, OPEN_WEEK.monday, respondent_key(invited.person_id)))


def test_a_usual_week_takes_few_actions_on_a_phone_and_no_signing_in(
    empty_place: Place, invited: Invited, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport=PHONE)
    hand = Hand(page)
    page.goto(invited.link)
    for field, amount in (("planned", "5"), ("defect", "2"), ("support", "1"), ("overhead", "2")):
        hand.fill(field, amount)
    assert "10 half-days placed" in page.inner_text(".survey-sum")
    assert "all placed" in page.inner_text(".survey-sum")
    hand.tick("Intermittent or noisy alerts")
    hand.fill("comment", "Many alerts at night")
    hand.press("Send")
    assert page.inner_text("h1") == "Thanks, answered"
    assert hand.actions <= MOST_ACTIONS
    answer = stored(empty_place, invited)
    assert (answer.planned, answer.defect, answer.support, answer.overhead) == (20, 8, 4, 8)
    assert (answer.excessive_alerts, answer.seconds) == (True, 0)
    page.goto(f"{empty_place.url}/my-week")
    assert "/sign-in" in page.url


def test_the_same_as_last_week_takes_two_presses(
    empty_place: Place, invited: Invited, new_page: Callable[..., Page]
) -> None:
    page = new_page(viewport=PHONE)
    hand = Hand(page)
    page.goto(invited.link)
    hand.press("Same as last week")
    hand.press("Send")
    assert page.inner_text("h1") == "Thanks, answered"
    assert hand.actions == 2
    answer = stored(empty_place, invited)
    assert (answer.planned, answer.defect, answer.overhead) == (24, 8, 8)


def test_by_keyboard_alone(empty_place: Place, invited: Invited, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(invited.link)
    for field, amount in (("planned", "7"), ("capacity", "1")):
        tab_to(page, field)
        page.keyboard.type(amount)
    assert "2 half-days left" in page.inner_text(".survey-sum")
    tab_to(page, "overhead")
    page.keyboard.type("3")
    assert "1 half-day too many" in page.inner_text(".survey-sum")
    page.keyboard.press("Backspace")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sent")
    assert stored(empty_place, invited).planned == 28


def test_without_scripts_and_without_cookies(
    empty_place: Place, invited: Invited, new_page: Callable[..., Page], page_faults: list[str]
) -> None:
    page = new_page(java_script_enabled=False, viewport=PHONE)
    page.goto(invited.link)
    page.context.clear_cookies()
    page.fill("#planned", "4,5")
    page.get_by_role("button", name="Send", exact=True).click()
    assert "Use whole half-days" in page.inner_text("#error-summary")
    assert "4.5 half-days placed" in page.inner_text(".survey-sum")
    assert "5.5 half-days left" in page.inner_text(".survey-sum")
    page.fill("#planned", "4")
    page.context.clear_cookies()
    page.get_by_role("button", name="Send", exact=True).click()
    assert "4 half-days planned" in page.inner_text("main")
    assert page.context.cookies() == []
    assert stored(empty_place, invited).planned == 16
    assert [fault for fault in page_faults if "400" not in fault] == []
    page_faults.clear()


@pytest.mark.parametrize("step", [Step.HOURS, Step.PERCENT])
def test_the_sum_follows_in_every_unit(empty_place: Place, new_page: Callable[..., Page], step: Step) -> None:
    page = new_page()
    page.goto(invite_to(empty_place, f"In {step}", step).link)
    page.fill("#planned", "35,5" if step is Step.HOURS else "85")
    placed, left = ("35.5 h placed", "4.5 h left") if step is Step.HOURS else ("85 % placed", "15 % left")
    assert placed in page.inner_text(".survey-sum")
    assert left in page.inner_text(".survey-sum")


def test_the_pages_of_a_link_can_be_used_by_everybody(
    invited: Invited, new_page: Callable[..., Page], page_faults: list[str]
) -> None:
    page = new_page()
    page.goto(invited.link)
    found = [*faults(page, "form by link")]
    page.fill("#planned", "8")
    page.get_by_role("button", name="Send", exact=True).click()
    found += faults(page, "sent by link")
    page.goto(invited.link)
    page.get_by_role("button", name="Make this link worthless").click()
    assert "Nobody can answer by it any more." in page.inner_text("main")
    found += faults(page, "worthless link")
    assert found == []
    assert [fault for fault in page_faults if "410" not in fault] == []
    page_faults.clear()


def test_a_first_visit_loads_little(invited: Invited, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport=PHONE)
    loaded: dict[str, int] = {}
    addresses: dict[str, str] = {}
    network = page.context.new_cdp_session(page)

    def answered(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["response"]["url"]

    def finished(event: dict[str, Any]) -> None:
        loaded[addresses[event["requestId"]]] = int(event["encodedDataLength"])

    network.on("Network.responseReceived", answered)
    network.on("Network.loadingFinished", finished)
    network.send("Network.enable")
    page.goto(invited.link)
    page.wait_for_load_state("networkidle")
    assert len(loaded) >= 4
    assert not any("plotly" in url for url in loaded)
    assert sum(loaded.values()) < MOST_BYTES, loaded


@pytest.mark.parametrize(("width", "height"), [(360, 740), (640, 400)])
def test_no_field_with_the_focus_is_hidden_behind_the_sum(
    invited: Invited, new_page: Callable[..., Page], width: int, height: int
) -> None:
    page = new_page(viewport={"width": width, "height": height})
    page.goto(invited.link)
    page.focus("#hours_available")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(_IS_CLEAR), page.evaluate("document.activeElement.id || document.activeElement.name")
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate(_IS_CLEAR), page.evaluate("document.activeElement.id || document.activeElement.name")


def test_the_sum_is_told_to_screen_readers_as_it_changes(invited: Invited, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(invited.link)
    page.fill("#planned", "12 half-days")
    assert page.locator(".survey-sum [role=status]").inner_text() == "12 half-days placed 2 half-days too many"
