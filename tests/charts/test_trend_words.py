from __future__ import annotations

from dataclasses import replace

from bau_tracker.charts.drawn import Drawn
from bau_tracker.charts.trend_words import trend_note, trend_sentence
from bau_tracker.domain.looks import Adjusted
from bau_tracker.domain.verdicts import DefinitionBreak, Level, State, Verdict
from tests.charts.weeks import FIRST, make_series, make_week

STEADY = make_series(*[0.8] * 12)
VERDICT = Verdict(FIRST, State.HEALTHY, Level.HEALTHY, planned_share=0.8, low=0.75, high=0.85)


def test_the_sentence_says_signal_reason_line_and_newest_figure() -> None:
    verdicts = [replace(VERDICT, week=FIRST.shift(number)) for number in range(4, 12)]
    line = [Adjusted(FIRST.shift(11), 79, 74, 84, clipped=False, fitted=None)]
    sentence = trend_sentence(Drawn(STEADY, verdicts, adjusted=line))
    assert sentence.startswith("Healthy since 2026-W35: steady and healthy. Planned work is 80 % (75 to 85) now")
    assert sentence.endswith(
        "Like for like, 2026-W42 is at 79 % (74 to 84). Newest figure: 2026-W42 (12-18 Oct): 80 %, 5 of 7 answered."
    )


def test_the_sentence_counts_weeks_without_a_figure() -> None:
    assert trend_sentence(Drawn(make_series(0.8, None, 0.6))).endswith("1 of 3 weeks has no figure.")


def test_the_sentence_of_a_new_team_says_that_nothing_is_known() -> None:
    assert trend_sentence(Drawn([])) == "No week has a figure yet."


def test_the_note_explains_the_marks_that_occur_and_no_others() -> None:
    assert trend_note(Drawn(make_series(0.8, 0.8))) == ""
    series = [*STEADY, make_week(12, respondents=3), make_week(14)]
    note = trend_note(Drawn(series, [VERDICT]))
    assert "Hollow points: under 60 % answered." in note
    assert "Circles on the axis" in note
    assert "On top each week's verdict: Healthy a thin line." in note
    assert "Blue line" not in note
    line = [Adjusted(FIRST, 80, 75, 85, clipped=False, fitted=None)]
    assert "Blue line: planned work like for like" in trend_note(Drawn(series, [VERDICT], adjusted=line))


def test_other_questions_are_told_and_explained() -> None:
    series = make_series(0.8, 0.8, 0.6)
    changed = [DefinitionBreak(series[1].week, "“Planned hours” became “Planned %”.")]
    assert f"From {series[1].week} on the questions are others" in trend_sentence(Drawn(series, breaks=changed))
    assert "Upright line" in trend_note(Drawn(series, breaks=changed))


def test_other_questions_from_the_first_week_on_are_no_break() -> None:
    series = make_series(0.8, 0.8)
    assert trend_note(Drawn(series, breaks=[DefinitionBreak(series[0].week, "others")])) == ""
