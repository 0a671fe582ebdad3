"""Texts of very many like characters: whatever meets a foreign text takes time by its length, not by its square."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bau_tracker.domain.classification import classify
from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.importing import ItemRecord
from bau_tracker.domain.people import normal_email
from bau_tracker.formats import chips, guards, headers, json_values, looks, people, values, worklogs
from bau_tracker.formats.dates import is_date, parse_moment
from bau_tracker.formats.item_rows import ItemReading, ItemRows
from bau_tracker.formats.trackers import recognise_tracker
from tests.patience import not_endless

LENGTH: Final = 100_000
"""Characters with which what takes time by the square is busy for minutes."""
PIECES: Final = (
    " ", "\n", "\u00a0", "1", "a", "W", "é", "_", "-", ".", ",", ";", "/", ":", "@", "#", "%", "=", "'", '"', "<", "&",
    "[", "(", "a ", "1 ", "1.", "1,", "a.", "a@", "ab-1 ", "<a", "</", "<br>", "[a", "(a", "1:", "http://", "1h ", "w=",
    " \n",
)  # fmt: skip
AROUND: Final = (("", ""), ("x", "!"), ("2026-11-20 10:00", "x"), ('"a"', "x"), ("<br>y", "x"), ("1", "é"))
TRACKERS: Final = (
    {
        "key": "A-1", "fields.summary": "Broken", "fields.created": "2026-11-18T09:00:00.000+0100",
        "fields.description": "", "fields.sprint": "", "fields.worklog.worklogs.started": "",
    },
    {
        "number": "4", "title": "Broken", "html_url": "https://github.com/example/shop/issues/4", "body": "",
        "labels.name": "", "created_at": "2026-11-18T09:00:00Z",
    },
    {
        "ID": "4", "Work Item Type": "Bug", "Title": "Broken", "State": "New", "Description": "", "Tags": "",
        "Created Date": "2026-11-18 09:00:00",
    },
    {"number": "INC1", "short_description": "Broken", "opened_at": "2026-11-18 09:00:00", "description": ""},
    {
        "Issue ID": "4", "Title": "Broken", "State": "Open", "URL": "", "Description": "", "Labels": "",
        "Time Spent": "", "Created At (UTC)": "2026-11-18 09:00:00",
    },
)  # fmt: skip


def sprint(text: str) -> object:
    return json_values.named_texts({"sprint": f"com.atlassian.greenhopper.service.sprint.Sprint@1[{text}]"})


def document(text: str) -> object:
    return json_values.plain_document({"type": "doc", "content": [{"type": "text", "text": text}]})


READERS: Final[tuple[Callable[[str], object], ...]] = (
    lambda text: parse_moment(text, UTC),
    is_date,
    values.parse_amount,
    values.unit_in,
    values.parse_yes_no,
    values.without_blank_lines,
    headers.plain_words,
    guards.guard,
    chips.read_chips,
    worklogs.parse_spent,
    normal_email,
    lambda text: looks.look_of("x", [text]),
    lambda text: people.read_people(text[: people.LONGEST_TEXT]),
    lambda text: classify(text, text=text, labels=(text,), item_type=text),
    sprint,
    document,
)


def long_runs(piece: str) -> list[str]:
    return [before + piece * (LENGTH // len(piece)) + after for before, after in AROUND]


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_keeps_a_reader_busy(piece: str) -> None:
    for text in long_runs(piece):
        for read in READERS:
            with not_endless(), suppress(InvalidInput):
                read(text)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("row", TRACKERS)
def test_no_text_keeps_the_reader_of_items_busy(row: dict[str, str], piece: str) -> None:
    tracker, columns = recognise_tracker(list(row))
    rows = ItemRows(ItemReading(tracker, list(row), columns, ZoneInfo("UTC"), None, keep_all=False))
    assert isinstance(rows.read(2, list(row.values())), ItemRecord)
    for text in long_runs(piece):
        for name in row:
            with not_endless():
                rows.read(2, list((row | {name: text}).values()))
