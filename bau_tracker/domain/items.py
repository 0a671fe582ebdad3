"""Decides where a work item came from (its origin), and in which weeks it and its hours count.

An origin is a first presumption from what a tracker says and when; a person's later decision replaces it (`services`).
What an item is about is left to `classification`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bau_tracker.domain.taxonomy import ITEM_CLASSES, ItemClass, Origin
from bau_tracker.domain.weeks import DayTime, Week

_SECONDS_AN_HOUR: Final = 3600
_SHOWN: Final = 60
SPRINT_SETTLES: Final = timedelta(days=1)
"""How long after its start a sprint is still being filled: what is added later was not in it when it began."""
WEEK_BEGINS: Final = DayTime(0, time(9))
"""From when on a week has begun, in the team's zone: by then what was planned for it is written down."""
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
        "ticket", "question", "post mortem", "postmortem", "alert", "case", "catalog task", "requested item",
        "problem task",
    )
)  # fmt: skip
_PLANNED_TYPES: Final = frozenset(
    (
        "epic", "story", "user story", "feature", "new feature", "initiative", "spike", "product backlog item",
        "requirement", "theme", "capability",
    )
)  # fmt: skip
_KEY: Final = re.compile(r"^(?:type|kind|origin|category|work|class|priority)\s*[:/=]\s*")


@dataclass(frozen=True, slots=True)
class ItemTimes:
    """When things happened to an item, None where its tracker doesn't say; `zone` is that of its team."""

    zone: ZoneInfo
    created: datetime | None = None
    started: datetime | None = None
    closed: datetime | None = None
    sprint_started: datetime | None = None


def decide_origin(
    item_class: ItemClass,
    *,
    labels: Sequence[str] = (),
    item_type: str = "",
    incident: bool = False,
    times: ItemTimes | None = None,
) -> tuple[Origin, str]:
    """Say whether a work item was planned, and why in words.

    The first that says something decides: an explicit label; what the tracker calls a live incident, and its type;
    whether it was there when its sprint began, or came after its week had begun and was taken up in it. Without any of
    these the class is only a presumption, and the reason says so. Labels that contradict each other decide nothing.
    """
    return (
        _by_label(labels)
        or _by_incident(item_type, incident=incident)
        or _by_type(item_type)
        or (times and (_by_sprint(times) or _by_week(times)))
        or _by_class(item_class)
    )


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


def _by_incident(item_type: str, *, incident: bool) -> tuple[Origin, str] | None:
    if not incident:
        return None
    called = f"“{_short(item_type)}”" if item_type.strip() else "a live incident"
    return Origin.UNPLANNED, f"The tracker calls it {called}, and incidents come unplanned."


def _by_type(item_type: str) -> tuple[Origin, str] | None:
    if _plain(item_type) in _UNPLANNED_TYPES:
        return Origin.UNPLANNED, f"Items of type “{_short(item_type)}” come unplanned."
    if _plain(item_type) in _PLANNED_TYPES:
        return Origin.PLANNED, f"Items of type “{_short(item_type)}” are planned."
    return None


def _by_sprint(times: ItemTimes) -> tuple[Origin, str] | None:
    if times.created is None or times.sprint_started is None:
        return None
    began, added = _day(times.sprint_started, times.zone), _day(times.created, times.zone)
    if times.created > times.sprint_started + SPRINT_SETTLES:
        return Origin.UNPLANNED, f"Added on {added}, after its sprint had begun on {began}."
    return Origin.PLANNED, f"It was there when its sprint began on {began}."


def _by_week(times: ItemTimes) -> tuple[Origin, str] | None:
    """Take for unplanned what came after its week had begun and was started or closed in that same week."""
    week = week_of_item(times.created, None, times.zone)
    if week is None or times.created is None or times.created < _beginning(week, times.zone):
        return None
    for moment, done in ((times.started, "started"), (times.closed, "closed")):
        if moment and moment >= times.created and week_of_item(moment, None, times.zone) == week:
            added = _day(times.created, times.zone)
            return Origin.UNPLANNED, f"Added on {added}, after the week {week} had begun, and {done} in that same week."
    return None


def _beginning(week: Week, zone: ZoneInfo) -> datetime:
    return datetime.combine(week.monday + timedelta(days=WEEK_BEGINS.day), WEEK_BEGINS.at, tzinfo=zone)


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _by_class(item_class: ItemClass) -> tuple[Origin, str]:
    planned = item_class in {ItemClass.FEATURE, ItemClass.OTHER}
    origin = Origin.PLANNED if planned else Origin.UNPLANNED
    name = ITEM_CLASSES[item_class].lower()
    return origin, f"Presumed {origin}, because “{name}” mostly is; no label or type says."


def _plain(words: str) -> str:
    """Write a label or type as it is looked up: lower case, single spaces, without a leading `type:` or `[System]`."""
    text = re.sub(r"[\s_-]+", " ", words.strip().lower()).removeprefix("[system] ")
    return _KEY.sub("", text).strip()


def _short(words: str) -> str:
    return words.strip()[:_SHOWN]
