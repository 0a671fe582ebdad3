"""Ties the settings to how messages leave, for pages and commands alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlencode

from flask import Flask, current_app
from sqlmodel import Session

from bau_tracker.domain.errors import BauTrackerError
from bau_tracker.outbound.mail import make_outbox
from bau_tracker.services.people import letter_with_link
from bau_tracker.services.posting import Office, send_letter
from bau_tracker.settings import MAILBOX, Settings
from bau_tracker.storage.engine import writing
from bau_tracker.web.database import ENGINE

if TYPE_CHECKING:
    import sqlalchemy as sa

_SETTINGS: Final = "bau_tracker.settings"
BACKGROUND: Final = "bau_tracker.background"


@contextmanager
def open_office(settings: Settings) -> Iterator[Office]:
    """Give how messages leave; ends its connection to the mail server after use."""
    outbox = make_outbox(settings.mail, settings.mailbox_dir)
    try:
        yield Office(outbox, settings.mail_from, settings.base_url, settings.secret_key)
    finally:
        if outbox is not None:
            outbox.close()


def current_settings() -> Settings:
    """Give the settings of the application that answers."""
    return cast("Settings", current_app.extensions[_SETTINGS])


def link_sender(email: str, now: datetime, *, target: str = "") -> Callable[[], None]:
    """Give what mails a sign-in link once the response is out, so that its time says nothing of whose address it is.

    `target` is the page to go to once signed in; the link's page checks it again, as anybody can change an address.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  (flask's documented way)
    query = f"?{urlencode({'next': target})}" if target else ""
    settings, engine = current_settings(), cast("sa.Engine", app.extensions[ENGINE])

    def send() -> None:
        try:
            with Session(writing(engine)) as session, open_office(settings) as office:
                letter = letter_with_link(
                    session, email, base_url=settings.base_url, secret=settings.secret_key, now=now, query=query
                )
                session.commit()
                if letter is not None:
                    send_letter(letter, office, now)
        except BauTrackerError as error:
            app.logger.warning("A sign-in link could not be mailed: %s", error.message)

    return send


def in_background(work: Callable[[], None]) -> Callable[[], None]:
    """Give what hands work to a thread: the connection of a browser neither waits for it nor closes after it."""
    executor = cast("Executor", current_app.extensions[BACKGROUND])

    def hand_over() -> None:
        executor.submit(work)

    return hand_over


def register(app: Flask) -> None:
    """Tell templates whether mail is sent, and whether it is kept in the development mailbox; make the thread."""
    app.extensions[BACKGROUND] = ThreadPoolExecutor(1, thread_name_prefix="mail")

    @app.context_processor
    def mail() -> dict[str, object]:
        setting = current_settings().mail
        return {"mail_is_on": bool(setting), "mail_is_kept": setting == MAILBOX}
