from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.permissions import SERVER
from bau_tracker.services.import_kinds import inspect_any
from bau_tracker.services.recognising import ANSWERS, ITEMS, Request
from tests.factories import AFTER_FREEZE, make_team
from tests.services.test_import_checks import JIRA
from tests.web.importing import google, row, unseen


def kind(session: Session, path: Path, what: str = "") -> str:
    return inspect_any(session, Request(what, path, path.name), actor=SERVER, now=AFTER_FREEZE).request.what


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (google(row(0)), "form.csv", ANSWERS),
        (JIRA, "jira.csv", ITEMS),
        (unseen("12/11/2026"), "umfrage.csv", ANSWERS),
        (b"Team,Week,Planned,Defects\nPayments,2026-W46,30,6\n", "plain.csv", ANSWERS),
        (b"Title,Key,Status,Closed\nFix crash,A-1,done,2026-11-17\n", "plain.csv", ITEMS),
        (b'[{"number": 1, "title": "Fix crash", "state": "OPEN", "labels": []}]', "issues.json", ITEMS),
    ],
)
def test_answers_are_told_from_items(
    session: Session, tmp_path: Path, content: bytes, name: str, expected: str
) -> None:
    make_team(session)
    path = tmp_path / name
    path.write_bytes(content)
    assert kind(session, path) == expected


def test_what_somebody_said_counts(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    path.write_bytes(google(row(0)))
    assert kind(session, path, ITEMS) == ITEMS


def test_a_file_that_is_neither_says_why(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG")
    with pytest.raises(UnreadableInput, match="a picture"):
        kind(session, path)


def test_json_that_cannot_be_read_is_explained_as_json(session: Session, tmp_path: Path) -> None:
    make_team(session)
    path = tmp_path / "issues.json"
    path.write_text('[{"title": "Fix crash", "estimate": NaN}]')
    with pytest.raises(UnreadableInput, match="JSON"):
        kind(session, path)
