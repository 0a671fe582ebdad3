"""Decides what a form's ticket says: whose form it is, of which week, and when it was first opened.

A ticket is signed, so that nobody can claim another's form or another moment. One that came with a personal link keeps
no draft for whoever was signed out: it is worth no more than its link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

_SECONDS: Final = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose form of which team and week, and since when; `opened` is in seconds since 1970."""

    person_id: int
    slug: str
    week: str
    opened: int


def sign(ticket: Ticket, *, by_link: bool) -> str:
    """Give a ticket as the form carries it."""
    return _signer(by_link=by_link).dumps([ticket.person_id, ticket.slug, ticket.week, ticket.opened])


def read(text: str, *, by_link: bool) -> Ticket | None:
    """Read a ticket; None for one that isn't ours or is too old."""
    try:
        return Ticket(*_signer(by_link=by_link).loads(text, max_age=_SECONDS))
    except (BadData, TypeError):
        return None


def _signer(*, by_link: bool) -> URLSafeTimedSerializer:
    salt = "survey ticket by link" if by_link else "survey ticket"
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=salt)
