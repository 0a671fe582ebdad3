"""Decides where a work item came from (its origin), and in which weeks it and its hours count.

An origin is a first presumption from what a tracker says; a person's later decision replaces it (`services`). What an
item is about is left to `classification`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bau_tracker.domain.taxonomy import ITEM_CLASSES, ItemClass, Origin
from bau_tracker.domain.weeks import Week

_SECONDS_AN_HOUR: Final = 3600
_SHOWN: Final = 60
_UNPLANNED_LABELS: Final = frozenset(
    (
        "unplanned", "unplanned work", "not planned", "interrupt", "interrupts", "interruption", "incident",
        "production incident", "live incident", "outage", "hotfix", "hot fix", "bau", "expedite", "expedited",
        "firefighting", "fire fighting", "fire", "emergency", "on call", "oncall", "callout", "toil", "ad hoc", "adhoc",
        "reactive", "escalation", "urgent",
    )
)  # fmt: skip
_PLANNED_LABELS: Final = frozenset(
    ("planned", "planned work", "roadmap", "roadmapped", "on roadmap", "scheduled", "committed", "sprint goal")
)
_UNPLANNED_TYPES: Final = frozenset(
    (
        "incident", "major incident", "production incident", "status incident", "support", "support request",
        "support ticket", "service request", "service request with approvals", "it help", "problem", "hotfix", "outage",
        "ticket", "question", "post mortem", "postmortem",
    )
)  # fmt: skip
_PLANNED_TYPES: Final = frozenset(
    (
        "epic", "story", "user story", "feature", "new feature", "initiative", "spike", "product backlog item",
        "requirement", "theme", "capability",
    )
)  # fmt: skip
_KEY: Final = re.compile(r"^(?:type|kind|origin|category|work|class|priority)\s*[:/=]\s*")


def decide_origin(item_class: ItemClass, *, labels: Sequence[str] = (), item_type: str = "") -> tuple[Origin, str]:
    """Say whether a work item was planned, and why in words.

    An explicit label decides, then the type; without either the class is only a presumption, and the reason says so.
    Labels that contradict each other decide nothing.
    """
    return _by_label(labels) or _by_type(item_type) or _by_class(item_class)


def hours_by_week(logged: Iterable[tuple[date, int]]) -> dict[Week, float]:
    """Add up logged work, given as (day, seconds), to hours by week in order of time, empty weeks left out."""
    seconds: dict[Week, int] = {}
    for day, spent in logged:
        week = Week.containing(day)
        seconds[week] = seconds.get(week, 0) + spent
    return {week: seconds[week] / _SECONDS_AN_HOUR for week in sorted(seconds) if seconds[week]}


def week_of_item(created: datetime | None, closed: datetime | None, zone: ZoneInfo) -> Week | None:
    """Give the week in which an item counts: when it arrived, else when it was closed, None when neither is known.

    Days are those of the time zone; a moment without a zone is taken to be in it.
    """
    moment = created or closed
    if moment is None:
        return None
    local = moment.astimezone(zone) if moment.tzinfo else moment
    return Week.containing(local.date())


def _by_label(labels: Sequence[str]) -> tuple[Origin, str] | None:
    unplanned = next((label for label in labels if _plain(label) in _UNPLANNED_LABELS), None)
    planned = next((label for label in labels if _plain(label) in _PLANNED_LABELS), None)
    if unplanned is not None and planned is None:
        return Origin.UNPLANNED, f"The label “{_short(unplanned)}” says that it was unplanned."
    if planned is not None and unplanned is None:
        return Origin.PLANNED, f"The label “{_short(planned)}” says that it was planned."
    return None


def _by_type(item_type: str) -> tuple[Origin, str] | None:
    if _plain(item_type) in _UNPLANNED_TYPES:
        return Origin.UNPLANNED, f"Items of type “{_short(item_type)}” come unplanned."
    if _plain(item_type) in _PLANNED_TYPES:
        return Origin.PLANNED, f"Items of type “{_short(item_type)}” are planned."
    return None


def _by_class(item_class: ItemClass) -> tuple[Origin, str]:
    planned = item_class in {ItemClass.FEATURE, ItemClass.OTHER}
    origin = Origin.PLANNED if planned else Origin.UNPLANNED
    name = ITEM_CLASSES[item_class].lower()
    return origin, f"Presumed {origin}, because “{name}” mostly is; no label or type says."


def _plain(words: str) -> str:
    """Write a label or type as it is looked up: lower case, single spaces, without a leading `type:`."""
    text = re.sub(r"[\s_-]+", " ", words.strip().lower())
    return _KEY.sub("", text).strip()


def _short(words: str) -> str:
    return words.strip()[:_SHOWN]
