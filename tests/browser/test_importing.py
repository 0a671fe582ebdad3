"""Importing a file with headings that the program has never seen: by hand, on a phone, and without scripts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page
from sqlmodel import Session, col

from bau_tracker.domain.importing import RunState
from bau_tracker.domain.permissions import Role
from bau_tracker.storage.engine import writing
from bau_tracker.storage.tables import ImportRun
from bau_tracker.web import reading
from tests.browser.place import Place
from tests.browser.test_pages import WIDER_THAN_SCREEN, faults
from tests.factories import MONDAY, make_member, make_team_of

LATER: Final = MONDAY + timedelta(seconds=20)
HEADER: Final = (
    "Wann?", "Wer bist du", "Zeit für Roadmap-Themen", "Zeit für Brände", "Runden",
    "Was hat dich in dieser Woche am meisten aufgehalten, und was hättest du gebraucht?",
)  # fmt: skip
CHOSEN: Final = {
    "When it was answered": HEADER[0],
    "E-mail address": HEADER[1],
    "Planned work": HEADER[2],
    "Defect fix": HEADER[3],
    "Overhead": HEADER[4],
    "Comment": HEADER[5],
}
STATES: Final[dict[str, dict[str, Any]]] = {
    "reading": {"state": RunState.READING, "rows": 120_000, "rows_total": 480_000, "leased_until": LATER},
    "reading without a total": {"state": RunState.READING, "rows_total": None, "leased_until": LATER},
    "stopped": {"state": RunState.READING, "leased_until": None},
    "taking over": {"state": RunState.TAKING_OVER, "leased_until": LATER},
    "failed": {"state": RunState.FAILED, "failure": "The file was changed since its import began. Import it anew."},
}
SHARE: Final = "83.3\N{NO-BREAK SPACE}%"
"""30 of 36 hours, overhead left out."""


def make_place(place: Place, name: str) -> tuple[str, str]:
    """Add a team of five with a lead, and give its slug and the lead's address."""
    lead = f"lead@{name.lower()}.example"
    with Session(writing(place.engine)) as session:
        team, _ = make_team_of(session, 5, name)
        make_member(session, team, lead, role=Role.LEAD, hours=0)
        session.commit()
        return team.slug, lead


def write_state(place: Place, run_id: int, values: dict[str, Any]) -> None:
    with Session(writing(place.engine)) as session:
        session.execute(sa.update(ImportRun).where(col(ImportRun.id) == run_id).values(**values))
        session.commit()


def answers(slug: str, *addresses: str) -> bytes:
    """Write an answer of each member but the last, and of each further address; their dates can be read in two ways."""
    members = [f"member{number}@{slug}.example" for number in range(4)]
    words = "Die Freigabe hat zwei Tage gedauert. " + "W" * 200
    rows = [("12/11/2026 16:05", address, "30", "6", "4", words) for address in (*members, *addresses)]
    return table(HEADER, [*rows, ("12/11/2026 16:05", members[0], "-3", "6", "4", "")])


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def upload(page: Page, place: Place, content: bytes, name: str) -> None:
    page.goto(f"{place.url}/import")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Check the file").click()


def choose_columns(page: Page) -> None:
    page.locator("summary", has_text="Not found in this file").click()
    for label, column in CHOSEN.items():
        page.get_by_label(label, exact=True).select_option(column)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_a_file_never_seen_before_is_mapped_previewed_imported_and_undone(
    place: Place, page: Page, page_faults: list[str]
) -> None:
    slug, lead = make_place(place, "Harbour")
    place.sign_in(page, lead)
    upload(page, place, answers(slug, "ada@private.example"), "Umfrage.csv")
    assert page.inner_text("h1") == "Columns of Umfrage.csv"
    found = [*faults(page, "columns with questions")]
    choose_columns(page)
    press(page, "Update the preview")
    assert "can be read as" in page.inner_text("main")
    found += faults(page, "columns with the order of dates open")
    page.get_by_label("The day", exact=True).check()
    press(page, "Update the preview")
    preview = page.get_by_role("region", name="The first 5 rows").inner_text()
    assert "2026-W46" in preview
    assert "ada@private.example" in preview
    found += faults(page, "columns with a preview")
    page.get_by_label("Overhead", exact=True).select_option(HEADER[3])
    press(page, "Read the file")
    assert page.locator("#error-summary").is_visible()
    found += faults(page, "columns with errors")
    page.get_by_label("Overhead", exact=True).select_option(HEADER[4])
    press(page, "Read the file")
    assert page.inner_text("h1") == "Check Umfrage.csv"
    assert "Importing would add 4 of 6 rows." in page.inner_text(".finding")
    found += faults(page, "check with unknown people")
    page.get_by_label("ada@private.example").select_option(f"member4@{slug}.example")
    press(page, "Save, and read the file again")
    assert "Importing would add 5 of 6 rows." in page.inner_text(".finding")
    press(page, "Import")
    assert "5 rows added, 1 row rejected" in page.inner_text(".finding")
    found += faults(page, "imported")
    page.get_by_role("link", name="See Harbour").click()
    assert SHARE in (page.text_content("main") or "")
    page.go_back()
    page.get_by_role("link", name="Undo this import").click()
    found += faults(page, "undo")
    press(page, "Undo it")
    assert "5 rows are gone" in page.inner_text(".finding")
    found += faults(page, "undone")
    page.goto(f"{place.url}/import")
    found += faults(page, "imports so far")
    page.goto(f"{place.url}/teams/{slug}")
    assert SHARE not in (page.text_content("main") or "")
    assert found == []
    assert [fault for fault in page_faults if "400" not in fault] == []
    page_faults.clear()


