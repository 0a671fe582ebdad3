"""The pages about mail: usable by everybody, and a mail's links lead where they should."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlmodel import Session

from bau_tracker.outbound.mail import MailboxOutbox
from bau_tracker.services.messages import remind
from bau_tracker.services.posting import Office
from bau_tracker.storage.engine import writing
from tests.browser.place import ADMIN, LEAD, MEMBER, TEAM, Place, press
from tests.browser.test_pages import faults
from tests.conftest import SECRET
from tests.post import SENDER


@pytest.fixture
def mails(mailing_place: Place) -> Place:
    """Give the place after its reminders have gone out."""
    folder = Path(mailing_place.engine.url.database or "").with_name("mailbox")
    office = Office(MailboxOutbox(folder), SENDER, mailing_place.url, SECRET)
    with Session(writing(mailing_place.engine), expire_on_commit=False) as session:
        remind(session, office, clock=mailing_place.clock)
        session.commit()
    return mailing_place


def test_pages_about_mail_and_the_way_from_a_mail_to_its_list(mails: Place, page: Page) -> None:
    mails.sign_in(page, ADMIN)
    page.goto(f"{mails.url}/mailbox")
    problems = list(faults(page, "mailbox"))
    press(page.locator(".mail-text a[href*='/unsubscribe/']").first)
    problems += faults(page, "unsubscribe")
    press(page.get_by_role("button", name="Stop these messages"))
    assert "Done: you get no more messages" in page.inner_text(".finding")
    problems += faults(page, "unsubscribed")
    press(page.get_by_role("button", name="Send them again"))
    assert "Done: you get the invitations" in page.inner_text(".finding")
    assert problems == []


def test_a_member_chooses_by_keyboard_about_what_to_get_mail(mails: Place, page: Page) -> None:
    mails.sign_in(page, MEMBER)
    page.goto(f"{mails.url}/messages")
    problems = list(faults(page, "messages"))
    page.get_by_label("Checkout").focus()
    page.keyboard.press("Space")
    assert not page.get_by_label("Checkout").is_checked()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Kept." in page.inner_text("main")
    assert not page.get_by_label("Checkout").is_checked()
    assert problems == []


def test_a_lead_sees_that_reminders_go_out_by_mail(mails: Place, page: Page) -> None:
    mails.sign_in(page, LEAD)
    page.goto(f"{mails.url}/teams/{TEAM}")
    assert "The last one about 2026-W47 went on" in page.inner_text("main")


def test_somebody_without_a_password_asks_for_a_link_on_the_sign_in_page(
    mails: Place, page: Page, page_faults: list[str]
) -> None:
    page.goto(f"{mails.url}/sign-in")
    press(page.get_by_role("button", name="E-mail me a sign-in link"))
    assert page.locator("#error-summary").is_visible()
    problems = list(faults(page, "sign in with errors"))
    page.get_by_label("Your e-mail address").fill(MEMBER)
    press(page.get_by_role("button", name="E-mail me a sign-in link"))
    page.get_by_text("a link is on its way").wait_for()
    assert problems == []
    assert [fault for fault in page_faults if "400" not in fault] == []
    page_faults.clear()
