"""Decides which tracker a table of work items comes from, by its set of headers, and what each of its columns holds.

A tracker is one entry in `TRACKERS`: a further one needs its headers, and a function only where a column alone doesn't
say what is needed. Headers are compared in small letters without punctuation, so that `fields.status.name` of a JSON
file and “Fields Status Name” are the same. Columns of people appear nowhere here, so they are never read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bau_tracker.formats.headers import listed, plain_words
from bau_tracker.formats.item_cells import (
    Cells,
    Columns,
    always_incident,
    closed_as_written,
    closed_when_done,
    github_type,
    gitlab_sprint,
    jira_url,
    key_as_written,
    key_with_repository,
    opsgenie_type,
    servicenow_type,
    sprint_as_written,
    takes_all,
    type_as_written,
    url_as_written,
    without_pull_requests,
)

_SPRINT_START: Final = re.compile(r"fields customfield \d+ startdate")


@dataclass(frozen=True, slots=True)
class Tracker:
    """How a tracker writes its items.

    `columns` names by field what its header may be called, the surest first. Recognised is a table that has all of
    `needs`, and one of the headers of `signs`, or nothing beside those of `only`; where both are empty, `needs` will
    do. `separators` stand between labels in a cell, `nulls` for nothing, `markup` says that texts are HTML. The
    functions say what a column alone doesn't: `left_out` why an item is left out unless everything is wanted.
    """

    source: str
    called: str
    columns: dict[str, tuple[str, ...]]
    needs: tuple[str, ...]
    signs: tuple[str, ...] = ()
    only: frozenset[str] = frozenset()
    separators: str = "\n"
    nulls: frozenset[str] = frozenset()
    markup: bool = False
    small_status: bool = False
    key: Callable[[Cells], str] = key_as_written
    url: Callable[[Cells], str] = url_as_written
    item_type: Callable[[Cells], str] = type_as_written
    closed: Callable[[Cells], str] = closed_as_written
    sprint: Callable[[Cells], str] = sprint_as_written
    left_out: Callable[[Cells], str] = takes_all


_GH_NAMES: Final = frozenset(
    (
        "additions", "assignees", "author", "baseRefName", "blockedBy", "blocking", "body", "changedFiles", "closed",
        "closedAt", "closedByPullRequestsReferences", "closingIssuesReferences", "comments", "createdAt", "deletions",
        "headRefName", "id", "isDraft", "isPinned", "isPullRequest", "issueType", "labels", "mergeCommit", "mergeable",
        "mergeStateStatus", "mergedAt", "milestone", "number", "parent", "projectCards", "projectItems",
        "reactionGroups", "repository", "reviewDecision", "state", "stateReason", "subIssues", "subIssuesSummary",
        "title", "updatedAt", "url",
    )
)  # fmt: skip
"""What GitHub's own command can be asked for, written as it writes it."""
_NULLS: Final = frozenset(("null", "NULL", "Null"))

