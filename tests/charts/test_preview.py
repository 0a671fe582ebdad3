from __future__ import annotations

import json
from typing import Any

from bau_tracker.charts import theme
from bau_tracker.charts.figures import figure_json
from bau_tracker.charts.preview import preview_figure, preview_note
from bau_tracker.domain.previews import WeekCompared
from bau_tracker.domain.verdicts import Signal
from tests.charts.weeks import FIRST

WEEKS = [
    WeekCompared(FIRST, Signal.HEALTHY, Signal.HEALTHY),
    WeekCompared(FIRST.shift(1), Signal.WATCH, Signal.EARLY_WARNING),
    WeekCompared(FIRST.shift(3), Signal.PITFALL, Signal.PITFALL),
]


def drawn(weeks: list[WeekCompared]) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(figure_json(preview_figure(weeks)))
    return figure


def test_each_setting_has_a_strip_of_the_shapes_and_colours_of_its_signals() -> None:
    strips = {trace["name"]: trace for trace in drawn(WEEKS)["data"]}
    now, tried = strips["as set now"], strips["as tried"]
    assert now["marker"]["symbol"] == ["circle", "diamond", "triangle-down"]
    assert tried["marker"]["symbol"] == ["circle", "triangle-down-open", "triangle-down"]
    assert now["marker"]["color"] == [theme.SIGNAL_COLOURS[week.now] for week in WEEKS]
    assert set(now["y"]) != set(tried["y"])
    assert now["x"] == tried["x"] == ["2026-07-27", "2026-08-03", "2026-08-17"]


def test_the_strips_are_named_at_the_axis() -> None:
    assert drawn(WEEKS)["layout"]["yaxis"]["ticktext"] == ["as set now", "as tried"]


def test_a_week_that_differs_has_a_line_and_its_text_says_both_verdicts() -> None:
    traces = {trace["name"]: trace for trace in drawn(WEEKS)["data"]}
    assert traces["differs"]["x"] == ["2026-08-03", "2026-08-03", None]
    same, other, _ = traces["texts"]["text"]
    assert same == "2026-W31 (27 Jul-2 Aug)<br>as set now: ● Healthy<br>as tried the same"
    assert other.endswith("<br>as set now: ◆ Watch<br>as tried: ▽ Early warning")


def test_without_weeks_nothing_is_drawn() -> None:
    assert drawn([])["data"] == []
    assert preview_note([]) == ""


def test_the_note_names_the_marks_that_stand_there_the_worst_first() -> None:
    assert preview_note(WEEKS) == (
        "▼ Excessive-BAU pitfall, ▽ Early warning, ◆ Watch, ● Healthy. "
        "Upright line: the week would have been called otherwise."
    )
    assert preview_note(WEEKS[:1]) == "● Healthy."
