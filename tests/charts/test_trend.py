from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bau_tracker.charts import theme
from bau_tracker.charts.drawn import Drawn
from bau_tracker.charts.figures import figure_json
from bau_tracker.charts.trend import trend_figure
from bau_tracker.charts.trend_words import trend_note, trend_sentence
from bau_tracker.domain.looks import Adjusted
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import DEFAULTS, DefinitionBreak, Fall, Level, State, Thresholds, Verdict
from tests.charts.weeks import FIRST, make_series, make_week

STEADY = [0.8] * 12
SLIDE = [0.8] * 12 + [0.65] * 4


def drawn(
    series: list[WeekTotals],
    verdicts: Sequence[Verdict] = (),
    thresholds: Thresholds = DEFAULTS,
    adjusted: Sequence[Adjusted] = (),
) -> dict[str, Any]:
    figure = json.loads(figure_json(trend_figure(Drawn(series, verdicts, thresholds, adjusted=adjusted))))
    return {trace["name"]: trace for trace in figure["data"]} | {"layout": figure["layout"]}


def line(*shares: float | None, clipped: int | None = None, onset: int | None = None) -> list[Adjusted]:
    """Give a line like for like, with a gap for None, a week that counts in part, and a fit that falls at an onset."""
    return [
        Adjusted(
            FIRST.shift(number),
            share,
            share - 5,
            share + 5,
            number == clipped,
            None if onset is None else (80.0 if number < onset else 65.0),
        )
        for number, share in enumerate(shares)
        if share is not None
    ]


def sliding(number: int, onset: int = 2) -> Verdict:
    fall = Fall(FIRST.shift(onset), 0.15, 0.1, 0.2)
    return Verdict(
        FIRST.shift(number),
        State.SLIDING,
        Level.LOW,
        planned_share=0.65,
        low=0.6,
        high=0.7,
        earlier_share=0.8,
        fall=fall,
    )


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
    figure = drawn(
        make_series(*SLIDE, None), [sliding(15)], adjusted=line(*[80.0] * 12, *[65.0] * 4, clipped=3, onset=12)
    )
    quiet = [trace for name, trace in figure.items() if name not in {"texts", "layout"}]
    assert len(quiet) == 7
    assert all(trace["hoverinfo"] == "skip" for trace in quiet)


def test_texts_hold_no_tag_that_would_need_a_style_attribute() -> None:
    text = json.dumps(drawn(make_series(*SLIDE, None), [sliding(15)], adjusted=line(*[80.0] * 16, clipped=3)))
    assert {part.split(">")[0] for part in text.split("<")[1:]} <= {"br", "extra", "/extra"}


def test_beside_the_line_like_for_like_the_weeks_are_quiet_points() -> None:
    series = make_series(0.8, 0.7)
    assert drawn(series)["planned share"]["mode"] == "lines+markers"
    figure = drawn(series, adjusted=line(78, 74))
    assert figure["planned share"]["mode"] == "markers"
    assert figure["planned share"]["marker"]["color"] == [theme.MUTED, theme.MUTED]
    assert (figure["like for like"]["y"], figure["like for like"]["line"]["color"]) == ([78, 74], theme.PLANNED)


def test_line_and_interval_are_broken_where_a_week_is_missing() -> None:
    figure = drawn(make_series(0.8, 0.7, None, 0.75), adjusted=line(80, 70, None, 75))
    assert figure["like for like"]["y"] == [80, 70, None, 75]
    assert figure["interval"]["y"] == [85, 75, 65, 75, None, 80, 70, None]


def test_a_week_that_counts_in_part_has_a_shape_of_its_own_and_says_so() -> None:
    series, adjusted = make_series(0.8, 0.3, 0.8), line(80, 30, 80, clipped=1)
    figure = drawn(series, adjusted=adjusted)
    assert (figure["counted in part"]["x"], figure["counted in part"]["marker"]["symbol"]) == (["2026-08-03"], "x-thin")
    assert figure["texts"]["text"][1].endswith("like for like 30 % (25 to 35), counts in part")
    assert "Counted in part, being far off their neighbours: 2026-W32." in trend_sentence(
        Drawn(series, adjusted=adjusted)
    )
    assert "Crosses" in trend_note(Drawn(series, adjusted=adjusted))
    assert "counted in part" not in drawn(series, adjusted=line(80, 30, 80))