_JIRA_CSV: Final = Tracker(
    "jira",
    "Jira",
    {
        "title": ("summary", "zusammenfassung"),
        "external_key": ("issue key", "work item key", "vorgangsschlüssel"),
        "id": ("issue id", "work item id", "vorgangs id"),
        "item_type": ("issue type", "work item type", "work type", "vorgangstyp"),
        "status": ("status",),
        "text": ("description", "beschreibung"),
        "priority": ("priority", "priorität"),
        "labels": ("labels", "stichwörter"),
        "component": ("components", "component s", "component", "komponenten", "komponente n"),
        "created": ("created", "erstellt"),
        "updated": ("updated", "aktualisiert"),
        "closed": ("resolved", "erledigt"),
        "log": ("log work", "arbeit protokollieren"),
        "time_spent": ("time spent", "benötigte zeit"),
    },
    needs=("title", "external_key", "id", "item_type", "status"),
)
_JIRA_JSON: Final = Tracker(
    "jira",
    "Jira's API",
    {
        "title": ("fields summary",),
        "external_key": ("key",),
        "item_type": ("fields issuetype name",),
        "status": ("fields status name",),
        "text": ("fields description",),
        "priority": ("fields priority name",),
        "labels": ("fields labels",),
        "component": ("fields components name",),
        "created": ("fields created",),
        "updated": ("fields updated",),
        "closed": ("fields resolutiondate",),
        "log_days": ("fields worklog worklogs started",),
        "log_seconds": ("fields worklog worklogs timespentseconds",),
        "time_spent": ("fields timespent",),
        "api_url": ("self",),
    },
    needs=("title", "external_key"),
    url=jira_url,
)
_GITHUB: Final = Tracker(
    "github",
    "GitHub",
    {
        "title": ("title",),
        "external_key": ("number",),
        "url": ("html url", "url"),
        "api_url": ("url",),
        "repository": ("repository url", "repository namewithowner"),
        "item_type": ("type name", "issuetype name"),
        "status": ("state",),
        "text": ("body",),
        "labels": ("labels name", "labels"),
        "created": ("created at", "createdat"),
        "updated": ("updated at", "updatedat"),
        "closed": ("closed at", "closedat"),
        "pull_request": ("pull request url", "pull request html url", "pull request", "headrefname", "isdraft"),
    },
    needs=("title", "external_key"),
    signs=("html url", "repository url", "node id", "labels url", "author association"),
    only=_GH_NAMES,
    small_status=True,
    key=key_with_repository,
    item_type=github_type,
    left_out=without_pull_requests,
)
_GITLAB: Final = Tracker(
    "gitlab",
    "GitLab",
    {
        "title": ("title",),
        "external_key": ("iid", "issue id"),
        "full_key": ("references full",),
        "url": ("web url", "url"),
        "item_type": ("issue type", "type"),
        "status": ("state",),
        "text": ("description",),
        "priority": ("severity",),
        "labels": ("labels name", "labels"),
        "created": ("created at utc", "created at"),
        "updated": ("updated at utc", "updated at"),
        "closed": ("closed at utc", "closed at"),
        "sprint_started": ("iteration start date",),
        "milestone_started": ("milestone start date",),
        "milestone_due": ("milestone due date",),
        "time_spent": ("time stats total time spent", "time spent"),
    },
    needs=("title", "external_key", "status"),
    signs=("url", "web url", "references full", "project id", "issue type", "created at utc"),
    separators=",\n",
    key=key_with_repository,
    sprint=gitlab_sprint,
)
_SERVICENOW: Final = Tracker(
    "servicenow",
    "ServiceNow",
    {
        "title": ("short description", "kurzbeschreibung"),
        "external_key": ("number", "nummer"),
        "item_type": ("sys class name", "task type", "aufgabentyp"),
        "status": ("state", "incident state", "status"),
        "text": ("description", "beschreibung"),
        "priority": ("priority", "priorität"),
        "component": (
            "cmdb ci", "configuration item", "konfigurationselement", "business service", "service", "category",
        ),
        "created": ("opened at", "opened", "geöffnet", "sys created on", "created", "erstellt"),
        "started": ("work start", "actual start"),
        "updated": ("sys updated on", "updated", "aktualisiert"),
        "closed": ("resolved at", "resolved", "gelöst", "closed at", "closed", "geschlossen"),
    },
    needs=("title", "external_key", "created"),
    nulls=_NULLS,
    markup=True,
    item_type=servicenow_type,
)  # fmt: skip
_PAGERDUTY: Final = Tracker(
    "pagerduty",
    "PagerDuty",
    {
        "title": ("title", "description", "summary"),
        "external_key": ("id",),
        "number": ("incident number",),
        "url": ("html url",),
        "status": ("status",),
        "text": ("body details",),
        "priority": ("priority summary", "priority name", "urgency"),
        "component": ("service name", "service summary"),
        "created": ("created on", "created at"),
        "updated": ("updated at", "last status change at", "last status change on"),
        "closed": ("resolved on", "resolved at"),
    },
    needs=("title", "external_key", "number"),
    item_type=always_incident,
    closed=closed_when_done,
)
_OPSGENIE: Final = Tracker(
    "opsgenie",
    "Opsgenie",
    {
        "title": ("message",),
        "external_key": ("id", "tinyid"),
        "tiny": ("tinyid",),
        "url": ("links web",),
        "status": ("status",),
        "text": ("description",),
        "priority": ("priority",),
        "labels": ("tags",),
        "component": ("entity",),
        "created": ("createdat",),
        "updated": ("updatedat",),
        "started": ("impactstartdate",),
        "closed": ("impactenddate",),
    },
    needs=("title", "tiny"),
    item_type=opsgenie_type,
    closed=closed_when_done,
)
_AZURE: Final = Tracker(
    "azure_devops",
    "Azure DevOps",
    {
        "title": ("title", *(f"title {level}" for level in range(1, 11)), "fields system title"),
        "external_key": ("id", "fields system id"),
        "item_type": ("work item type", "fields system workitemtype"),
        "status": ("state", "fields system state"),
        "text": ("description", "repro steps", "fields system description"),
        "priority": ("priority", "severity", "fields microsoft vsts common priority"),
        "labels": ("tags", "fields system tags"),
        "component": ("area path", "fields system areapath"),
        "created": ("created date", "fields system createddate"),
        "updated": ("changed date", "fields system changeddate"),
        "started": ("activated date", "fields microsoft vsts common activateddate"),
        "closed": (
            "closed date", "resolved date", "fields microsoft vsts common closeddate",
            "fields microsoft vsts common resolveddate",
        ),
        "logged_hours": ("completed work", "fields microsoft vsts scheduling completedwork"),
    },
    needs=("title", "external_key", "item_type"),
    separators=";\n",
    markup=True,
)  # fmt: skip
TRACKERS: Final = (_JIRA_CSV, _JIRA_JSON, _AZURE, _GITHUB, _GITLAB, _PAGERDUTY, _OPSGENIE, _SERVICENOW)
"""In the order in which they are tried; what the first ones need is hardest to have by chance."""

