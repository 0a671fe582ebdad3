"""Makes the pictures in docs/screenshots from the running program with its example data.

Run by `make screenshots`. The clock stands still, so that the same program gives the same pictures.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser
from sqlmodel import Session

from bau_tracker.services.people import make_link
from bau_tracker.services.seeding import load_seed
from bau_tracker.settings import Settings
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.migrate import upgrade
from bau_tracker.storage.people import person_with_email
from bau_tracker.web.app import create_app
from tests.chromium import running_chromium
from tests.plugins.browser import served

NOW: Final = datetime(2026, 11, 23, 10, tzinfo=UTC)
FOLDER: Final = Path(__file__).parents[2] / "docs" / "screenshots"
TEAMS: Final = ("checkout", "deliveries", "gift-cards", "pricing", "search-and-browse", "store-systems")
PAGES: Final = (
    ("overview", "Head of delivery", "/", 1280, False),
    ("team", "Lead of Checkout", "/teams/checkout", 1280, False),
    ("team-dark", "Lead of Checkout", "/teams/checkout", 1280, True),
    ("survey-phone", "Member of Checkout", "/teams/checkout/weeks/2026-W47", 390, False),
)
CHARTS: Final = (
    *((f"trend-{team}", "Head of delivery", f"/teams/{team}", 1280, False) for team in TEAMS),
    ("trend-checkout-dark", "Head of delivery", "/teams/checkout", 1280, True),
    ("trend-checkout-phone", "Head of delivery", "/teams/checkout", 390, False),
)


def main() -> None:
    """Load the example data, serve it, and take each picture."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder), f"sqlite:///{folder}/shots.sqlite3", "a secret for pictures, long enough")
        engine = make_engine(settings.database_url)
        upgrade(engine)
        with Session(writing(engine), expire_on_commit=False) as session:
            seeded = load_seed(session, now=NOW)
            session.commit()
            app = create_app(settings, clock_=lambda: NOW, engine=engine)
            with served(app) as address, running_chromium() as browser:
                for name, who, page, width, dark in (*PAGES, *CHARTS):
                    email = next(email for words, email in seeded.demo_people.items() if words.startswith(who))
                    person = person_with_email(session, email)
                    assert person is not None
                    token = make_link(session, person, secret=settings.secret_key, now=NOW)
                    session.commit()
                    _take(browser, f"{address}/sign-in/{token}", f"{address}{page}", name, width, dark=dark)


def _take(browser: Browser, link: str, address: str, name: str, width: int, *, dark: bool) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(link)
    page.click("main [type=submit]")
    page.goto(address)
    page.wait_for_load_state("networkidle")
    FOLDER.mkdir(parents=True, exist_ok=True)
    if name.startswith("trend-"):
        page.locator("figure:has(#trend)").screenshot(path=FOLDER / f"{name}.png")
    else:
        page.screenshot(path=FOLDER / f"{name}.png")
    context.close()
    sys.stdout.write(f"{FOLDER.name}/{name}.png\n")


if __name__ == "__main__":
    main()
