"""Files to upload, and the way through the pages of an import."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bau_tracker.settings import Settings
from tests.web.pages import Page, read

GOOGLE: Final = ("Timestamp", "Email Address", "Planned work (hours)", "Defect fix (hours)", "Overhead (hours)")
LEAD: Final = "lead@example.org"


def google(*rows: Sequence[str], header: Sequence[str] = GOOGLE) -> bytes:
    """Write an export of a form."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def row(number: int = 0, planned: str = "30", email: str = "") -> tuple[str, ...]:
    """Make an answer of a member, of 2026-W47."""
    return ("2026-11-20 15:00:00", email or f"member{number}@payments.example", planned, "5", "5")


def upload(client: FlaskClient, content: bytes, name: str = "answers.csv", **said: str) -> TestResponse:
    """Send a file, and stay where that leads."""
    data: dict[str, Any] = {"what": "", "team": "payments"} | said
    return client.post("/import", data=data | {"file": (io.BytesIO(content), name)})


def follow(client: FlaskClient, response: TestResponse) -> Page:
    """Open the page to which a post has led."""
    assert response.status_code == 302, read(response).text
    return read(client.get(response.location))


def checked(client: FlaskClient, content: bytes, name: str = "answers.csv", **said: str) -> Page:
    """Upload a file that leaves nothing open, and give its check page."""
    return follow(client, upload(client, content, name, **said))


def action(page: Page, ending: str) -> str:
    """Give the address of the one form of a page that ends so."""
    (address,) = [form for form in page.actions if form.endswith(ending)]
    return address


def imported(client: FlaskClient, content: bytes, name: str = "answers.csv", **said: str) -> Page:
    """Upload a file, take it over, and give the page of what came of it."""
    return confirmed(client, checked(client, content, name, **said))


def confirmed(client: FlaskClient, page: Page) -> Page:
    """Press the button of a check page, and give the page to which that leads."""
    return follow(client, client.post(action(page, "/confirm")))


def kept(settings: Settings) -> list[Path]:
    """Give the folders of the uploaded files that wait."""
    return list(settings.uploads_dir.iterdir()) if settings.uploads_dir.exists() else []


UNSEEN: Final = ("Wann?", "Wer bist du", "Zeit für Roadmap-Themen", "Zeit für Brände", "Runden", "Was noch?")
"""Headings that no rule knows; the dates under them can be read in two ways."""


def unseen(*days: str, header: Sequence[str] = UNSEEN) -> bytes:
    """Write answers of members under headings that the program has never seen, one on each day."""
    rows = [
        (f"{day} 16:05", f"member{number}@payments.example", "30", "6", "4", "ruhig") for number, day in enumerate(days)
    ]
    return google(*rows, header=header)
