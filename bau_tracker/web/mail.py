"""Ties the settings to how messages leave, for pages and commands alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bau_tracker.outbound.mail import make_outbox
from bau_tracker.services.posting import Office
from bau_tracker.settings import Settings


@contextmanager
def open_office(settings: Settings) -> Iterator[Office]:
    """Give how messages leave; ends its connection to the mail server after use."""
    outbox = make_outbox(settings.mail, settings.mailbox_dir)
    try:
        yield Office(outbox, settings.mail_from, settings.base_url, settings.secret_key)
    finally:
        if outbox is not None:
            outbox.close()