def test_a_slide_shows_since_when_and_both_segments_of_the_fit() -> None:
    series, adjusted = make_series(0.8, 0.8, 0.65, 0.65), line(80, 80, 65, 65, onset=2)
    figure = drawn(series, [sliding(3)], adjusted=adjusted)
    assert figure["fitted fall"]["y"] == [80, 80, None, 65, 65]
    assert "began about<br>2026-W33" in [label["text"] for label in figure["layout"]["annotations"]]
    assert "Thin line" in trend_note(Drawn(series, [sliding(3)], adjusted=adjusted))


def test_the_fit_goes_straight_through_weeks_of_which_it_is_not_shown() -> None:
    adjusted = [
        replace(one, fitted=None) if one.week == FIRST.shift(2) else one for one in line(80, 80, 65, 65, 65, onset=2)
    ]
    figure = drawn(make_series(0.8, 0.8, 0.65, 0.65, 0.65), [sliding(4)], adjusted=adjusted)
    assert (figure["fitted fall"]["x"][3], figure["fitted fall"]["y"][3]) == ("2026-08-10", 65)


def test_a_team_that_does_not_slide_shows_no_fall() -> None:
    steady = Verdict(FIRST.shift(3), State.HEALTHY, Level.HEALTHY, planned_share=0.8)
    for verdict in (steady, replace(sliding(3), state=State.WATCH), replace(sliding(3), fall=None)):
        figure = drawn(make_series(0.8, 0.8, 0.65, 0.65), [verdict], adjusted=line(80, 80, 65, 65, onset=2))
        assert "fitted fall" not in figure
        assert "began" not in json.dumps(figure["layout"]["annotations"])


def test_a_daily_rota_lowers_the_healthy_line_and_the_note_says_so() -> None:
    own = Thresholds(daily_rota=True)
    verdict = replace(sliding(1), healthy_line=0.67)
    figure = drawn(make_series(0.8, 0.6), [verdict], own)
    assert figure["layout"]["annotations"][0]["text"] == "healthy<br>67 %"
    assert "one person a day" in trend_note(Drawn(make_series(0.8, 0.6), [verdict], own))
    assert drawn(make_series(0.8, 0.6), [verdict])["layout"]["annotations"][0]["text"] == "healthy<br>70 %"


def test_each_week_says_its_verdict_when_pointed_at() -> None:
    texts = drawn(make_series(0.8, 0.6), [sliding(1)])["texts"]["text"]
    assert texts[1].endswith("60 %, 5 of 7 answered<br>▽ Early warning")


def test_a_rounded_week_is_about_on_the_line_too() -> None:
    series = [make_week(0, 0.8), replace(make_week(1, 0.6), rounded=True)]
    figure = drawn(series, adjusted=line(80, 60))
    assert figure["layout"]["annotations"][-1]["text"] == "about 60 %"
    assert figure["texts"]["text"][1].endswith("like for like about 60 % (55 to 65)")


def test_a_team_without_weeks_has_an_empty_figure() -> None:
    assert json.loads(figure_json(trend_figure(Drawn([]))))["data"] == []


def test_a_year_of_weeks_is_small_json() -> None:
    verdicts = [sliding(number) for number in range(52)]
    figure = trend_figure(Drawn(make_series(*[0.7] * 52), verdicts, adjusted=line(*[70.0] * 52, onset=30)))
    assert len(figure_json(figure)) < 20_000


def test_other_questions_are_drawn() -> None:
    series = make_series(0.8, 0.8, 0.6)
    changed = DefinitionBreak(series[1].week, "“Planned hours” became “Planned %”.")
    layout = json.loads(figure_json(trend_figure(Drawn(series, breaks=[changed]))))["layout"]
    (upright,) = [shape for shape in layout["shapes"] if shape.get("yref") == "y domain"]
    assert str(series[0].week.monday) < upright["x0"] < str(series[1].week.monday)
    assert "other<br>questions" in [label["text"] for label in layout["annotations"]]
