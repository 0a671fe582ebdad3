from __future__ import annotations

import json

import pytest

from bau_tracker.charts.figures import figure_json
from bau_tracker.charts.items import items_figure, items_key, items_sentence
from bau_tracker.domain.taxonomy import Kind
from tests.charts.weeks import FIRST

WEEKS = [FIRST, FIRST.shift(1)]
COUNTS = {Kind.DEFECT: [1, 3], Kind.SECURITY: [0, 0], Kind.SUPPORT: [0, 2]}


def test_items_are_stacked_by_kind_without_the_kinds_that_never_occur() -> None:
    data = json.loads(figure_json(items_figure(WEEKS, COUNTS, "items")))["data"]
    assert [(trace["name"], trace["y"]) for trace in data if trace["type"] == "bar"] == [
        ("Defect fix", [1, 3]),
        ("Support ticket", [0, 2]),
    ]


@pytest.mark.parametrize(
    ("unit", "first", "second"),
    [("items", "1 item", "5 items"), ("hours", "1 h", "5 h")],
)
def test_a_week_says_its_sum_in_its_unit(unit: str, first: str, second: str) -> None:
    texts = json.loads(figure_json(items_figure(WEEKS, COUNTS, unit)))["data"][-2]["text"]
    assert texts[0].split("<br>")[0] == f"2026-W31 (27 Jul-2 Aug): {first}"
    assert texts[1].split("<br>")[0] == f"2026-W32 (3-9 Aug): {second}"


def test_the_key_sums_up_each_kind() -> None:
    assert [(entry.name, entry.total) for entry in items_key(COUNTS)] == [("defect", 4), ("support", 2)]


def test_the_sentence_names_the_leading_kind() -> None:
    assert items_sentence(COUNTS, "items") == "Defect fix leads with 4 of 6 unplanned items in these weeks."
    assert items_sentence(COUNTS, "hours") == "Defect fix leads with 4 of 6 unplanned logged hours in these weeks."
    assert items_sentence({}, "items") == "No unplanned items in these weeks."
