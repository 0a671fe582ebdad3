"""The example data served at a moment that tests set: one for all tests of a module, so that it is loaded once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from playwright.sync_api import Locator, Page
from sqlmodel import Session

from bau_tracker.services.people import add_person, make_link
from bau_tracker.services.seeding import load_seed
from bau_tracker.settings import Settings
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.people import person_with_email
from bau_tracker.web.app import create_app
from tests.conftest import SECRET, Clock
from tests.factories import MONDAY
from tests.plugins.browser import served

TEAM: Final = "checkout"
LEAD: Final = "amara.okafor@example.org"
MEMBER: Final = "priya.raman@example.org"
ADMIN: Final = "ingrid.solheim@example.org"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the program is served, with the database and the clock behind it."""

    url: str
    engine: sa.Engine
    clock: Clock

    def link(self, email: str) -> str:
        """Give the address of a new sign-in link; a person who isn't there is added."""
        with Session(writing(self.engine), expire_on_commit=False) as session:
            person = person_with_email(session, email) or add_person(session, email, now=MONDAY)
            token = make_link(session, person, secret=SECRET, now=self.clock())
            session.commit()
        return f"{self.url}/sign-in/{token}"

    def sign_in(self, page: Page, email: str) -> None:
        """Open a new link of a person and press its button."""
        page.goto(self.link(email))
        page.click("main [type=submit]")
        page.wait_for_url(f"{self.url}/")


def press(button: Locator) -> None:
    """Press a button or a link, and wait until the page that it leads to is there."""
    with button.page.expect_navigation():
        button.click()


@contextmanager
def served_place(folder: Path, migrated: Path, *, seeded: bool = True, mail: str = "") -> Iterator[Place]:
    """Serve a program of its own, with the example data unless told otherwise."""
    database = folder / "bau-tracker.sqlite3"
    shutil.copy(migrated, database)
    settings, clock = Settings(folder, f"sqlite:///{database}", SECRET, mail=mail), Clock()
    engine = make_engine(settings.database_url)
    if seeded:
        with Session(writing(engine)) as session:
            load_seed(session, now=MONDAY)
            session.commit()
    app = create_app(settings, clock_=clock, engine=engine)
    app.add_url_rule("/broken", view_func=_broken)
    with served(app) as url:
        yield Place(url, engine, clock)
    engine.dispose()


def _broken() -> str:
    raise RuntimeError("broken on purpose")
