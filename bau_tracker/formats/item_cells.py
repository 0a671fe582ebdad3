"""Decides what a row of a tracker says where no single column does: its key, its page, its type, its end.

Which columns a tracker has, and which of these functions it needs, is left to `trackers`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

LONGEST_SPRINT: Final = timedelta(weeks=6)

Columns = dict[str, list[int]]
"""The columns of each field, the surest first; of a repeated header all."""

_ISSUE_URL: Final = re.compile(
    r"https?://[^/]+/(?:repos/|api/v3/repos/)?(.+?)/(?:-/)?(?:issues|pull|pulls|work_items|incidents|issues/incident)/(\d+)"
    r"(?:[/?#].*)?"
)
_REPOSITORY_URL: Final = re.compile(r"https?://[^/]+/(?:api/v3/)?repos/([^/]+/[^/]+)/?")
_PULL_URL: Final = re.compile(r"https?://[^/]+/.+/pulls?/\d+")
_JIRA_API: Final = re.compile(r"(https?://.+?)/rest/(?:api|agile)/.*")
_DONE: Final = frozenset(("resolved", "closed"))
_NUMBERS: Final = {
    "INC": "Incident", "SCTASK": "Catalog task", "RITM": "Requested item", "REQ": "Request", "PRB": "Problem",
    "PTASK": "Problem task", "CHG": "Change request", "CTASK": "Change task", "TASK": "Task", "CS": "Case",
}  # fmt: skip
"""What ServiceNow's numbers begin with, and the kind of task it stands for."""


class Cells:
    """The texts of one row by field; those of a list that stand in one cell apart."""

    def __init__(self, cells: Sequence[str], columns: Columns, nulls: frozenset[str] = frozenset()) -> None:
        self._cells = cells
        self._columns = columns
        self._nulls = nulls

    def texts(self, name: str) -> list[str]:
        """Give the texts of all columns of a field that say something."""
        found = (self._cells[index].strip() for index in self._columns.get(name, ()))
        return [text for text in found if text and text not in self._nulls]

    def text(self, name: str) -> str:
        """Give the first text of a field; empty when there is none."""
        return next(iter(self.texts(name)), "")

    def lines(self, name: str) -> list[str]:
        """Give the lines of a field's texts, a list's items."""
        return [line.strip() for text in self.texts(name) for line in text.split("\n")]


def key_as_written(cells: Cells) -> str:
    """Give the key as the tracker writes it."""
    return cells.text("external_key")


def key_with_repository(cells: Cells) -> str:
    """Give `owner/repo#4`, which stays apart from number 4 of another repository; the bare number without a URL."""
    full = cells.text("full_key")
    if full:
        return full
    number = cells.text("external_key").lstrip("#")
    for url in (cells.text("url"), cells.text("api_url")):
        if match := _ISSUE_URL.fullmatch(url):
            return f"{match[1]}#{match[2]}"
    repository = cells.text("repository")
    match = _REPOSITORY_URL.fullmatch(repository)
    if number and repository:
        return f"{match[1] if match else repository}#{number}"
    return number


def url_as_written(cells: Cells) -> str:
    """Give the page as the tracker writes it."""
    return cells.text("url")


def jira_url(cells: Cells) -> str:
    """Give the page of an issue, made from where the API has it."""
    api = _JIRA_API.fullmatch(cells.text("api_url"))
    return f"{api[1]}/browse/{cells.text('external_key')}" if api else ""


def type_as_written(cells: Cells) -> str:
    """Give the type as the tracker writes it."""
    return cells.text("item_type")


def github_type(cells: Cells) -> str:
    """Tell a pull request from an issue; GitHub counts both as issues."""
    return "Pull request" if _is_pull_request(cells) else cells.text("item_type")


def servicenow_type(cells: Cells) -> str:
    """Say by its number what kind of task it is, since every instance translates the kinds."""
    letters = re.match(r"[A-Z]+", cells.text("external_key"))
    return _NUMBERS.get(letters[0] if letters else "", "") or cells.text("item_type")


def always_incident(_: Cells) -> str:
    """Call everything of an incident tool what it is."""
    return "Incident"


def opsgenie_type(cells: Cells) -> str:
    """Tell an alert, which may be one of many about the same, from the incident that a person opened."""
    return "Incident" if cells.text("started") or "/incident/" in cells.text("url") else "Alert"


def closed_as_written(cells: Cells) -> str:
    """Give the end as the tracker writes it."""
    return cells.text("closed")


def closed_when_done(cells: Cells) -> str:
    """Take the last change for the end where only the status says that there was one."""
    done = cells.text("status").casefold() in _DONE
    return cells.text("closed") or (cells.text("updated") if done else "")


def sprint_as_written(cells: Cells) -> str:
    """Give when the sprint of an item began as the tracker writes it, a line a sprint."""
    return cells.text("sprint_started")


def gitlab_sprint(cells: Cells) -> str:
    """Take a milestone for the sprint where there is no iteration, unless it is as long as a quarter."""
    start, due = cells.text("milestone_started"), cells.text("milestone_due")
    try:
        short = date.fromisoformat(due) - date.fromisoformat(start) <= LONGEST_SPRINT
    except ValueError:
        short = False
    return cells.text("sprint_started") or (start if short else "")


def takes_all(_: Cells) -> str:
    """Leave nothing out."""
    return ""


def _is_pull_request(cells: Cells) -> bool:
    return bool(cells.text("pull_request")) or bool(_PULL_URL.fullmatch(cells.text("url")))


def without_pull_requests(cells: Cells) -> str:
    """Leave pull requests out: the work is on the issue already."""
    return "This is a pull request" if _is_pull_request(cells) else ""
