"""Decides how one record of a tracker's JSON becomes named texts: `fields.status.name` is “Done”.

A list becomes one text of several lines, so that a record fits into the cells of a table and comes back out of a
mended list of rejects. A document tree becomes its plain text. People are left out here already, so that neither a
preview nor a list of rejects shows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from functools import lru_cache
from typing import Final

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.formats.tables import MOST_COLUMNS
from bau_tracker.formats.values import without_blank_lines

NAME_BETWEEN: Final = "."
ITEM_BETWEEN: Final = "\n"
DEEPEST: Final = 100
"""Lists and objects inside each other. Tables and lists in a document tree come to about thirty."""
LONGEST_NAME: Final = 300
"""Characters of a name with all the names around it, which each name inside repeats."""

_LEFT_OUT: Final = frozenset(
    (
        "acknowledgements", "acknowledgers", "activatedby", "actor", "approvers", "assignedto", "assignee", "assignees",
        "assignments", "author", "changedby", "createdby", "resolvedby",
        "changelog", "closed_by", "closedby", "commenter", "comment", "committer", "creator", "editor",
        "first_trigger_log_entry", "last_status_change_by", "log_entries", "merged_by", "mergedby", "owner",
        "participants", "performed_via_github_app", "reporter", "requester", "responders", "reviewers", "sender",
        "subscribers", "updateauthor", "user", "users", "watchers", "watches",
    )
)  # fmt: skip
"""Keys of people, and of logs that tell who did what."""
_LEFT_OUT_TREES: Final = frozenset(("comments", "notes"))
"""Keys of what people said, where it isn't only a number of them."""
_LONGEST_WORD: Final = 40
_NAME_SHOWN: Final = 60
_MARKS_OF_A_PERSON: Final = frozenset(("accountId", "displayName", "emailAddress", "login", "username"))
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_SPRINT: Final = re.compile(r"com\.atlassian\.greenhopper\.service\.sprint\.Sprint@[0-9a-f]+\[(.*)\]", re.DOTALL)
_SPRINT_PART: Final = re.compile(r"(?<![^,])(\w+)=([^,\]]*)")
_SPRINT_PARTS: Final = frozenset(("state", "name", "startDate", "endDate"))
_BLOCKS: Final = frozenset(
    (
        "paragraph", "heading", "codeBlock", "blockquote", "bulletList", "orderedList", "listItem", "taskList",
        "taskItem", "decisionList", "decisionItem", "panel", "rule", "table", "tableRow", "tableCell", "tableHeader",
        "mediaSingle", "mediaGroup", "expand", "nestedExpand",
    )
)  # fmt: skip


def named_texts(record: Dictionary[str, object]) -> dict[str, str]:
    """Give the texts of a record by their dotted names, a list's one below the other.

    Raises UnreadableInput for a record with more than DEEPEST lists and objects inside each other, with a name of more
    than LONGEST_NAME characters, or with more than MOST_COLUMNS names.
    """
    found: dict[str, list[str]] = {}
    _gather(record, "", found, 0)
    return {name: ITEM_BETWEEN.join(texts) for name, texts in found.items()}


def plain_document(node: Dictionary[str, object]) -> str:
    """Write Atlassian's document tree as plain text, a block a line; mentions of people are left out."""
    parts: list[str] = []
    _write_node(node, parts, 0)
    return without_blank_lines("".join(parts))


def as_text(value: object) -> str:
    """Write a single value as a cell: nothing for null, and no character that a database can't keep."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else str(value)


def _gather(value: object, name: str, found: dict[str, list[str]], depth: int) -> None:
    _check_depth(depth)
    if isinstance(value, dict):
        _gather_object(value, name, found, depth)
    elif isinstance(value, list):
        if not value:
            found.setdefault(name, [])
        for each in value:
            _gather(each, name, found, depth + 1)
    elif isinstance(value, str) and (sprint := _SPRINT.fullmatch(value)):
        parts = {key: text for key, text in _SPRINT_PART.findall(sprint[1]) if key in _SPRINT_PARTS}
        _gather_object(parts, name, found, depth)
    else:
        found.setdefault(name, []).append(as_text(value))


def _gather_object(value: dict[str, object], name: str, found: dict[str, list[str]], depth: int) -> None:
    if value.get("type") == "doc" and isinstance(value.get("content"), list):
        found.setdefault(name, []).append(as_text(plain_document(value)))
        return
    if name and _MARKS_OF_A_PERSON & value.keys():
        return
    if name and not value:
        found.setdefault(name, [])
    for key, inner in value.items():
        if not _is_left_out(key, inner):
            _gather(inner, _longer_name(name, key), found, depth + 1)
            _check_count(found)


def _longer_name(name: str, key: str) -> str:
    """Write the name of what stands in an object; one that is too long is never made."""
    start = f"{name}{NAME_BETWEEN}" if name else ""
    if len(start) + len(key) > LONGEST_NAME:
        begins = as_text(f"{start}{key[:_NAME_SHOWN]}"[:_NAME_SHOWN])
        raise UnreadableInput(
            f"A record has a name of over {LONGEST_NAME} characters, with the names around it. It begins: “{begins}…” "
            "Shorten it, or export fewer fields."
        )
    return start + key


def _is_left_out(key: str, value: object) -> bool:
    word = _last_word(key[-_LONGEST_WORD:])
    return word in _LEFT_OUT or (word in _LEFT_OUT_TREES and isinstance(value, dict | list))


@lru_cache(maxsize=1_000)
def _last_word(key: str) -> str:
    return key.lower().rpartition(NAME_BETWEEN)[2]


def _check_depth(depth: int) -> None:
    if depth > DEEPEST:
        raise UnreadableInput(f"A record has over {DEEPEST} lists and objects inside each other. Export fewer fields.")


def _check_count(found: Dictionary[str, object]) -> None:
    if len(found) > MOST_COLUMNS:
        raise UnreadableInput(f"A record has over {MOST_COLUMNS:,} different names. Export fewer fields.")


def _write_node(node: object, parts: list[str], depth: int) -> None:
    _check_depth(depth)
    if not isinstance(node, dict):
        return
    kind, attributes = node.get("type"), node.get("attrs")
    said = attributes if isinstance(attributes, dict) else {}
    if kind == "text":
        parts.append(as_text(node.get("text")))
    elif kind == "hardBreak":
        parts.append("\n")
    elif kind == "emoji":
        parts.append(as_text(said.get("text") or said.get("shortName")))
    elif kind in {"inlineCard", "blockCard", "embedCard"}:
        parts.append(as_text(said.get("url")))
    content = node.get("content")
    for each in content if isinstance(content, list) else ():
        _write_node(each, parts, depth + 1)
    if kind in _BLOCKS:
        parts.append("\n")