TABLE: Final = Tracker("table", "a table", {}, needs=("title",), separators=",;\n", nulls=_NULLS)
"""Anything else, once a person has said which column holds what."""


def recognise_tracker(header: Sequence[str]) -> tuple[Tracker, Columns]:
    """Name the tracker that writes such a header, and the columns of its fields; TABLE and none when no one does."""
    words = [plain_words(text) for text in header]
    for tracker in TRACKERS:
        columns = _columns(tracker, words)
        if all(columns.get(needed) for needed in tracker.needs) and _is_certain(tracker, header, words):
            return tracker, columns
    return TABLE, {}


def reason_of(tracker: Tracker, header: Sequence[str], columns: Columns) -> str:
    """Say in words by what a tracker was recognised."""
    if tracker is TABLE:
        return "No tracker is known to write these columns."
    signs = [text for text in header if plain_words(text) in tracker.signs]
    named = listed([*(header[columns[needed][0]] for needed in tracker.needs), *signs[:1]])
    return f"Recognised as {tracker.called} by the columns {named}."


def _columns(tracker: Tracker, words: Sequence[str]) -> Columns:
    found = {
        field: [index for name in names for index, word in enumerate(words) if word == name]
        for field, names in tracker.columns.items()
    }
    if tracker is _JIRA_JSON:
        found["sprint_started"] = [index for index, word in enumerate(words) if _SPRINT_START.fullmatch(word)]
    return {field: indexes for field, indexes in found.items() if indexes}


def _is_certain(tracker: Tracker, header: Sequence[str], words: Sequence[str]) -> bool:
    if not tracker.signs and not tracker.only:
        return True
    return any(sign in words for sign in tracker.signs) or all(name.split(".")[0] in tracker.only for name in header)
