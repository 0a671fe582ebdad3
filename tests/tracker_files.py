"""Writes made-up items as each tracker would, for reading them back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

TEXT: Final = st.text(
    st.characters(codec="utf-8", exclude_characters="\0<&'", exclude_categories=["Cs", "Cc"]), max_size=30
)
NAME: Final = TEXT.map(str.strip).filter(lambda text: text.strip("nulNUL") != "")
LABEL: Final = st.text("abcxyzäöé:- ", min_size=1, max_size=8).map(str.strip).filter(bool)
MOMENT: Final = st.integers(0, 50_000_000).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
ITEMS: Final = st.lists(
    st.fixed_dictionaries(
        {
            "title": NAME,
            "text": NAME,
            "labels": st.lists(LABEL, max_size=4, unique=True),
            "created": MOMENT,
            "closed": st.none() | MOMENT,
            "seconds": st.integers(0, 10**6),
        }
    ),
    min_size=1,
    max_size=5,
)
Item = dict[str, Any]


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def plain(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""


def as_csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


def jira_csv(found: list[Item]) -> str:
    header = ["Summary", "Issue key", "Issue id", "Issue Type", "Status", *["Labels"] * 4]
    header += ["Description", "Created", "Resolved", "Time Spent"]
    return as_csv(
        header,
        [
            [each["title"], f"A-{n}", n, "Bug", "Done", *(each["labels"] + [""] * 4)[:4], each["text"],
             plain(each["created"]), plain(each["closed"]), each["seconds"]]
            for n, each in enumerate(found)
        ],
    )  # fmt: skip


def jira_json(found: list[Item]) -> str:
    issues = [
        {
            "key": f"A-{n}",
            "fields": {
                "summary": each["title"],
                "description": each["text"],
                "labels": each["labels"],
                "created": iso(each["created"]),
                "resolutiondate": iso(each["closed"]),
                "timespent": each["seconds"],
            },
        }
        for n, each in enumerate(found)
    ]
    return json.dumps({"total": len(issues), "issues": issues})


def github_json(found: list[Item]) -> str:
    records = [
        {
            "number": n,
            "title": each["title"],
            "body": each["text"],
            "html_url": f"https://github.com/a/b/issues/{n}",
            "labels": [{"name": label} for label in each["labels"]],
            "created_at": iso(each["created"]),
            "closed_at": iso(each["closed"]),
        }
        for n, each in enumerate(found)
    ]
    return json.dumps(records, ensure_ascii=False)


def gh_json(found: list[Item]) -> str:
    records = [
        {
            "number": n,
            "title": each["title"],
            "body": each["text"],
            "labels": [{"name": label} for label in each["labels"]],
            "createdAt": iso(each["created"]),
            "closedAt": iso(each["closed"]),
        }
        for n, each in enumerate(found)
    ]
    return "\n".join(map(json.dumps, records))


def gitlab_csv(found: list[Item]) -> str:
    header = [
        "Title",
        "Description",
        "Issue ID",
        "URL",
        "State",
        "Labels",
        "Created At (UTC)",
        "Closed At (UTC)",
        "Time Spent",
    ]
    return as_csv(
        header,
        [
            [each["title"], each["text"], n, f"https://x.org/a/b/-/issues/{n}", "Open", ",".join(each["labels"]),
             plain(each["created"]), plain(each["closed"]), each["seconds"]]
            for n, each in enumerate(found)
        ],
    )  # fmt: skip


def gitlab_json(found: list[Item]) -> str:
    records = [
        {
            "iid": n,
            "title": each["title"],
            "description": each["text"],
            "state": "opened",
            "labels": each["labels"],
            "web_url": f"https://x.org/a/b/-/issues/{n}",
            "created_at": iso(each["created"]),
            "closed_at": iso(each["closed"]),
            "time_stats": {"total_time_spent": each["seconds"]},
        }
        for n, each in enumerate(found)
    ]
    return "".join(json.dumps([record]) for record in records)


def servicenow_csv(found: list[Item]) -> str:
    header = ["number", "short_description", "description", "opened_at", "closed_at"]
    return as_csv(
        header,
        [
            [f"INC{n}", each["title"], each["text"], plain(each["created"]), plain(each["closed"]) or "null"]
            for n, each in enumerate(found)
        ],
    )


def azure_csv(found: list[Item]) -> str:
    header = ["ID", "Work Item Type", "Title", "Tags", "Description", "Created Date", "Closed Date"]
    return "\ufeff" + as_csv(
        header,
        [
            [
                n,
                "Bug",
                each["title"],
                "; ".join(each["labels"]),
                each["text"],
                plain(each["created"]),
                plain(each["closed"]),
            ]
            for n, each in enumerate(found)
        ],
    )


def pagerduty_csv(found: list[Item]) -> str:
    header = ["id", "incident_number", "description", "created_on", "resolved_on", "seconds_to_resolve"]
    rows = [[f"P{n}", n, each["title"], iso(each["created"]), iso(each["closed"]), 9] for n, each in enumerate(found)]
    return as_csv(header, rows)


def pagerduty_json(found: list[Item]) -> str:
    records = [
        {
            "id": f"P{n}",
            "incident_number": n,
            "title": each["title"],
            "body": {"details": each["text"]},
            "created_at": iso(each["created"]),
            "resolved_at": iso(each["closed"]),
        }
        for n, each in enumerate(found)
    ]
    return json.dumps({"incidents": records, "more": False})


def opsgenie_json(found: list[Item]) -> str:
    records = [
        {
            "id": f"O{n}",
            "tinyId": str(n),
            "message": each["title"],
            "description": each["text"],
            "tags": each["labels"],
            "createdAt": iso(each["created"]),
            "impactEndDate": iso(each["closed"]),
        }
        for n, each in enumerate(found)
    ]
    return json.dumps({"data": records, "took": 0.1})


WRITERS: Final[dict[Callable[[list[Item]], str], tuple[str, set[str]]]] = {
    jira_csv: ("A-{}", {"text", "labels", "seconds"}),
    jira_json: ("A-{}", {"text", "labels", "seconds"}),
    github_json: ("a/b#{}", {"text", "labels"}),
    gh_json: ("{}", {"text", "labels"}),
    gitlab_csv: ("a/b#{}", {"text", "labels", "seconds"}),
    gitlab_json: ("a/b#{}", {"text", "labels", "seconds"}),
    servicenow_csv: ("INC{}", {"text"}),
    azure_csv: ("{}", {"text", "labels"}),
    pagerduty_csv: ("P{}", set()),
    pagerduty_json: ("P{}", {"text"}),
    opsgenie_json: ("O{}", {"text", "labels"}),
}
"""How each tracker writes items, their keys, and what it tells beside title and dates."""
