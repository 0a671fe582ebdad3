"""Decides whether a file holds survey answers or work items, where nobody said; all else is found by `recognising`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.permissions import Actor
from bau_tracker.formats.items import TABLE
from bau_tracker.formats.json_tables import looks_like_json
from bau_tracker.services.recognising import ANSWERS, ITEMS, Look, Request, inspect

TELLING: Final = {
    ANSWERS: frozenset({"planned", "overhead", "hours_available", "excessive", "deferred", "callouts", "email"}),
    ITEMS: frozenset({"title", "external_key", "status", "item_type", "priority", "labels", "closed", "url"}),
}
"""Fields that tell the two apart: dates, texts and teams are in both."""


def inspect_any(session: Session, request: Request, *, actor: Actor, now: datetime) -> Look:
    """Say what is found out about a file, taken for what it looks most like where `request.what` is empty.

    No survey tool exports JSON, so that holds items.

    Raises UnreadableInput when it can be read as neither, and what `inspect` raises.
    """
    what = request.what or (ITEMS if looks_like_json(request.path, request.file_name) else "")
    if what:
        return inspect(session, replace(request, what=what), actor=actor, now=now)
    looks, errors = [], []
    for what in (ANSWERS, ITEMS):
        try:
            looks.append(inspect(session, replace(request, what=what), actor=actor, now=now))
        except UnreadableInput as error:
            errors.append(error)
    if not looks:
        raise errors[0]
    return max(looks, key=_likeness)


def _likeness(look: Look) -> tuple[bool, bool, bool, int]:
    """Say how much a file is like what it was taken for: remembered, of a known tool, readable, its columns."""
    inspection = look.inspection
    telling = TELLING[look.request.what].intersection(inspection.guesses)
    return look.memory is not None, inspection.layout.tool != TABLE, not inspection.questions, len(telling)
