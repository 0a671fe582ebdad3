from __future__ import annotations

import json
from typing import Any

from bau_tracker.charts import theme
from bau_tracker.charts.figures import figure_json
from bau_tracker.charts.trend import Turn, trend_figure, trend_note, trend_sentence, turns
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.trends import DEFAULTS, DefinitionBreak, Signal, State, Thresholds, Verdict, judge
from tests.charts.weeks import FIRST, make_series, make_week

STEADY = [0.8] * 12
SLIDE = [0.8] * 12 + [0.65] * 4


def drawn(
    series: list[WeekTotals], verdicts: list[Verdict] | None = None, thresholds: Thresholds = DEFAULTS
) -> dict[str, Any]:
    figure = json.loads(figure_json(trend_figure(series, verdicts or [], thresholds)))
    return {trace["name"]: trace for trace in figure["data"]} | {"layout": figure["layout"]}


def verdict(number: int, state: State, *, corroborated: bool = False) -> Verdict:
    return Verdict(FIRST.shift(number), state, corroborated=corroborated)


def test_a_week_without_answers_is_a_gap_in_the_line() -> None:
    line = drawn(make_series(0.8, None, 0.6))["planned share"]
    assert line["y"] == [80, None, 60]
    assert line["connectgaps"] is False


def test_a_week_left_out_of_the_series_is_a_gap_too() -> None:
    assert drawn([make_week(0), make_week(2)])["planned share"]["y"] == [60, None, 60]


def test_a_week_hidden_for_privacy_is_a_gap_and_its_figure_is_nowhere() -> None:
    hidden = WeekTotals(FIRST.shift(1), hours={"planned": 43, "defect": 57}, respondents=2, expected=7, hidden=True)
    figure = drawn([make_week(0), hidden, make_week(2)])
    assert figure["planned share"]["y"] == [60, None, 60]
    assert "43" not in json.dumps(figure)


def test_gaps_are_marked_on_the_axis() -> None:
    marks = drawn(make_series(0.8, None, 0.6))["no figure"]
    assert marks["x"] == ["2026-08-03"]
    assert marks["y"] == [0]


def test_points_that_few_answered_are_hollow() -> None:
    series = [make_week(0, respondents=4), make_week(1, respondents=5)]
    assert drawn(series)["planned share"]["marker"]["color"] == [theme.SURFACE, theme.PLANNED]


def test_the_share_has_a_fixed_axis_from_0_to_100() -> None:
    axis = drawn(make_series(0.8, 0.79))["layout"]["yaxis"]
    assert axis["range"] == [0, 100]
    assert axis["ticksuffix"] == " %"


def test_levels_are_lines_labelled_at_the_line() -> None:
    layout = drawn(make_series(*STEADY), thresholds=Thresholds(healthy=0.6, excessive=0.4))["layout"]
    assert [line["y0"] for line in layout["shapes"]] == [60, 40]
    assert [(label["text"], label["y"]) for label in layout["annotations"][:2]] == [
        ("healthy<br>60 %", 60),
        ("40 %<br>excessive", 40),
    ]
    assert layout["showlegend"] is False


def test_the_newest_figure_is_written_at_its_point() -> None:
    label = drawn(make_series(0.8, 0.61, None))["layout"]["annotations"][-1]
    assert (label["text"], label["x"], label["y"]) == ("61 %", "2026-08-03", 61)


def test_each_week_has_one_text_and_gaps_say_why() -> None:
    series = [make_week(0, 0.61), make_week(1, hidden=True, respondents=2)]
    assert drawn(series)["texts"]["text"] == [
        "2026-W31 (27 Jul-2 Aug)<br>61 %, 5 of 7 answered",
        "2026-W32 (3-9 Aug)<br>too few to show, 2 of 7 answered",
    ]


def test_only_the_texts_speak_when_pointed_at() -> None:
    figure = drawn(make_series(*SLIDE, None), judge(make_series(*SLIDE, None)))
    quiet = [trace for name, trace in figure.items() if name not in {"texts", "layout"}]
    assert all(trace["hoverinfo"] == "skip" for trace in quiet)


def test_texts_hold_no_tag_that_would_need_a_style_attribute() -> None:
    text = json.dumps(drawn(make_series(*SLIDE, None), judge(make_series(*SLIDE, None))))
    assert {part.split(">")[0] for part in text.split("<")[1:]} <= {"br", "extra", "/extra"}


def test_turns_are_the_weeks_in_which_a_marked_signal_begins() -> None:
    states = [State.HEALTHY, State.WATCH, State.SLIDING, State.SLIDING, State.RECOVERING, State.HEALTHY]
    verdicts = [verdict(number, state, corroborated=number == 3) for number, state in enumerate(states)]
    assert turns(verdicts) == [
        Turn(FIRST.shift(2), Signal.EARLY_WARNING),
        Turn(FIRST.shift(3), Signal.PITFALL),
        Turn(FIRST.shift(4), Signal.RECOVERING),
    ]


