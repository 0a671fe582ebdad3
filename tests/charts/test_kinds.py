from __future__ import annotations

import json

from bau_tracker.charts import theme
from bau_tracker.charts.figures import figure_json
from bau_tracker.charts.kinds import kinds_figure, kinds_key, kinds_sentence
from bau_tracker.domain.taxonomy import Kind
from tests.charts.weeks import make_series, make_week

SERIES = [
    make_week(0, kinds={"support": 10, "capacity": 4.5}),
    make_week(1, None, respondents=0),
    make_week(2, kinds={"capacity": 6}),
]


def test_hours_are_stacked_in_the_order_and_colours_of_the_kinds() -> None:
    figure = json.loads(figure_json(kinds_figure(SERIES)))
    bars = [trace for trace in figure["data"] if trace["type"] == "bar"]
    assert [bar["name"] for bar in bars] == ["Capacity upgrade", "Support ticket"]
    assert [bar["y"] for bar in bars] == [[4.5, None, 6], [10, None, 0]]
    assert [bar["marker"]["color"] for bar in bars] == [
        theme.KIND_COLOURS[Kind.CAPACITY],
        theme.KIND_COLOURS[Kind.SUPPORT],
    ]
    assert figure["layout"]["barmode"] == "stack"


def test_a_pale_kind_has_an_outline() -> None:
    [bar, *_] = json.loads(figure_json(kinds_figure([make_week(kinds={"minor_change": 3})])))["data"]
    assert bar["marker"]["line"] == {"color": theme.KIND_EDGES[Kind.MINOR_CHANGE], "width": 1}


def test_a_week_says_its_sum_and_its_kinds_from_the_top_and_a_gap_says_why() -> None:
    texts = json.loads(figure_json(kinds_figure(SERIES)))["data"][-2]["text"]
    assert texts[0] == "2026-W31 (27 Jul-2 Aug): 14.5 h<br>Support ticket 10 h<br>Capacity upgrade 4.5 h"
    assert texts[1] == "2026-W32 (3-9 Aug)<br>no figure, 0 of 7 answered"


def test_the_key_names_the_kinds_that_occur() -> None:
    assert [(entry.name, entry.label, entry.total) for entry in kinds_key(SERIES)] == [
        ("capacity", "Capacity upgrade", 10.5),
        ("support", "Support ticket", 10),
    ]


def test_a_hidden_week_gives_no_hours_away() -> None:
    hidden = make_week(1, hidden=True, respondents=2)
    assert kinds_key([hidden]) == []
    assert kinds_sentence([hidden]) == "No week has a figure yet."


def test_the_sentence_names_the_kind_that_took_most() -> None:
    assert kinds_sentence(SERIES) == (
        "Capacity upgrade took most: 10 of 20 unplanned hours (51 %) in the newest 2 weeks with figures."
    )


def test_the_sentence_praises_nothing_when_all_was_planned() -> None:
    assert kinds_sentence(make_series(1.0)) == "No unplanned work in the newest week."


def test_no_weeks_make_an_empty_figure() -> None:
    assert json.loads(figure_json(kinds_figure([])))["data"] == []
