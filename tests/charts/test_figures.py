from __future__ import annotations

import json

import plotly.graph_objects as go  # type: ignore[import-untyped]  # plotly ships no types
import pytest

from bau_tracker.charts.figures import describe, every_week, figure_json, share_of
from tests.charts.weeks import FIRST, make_week


def test_figure_json_cannot_end_its_script_element() -> None:
    hostile = "</script><!-- & \u2028\u2029"
    text = figure_json(go.Figure(go.Scatter(x=[1], y=[1], text=[hostile])))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["data"][0]["text"] == [hostile]


def test_figure_json_leaves_the_default_template_out() -> None:
    text = figure_json(go.Figure(go.Scatter(x=[1], y=[1])))
    assert "template" not in json.loads(text)["layout"]
    assert len(text) < 100


def test_a_gap_travels_as_null() -> None:
    assert json.loads(figure_json(go.Figure(go.Scatter(x=[1, 2], y=[None, 1]))))["data"][0]["y"] == [None, 1]


def test_a_figure_with_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        figure_json(go.Figure(go.Scatter(x=[1], y=[float("nan")])))


def test_weeks_left_out_come_back_as_empty_ones() -> None:
    weeks = every_week([make_week(3), make_week(0)])
    assert [totals.week for totals in weeks] == [FIRST.shift(number) for number in range(4)]
    assert [share_of(totals) for totals in weeks] == [0.6, None, None, 0.6]


def test_no_weeks_stay_no_weeks() -> None:
    assert every_week([]) == []


def test_a_week_is_described_in_one_line() -> None:
    assert describe(make_week(share=0.61)) == "2026-W31 (27 Jul-2 Aug): 61 %, 5 of 7 answered"


def test_a_hidden_week_says_only_that_too_few_answered() -> None:
    assert describe(make_week(hidden=True, respondents=2)).endswith(": too few to show, 2 of 7 answered")


def test_a_week_without_members_says_so() -> None:
    assert describe(make_week(share=None, respondents=0, expected=0)).endswith(": no figure, nobody was asked")