def test_the_same_without_scripts_on_a_phone_and_by_keyboard(place: Place, new_page: Callable[..., Page]) -> None:
    slug, lead = make_place(place, "Ferry")
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 800})
    place.sign_in(page, lead)
    upload(page, place, answers(slug), "Umfrage.csv")
    choose_columns(page)
    page.get_by_label("Week of all answers").press("Enter")
    assert page.inner_text("h1") == "Columns of Umfrage.csv"
    page.get_by_label("The day", exact=True).check()
    page.get_by_role("button", name="Read the file").press("Enter")
    assert "Importing would add 4 of 5 rows." in page.inner_text(".finding")
    assert page.evaluate(WIDER_THAN_SCREEN) <= 0
    press(page, "Import")
    assert "4 rows added" in page.inner_text(".finding")
    page.get_by_role("link", name="Undo this import").click()
    press(page, "Undo it")
    assert "4 rows are gone" in page.inner_text(".finding")


def test_a_wide_file_of_a_tracker_is_explained_too(place: Place, page: Page) -> None:
    _, lead = make_place(place, "Quay")
    place.sign_in(page, lead)
    header = [*(f"Custom field ({number})" for number in range(100)), "Nr", "Worum es geht", "Aufgekommen"]
    upload(page, place, table(header, [[*("x" * 100), "A-1", "Absturz " + "w" * 300, "2026-11-12"]]), "breit.csv")
    found = [*faults(page, "columns of a wide file")]
    if page.get_by_role("button", name="It holds work items instead").is_visible():
        press(page, "It holds work items instead")
    if not page.get_by_label("Key", exact=True).is_visible():
        page.locator("summary", has_text="Not found in this file").click()
    for label, column in {"Title": "Worum es geht", "Key": "Nr", "Created": "Aufgekommen"}.items():
        page.get_by_label(label, exact=True).fill(column)
    press(page, "Update the preview")
    found += faults(page, "preview of a wide file")
    press(page, "Read the file")
    assert page.inner_text("h1") == "Check breit.csv"
    found += faults(page, "check of items")
    assert found == []


def test_a_long_file_shows_how_far_it_is_and_then_its_check_page_by_itself(
    place: Place, new_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 1)
    monkeypatch.setattr("bau_tracker.services.importing.BATCH", 100)
    slug, lead = make_place(place, "Jetty")
    page = new_page(java_script_enabled=False)
    place.sign_in(page, lead)
    header = ("Timestamp", "Email Address", "Planned work (hours)", "Defect fix (hours)")
    rows = [("2026-11-12 16:05:00", f"member{number % 5}@{slug}.example", "30", "6") for number in range(2_000)]
    upload(page, place, table(header, rows), "long.csv")
    page.get_by_role("heading", name="Check long.csv").wait_for()
    assert "Importing would add 5 of 2,000 rows" in page.inner_text(".finding")
    press(page, "Import")
    page.get_by_role("heading", name="Import of long.csv").wait_for()
    assert "5 rows added" in page.inner_text(".finding")


def test_pages_of_an_import_that_goes_on_stopped_or_failed(place: Place, page: Page) -> None:
    slug, lead = make_place(place, "Slipway")
    place.sign_in(page, lead)
    header = ("Timestamp", "Email Address", "Planned work (hours)", "Defect fix (hours)")
    upload(page, place, table(header, [("2026-11-12 16:05:00", f"member0@{slug}.example", "30", "6")]), "one.csv")
    address = page.url
    found: list[str] = []
    for name, state in STATES.items():
        write_state(place, int(address.rpartition("/")[2]), state)
        page.goto(f"{address}?steady=yes")
        found += faults(page, name)
    assert found == []