def test_a_turn_is_marked_with_shape_colour_and_words() -> None:
    series = make_series(*SLIDE, *[0.65] * 20)
    figure = drawn(series, [verdict(0, State.HEALTHY), verdict(5, State.SLIDING)])
    marks = figure["signal"]
    assert marks["x"] == ["2026-08-31"]
    assert marks["marker"]["symbol"] == ["triangle-down-open"]
    assert marks["marker"]["color"] == ["var(--signal-warn)"]
    assert marks["text"] == [" Early warning "]
    assert marks["textposition"] == ["middle right"]
    assert figure["texts"]["text"][5].endswith("<br>▽ Early warning")


def test_words_of_a_late_turn_stand_to_its_left() -> None:
    marks = drawn(make_series(*[0.5] * 30), [verdict(29, State.EXCESSIVE)])["signal"]
    assert marks["textposition"] == ["middle left"]
    assert marks["text"] == [" Excessive BAU "]


def test_words_that_would_run_into_a_neighbour_are_left_out() -> None:
    verdicts = [verdict(10, State.SLIDING), verdict(11, State.EXCESSIVE)]
    assert drawn(make_series(*[0.5] * 52), verdicts)["signal"]["text"] == ["  ", " Excessive BAU "]


def test_the_range_of_the_newest_weeks_is_broken_where_it_is_unknown() -> None:
    known = [Verdict(FIRST.shift(number), State.HEALTHY, low=0.7, high=0.8) for number in (0, 1, 3)]
    verdicts = [*known[:2], verdict(2, State.NOT_ENOUGH_DATA), known[2]]
    band = drawn(make_series(0.8, 0.7, None, 0.75), verdicts)["range of the newest weeks"]
    assert band["y"] == [80, 80, 70, 70, None, 80, 70, None]


def test_a_team_without_weeks_has_an_empty_figure() -> None:
    assert json.loads(figure_json(trend_figure([], [])))["data"] == []


def test_a_year_of_weeks_is_small_json() -> None:
    series = make_series(*[0.7] * 52)
    assert len(figure_json(trend_figure(series, judge(series)))) < 16_000


def test_the_sentence_says_signal_reason_and_newest_figure() -> None:
    complaining = [make_week(number, 0.65, chips={Chip.DEPLOYMENTS: 4}) for number in range(12, 16)]
    series = [*make_series(*STEADY), *complaining]
    sentence = trend_sentence(series, judge(series))
    assert sentence.startswith("Excessive-BAU pitfall since 2026-W4")
    assert "sliding from a healthy level" in sentence
    assert "deployments" in sentence
    assert sentence.endswith("Newest figure: 2026-W46 (9-15 Nov): 65 %, 5 of 7 answered.")


def test_the_sentence_counts_weeks_without_a_figure() -> None:
    assert trend_sentence(make_series(0.8, None, 0.6), []).endswith("1 of 3 weeks has no figure.")


def test_the_sentence_of_a_new_team_says_that_nothing_is_known() -> None:
    assert trend_sentence([], []) == "No week has a figure yet."


def test_the_note_explains_the_marks_that_occur_and_no_others() -> None:
    assert trend_note(make_series(0.8, 0.8), []) == ""
    series = [*make_series(*STEADY), make_week(12, respondents=3), make_week(14)]
    note = trend_note(series, judge(series))
    assert "Light band" in note
    assert "Hollow points: under 60 % answered." in note
    assert "Circles on the axis" in note


def test_other_questions_are_drawn_told_and_explained() -> None:
    series = make_series(0.8, 0.8, 0.6)
    changed = DefinitionBreak(series[1].week, "“Planned hours” became “Planned %”.")
    drawn = json.loads(figure_json(trend_figure(series, [], breaks=[changed])))["layout"]
    (line,) = [shape for shape in drawn["shapes"] if shape.get("yref") == "y domain"]
    assert str(series[0].week.monday) < line["x0"] < str(series[1].week.monday)
    assert "other<br>questions" in [label["text"] for label in drawn["annotations"]]
    assert f"From {series[1].week} on the questions are others" in trend_sentence(series, [], breaks=[changed])
    assert "Upright line" in trend_note(series, [], breaks=[changed])


def test_other_questions_from_the_first_week_on_are_no_break() -> None:
    series = make_series(0.8, 0.8)
    changed = DefinitionBreak(series[0].week, "others")
    assert trend_note(series, [], breaks=[changed]) == ""
