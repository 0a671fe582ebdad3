"""Decides what a mapping for work items can name, and by which words a column for it is offered to a person."""

from __future__ import annotations

from typing import Final

from bau_tracker.formats.suggestions import Wanted

ITEM_FIELDS: Final = (
    "external_key", "title", "text", "item_type", "status", "priority", "labels", "component", "url", "team",
    "created", "updated", "closed", "started", "sprint_started", "logged_hours",
)  # fmt: skip
"""What a mapping for items can name."""

_DATES: Final = ("dates",)
WANTED: Final[dict[str, Wanted]] = {
    "external_key": Wanted(
        ("key", "issue key", "id", "number", "ticket", "ticket id", "reference", "schlüssel", "nummer")
    ),
    "title": Wanted(("title", "summary", "subject", "name", "short description", "titel", "betreff", "what")),
    "text": Wanted(("description", "text", "body", "details", "beschreibung")),
    "item_type": Wanted(("type", "issue type", "work item type", "kind", "category", "original type", "art", "typ")),
    "status": Wanted(("status", "state", "original status", "stand")),
    "priority": Wanted(("priority", "severity", "urgency", "priorität")),
    "labels": Wanted(("labels", "tags", "keywords", "stichwörter", "schlagworte")),
    "component": Wanted(("component", "components", "service", "area", "module", "komponente", "bereich")),
    "url": Wanted(("url", "link", "address", "web url")),
    "team": Wanted(("team", "squad", "group", "assignment group")),
    "created": Wanted(("created", "created at", "created date", "opened", "reported", "erstellt", "angelegt"), _DATES),
    "updated": Wanted(("updated", "updated at", "changed", "last modified", "aktualisiert", "geändert"), _DATES),
    "closed": Wanted(
        ("closed", "closed at", "resolved", "resolution date", "done", "completed", "erledigt", "geschlossen"), _DATES
    ),
    "started": Wanted(("started", "in progress since", "activated", "begonnen"), _DATES),
    "sprint_started": Wanted(("sprint start", "sprint started", "iteration start"), _DATES),
    "logged_hours": Wanted(
        ("time spent", "logged hours", "hours", "effort", "completed work", "zeitaufwand", "aufwand"),
        ("hours", "numbers"),
    ),
}  # fmt: skip
"""What each field is called where no tracker is known, and what its values look like."""
