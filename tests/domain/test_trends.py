from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import Chip
from bau_tracker.domain.trends import (
    DEFAULTS,
    SIGNALS,
    Level,
    Signal,
    State,
    Verdict,
    headline,
    judge,
    level_of,
    reason,
)
from bau_tracker.domain.weeks import Week

FIRST = Week(date(2026, 1, 5))


def week(number: int, share: float | None, *, complaining: int = 0, respondents: int = 5, **values: Any) -> WeekTotals:
    """Make a week of 100 hours; `complaining` of its respondents named noisy alerts."""
    if share is None:
        return WeekTotals(FIRST.shift(number), expected=5)
    given: dict[str, Any] = {
        "expected": respondents,
        "complaint_answers": respondents,
        "chips": {Chip.ALERTS: complaining},
    }
    hours = {"planned": share * 100, "defect": 100 - share * 100}
    return WeekTotals(
        FIRST.shift(number), hours=hours, respondents=respondents, complaining=complaining, **(given | values)
    )


def series(*shares: float | None, **values: Any) -> list[WeekTotals]:
    return [week(number, share, **values) for number, share in enumerate(shares)]


def last(weeks: Sequence[WeekTotals]) -> Verdict:
    return judge(weeks)[-1]


def complaints(earlier: int, recent: int, respondents: int = 5) -> list[WeekTotals]:
    """Make a slide from 80 to 65 % in which so many complain, in the 8 weeks before and in the newest 4."""
    before = [week(number, 0.8, complaining=earlier, respondents=respondents) for number in range(8)]
    return before + [week(number, 0.65, complaining=recent, respondents=respondents) for number in range(8, 12)]


def test_a_fall_of_exactly_ten_points_is_sliding() -> None:
    verdict = last(series(*[0.8] * 8, *[0.7] * 4))
    assert verdict.state is State.SLIDING
    assert verdict.level is Level.HEALTHY
    assert verdict.change == pytest.approx(-0.1)


@pytest.mark.parametrize(
    ("recent", "state"),
    [
        (0.701, State.WATCH),
        (0.75, State.WATCH),
        (0.751, State.HEALTHY),
        (0.80, State.HEALTHY),
        (0.95, State.HEALTHY),
        (0.699, State.SLIDING),
    ],
)
def test_a_smaller_fall_is_watched_from_five_points_on(recent: float, state: State) -> None:
    assert last(series(*[0.8] * 8, *[recent] * 4)).state is state


@pytest.mark.parametrize("level", [0.2, 0.3, 0.35, 0.62, 0.83, 0.9])
def test_ten_points_are_ten_points_at_every_level(level: float) -> None:
    assert last(series(*[level] * 8, *[level - 0.1] * 4)).state is State.SLIDING


def test_medians_are_compared_as_worked_out_by_hand() -> None:
    verdict = last(series(0.6, 0.7, 0.8, 0.9, 0.8, 0.8, 0.7, 0.9, 0.5, 0.9, 0.68, 0.7))
    assert verdict.earlier_share == pytest.approx(0.8)
    assert verdict.planned_share == pytest.approx(0.69)
    assert verdict.low == pytest.approx(0.5)
    assert verdict.high == pytest.approx(0.9)
    assert verdict.state is State.SLIDING


def test_one_bad_week_is_no_slide() -> None:
    assert last(series(*[0.8] * 11, 0.1)).state is State.HEALTHY


def test_a_steady_low_level_is_low_and_not_sliding() -> None:
    verdict = last(series(*[0.55] * 12))
    assert (verdict.state, verdict.level) == (State.HEALTHY, Level.LOW)
    assert headline(verdict) == "steady, but low"


def test_less_than_half_is_excessive_unless_it_slides() -> None:
    assert last(series(*[0.5] * 12)).state is State.HEALTHY
    assert last(series(*[0.49] * 12)).state is State.EXCESSIVE
    slide = last(series(*[0.8] * 8, *[0.4] * 4))
    assert (slide.state, slide.level) == (State.SLIDING, Level.EXCESSIVE)


@pytest.mark.parametrize(
    ("share", "level"), [(0.7, Level.HEALTHY), (0.699, Level.LOW), (0.5, Level.LOW), (0.499, Level.EXCESSIVE)]
)
def test_levels_begin_where_the_domain_says(share: float, level: Level) -> None:
    assert level_of(share) is level


def test_fewer_than_twelve_answered_weeks_are_not_enough() -> None:
    states = [verdict.state for verdict in judge(series(*[0.8] * 8, *[0.3] * 4))]
    assert states == [State.NOT_ENOUGH_DATA] * 11 + [State.SLIDING]


@pytest.mark.parametrize("values", [{"hidden": True}, {"respondents": 2}, {"hours": {"overhead": 40.0}}])
def test_a_week_hidden_or_with_too_few_answers_or_without_placed_hours_counts_as_unanswered(
    values: dict[str, Any],
) -> None:
    weeks = series(*[0.8] * 8, *[0.3] * 4)
    weeks[3] = replace(weeks[3], **values)
    verdict = last(weeks)
    assert verdict.state is State.NOT_ENOUGH_DATA
    assert verdict.answered_weeks == 11


def test_a_team_that_stops_answering_is_no_longer_judged_after_four_silent_weeks() -> None:
    states = [verdict.state for verdict in judge(series(*[0.8] * 12, *[None] * 4))]
    assert states[-5:] == [State.HEALTHY] * 4 + [State.NOT_ENOUGH_DATA]
    silent = last(series(*[0.8] * 12, *[None] * 4))
    assert reason(silent) == "No week of the last 4 has 3 or more answers."


def test_after_a_silence_one_answered_week_is_enough_to_go_on() -> None:
    assert last(series(*[0.8] * 12, *[None] * 6, 0.8)).state is State.HEALTHY


def test_a_slide_with_complaints_is_the_pitfall() -> None:
    verdict = last(complaints(earlier=0, recent=2))
    assert verdict.signal is Signal.PITFALL
    assert verdict.corroborated
    assert verdict.named == (Chip.ALERTS,)


def test_a_slide_without_complaints_is_an_early_warning() -> None:
    assert last(complaints(earlier=0, recent=1)).signal is Signal.EARLY_WARNING


def test_exactly_a_third_complaining_is_enough() -> None:
    assert last(complaints(earlier=1, recent=2, respondents=6)).signal is Signal.PITFALL


def test_a_team_that_always_complains_as_much_gives_no_signal() -> None:
    assert last(complaints(earlier=3, recent=3)).signal is Signal.EARLY_WARNING
    assert last(complaints(earlier=3, recent=4)).signal is Signal.PITFALL


def test_a_norm_that_was_never_asked_for_does_not_stand_in_the_way() -> None:
    weeks = complaints(earlier=0, recent=2)
    unasked = [replace(totals, complaint_answers=0) for totals in weeks[:8]]
    assert last(unasked + weeks[8:]).signal is Signal.PITFALL


def test_complaints_that_were_never_asked_for_agree_with_nothing() -> None:
    weeks = [replace(totals, complaint_answers=0) for totals in complaints(earlier=0, recent=0)]
    assert last(weeks).signal is Signal.EARLY_WARNING


def test_complaints_without_a_slide_are_no_pitfall() -> None:
    verdict = last(series(*[0.8] * 12, complaining=5))
    assert verdict.signal is Signal.HEALTHY
    assert not verdict.corroborated


@pytest.mark.parametrize(("expected", "low_confidence"), [(5, False), (6, True), (0, False)])
def test_under_a_response_of_three_in_five_the_verdict_stands_with_low_confidence(
    expected: int, low_confidence: bool
) -> None:
    verdict = last(series(*[0.8] * 8, *[0.6] * 4, respondents=3, expected=expected))
    assert verdict.state is State.SLIDING
    assert verdict.low_confidence is low_confidence


def test_a_rise_of_five_points_after_a_slide_is_a_recovery() -> None:
    verdict = last(series(*[0.8] * 8, *[0.6] * 4, *[0.75] * 4))
    assert verdict.earlier_share == pytest.approx(0.7)
    assert verdict.state is State.RECOVERING
    assert headline(verdict) == "recovering"


def test_a_recovery_that_is_not_there_yet_says_so() -> None:
    assert headline(last(series(*[0.8] * 8, *[0.55] * 8, *[0.65] * 4))) == "recovering, still low"


def test_a_rise_without_trouble_before_is_no_recovery() -> None:
    assert last(series(*[0.6] * 8, *[0.9] * 4)).state is State.HEALTHY


def test_trouble_of_more_than_half_a_year_ago_is_forgotten() -> None:
    shares = [*[0.8] * 8, *[0.6] * 8]
    recently, long_ago = [*shares, *[0.6] * 10, *[0.7] * 4], [*shares, *[0.6] * 40, *[0.7] * 4]
    assert last(series(*recently)).state is State.RECOVERING
    assert last(series(*long_ago)).state is State.HEALTHY


any_share = st.none() | st.integers(0, 100).map(lambda percent: percent / 100)


def any_week(share: float | None, respondents: int, complaining: int, expected: int, state: int) -> WeekTotals:
    totals = week(0, share, respondents=respondents, complaining=min(complaining, respondents))
    return replace(totals, expected=expected, hidden=state == 0)


any_weeks = st.builds(
    any_week, any_share, st.integers(2, 6), st.integers(0, 6), st.sampled_from([0, 5, 12]), st.integers(0, 9)
)
any_series = st.lists(any_weeks, min_size=10, max_size=40).map(
    lambda found: [replace(totals, week=FIRST.shift(number)) for number, totals in enumerate(found)]
)
"""Any series of weeks, with gaps, hidden weeks and low responses among them."""
few = settings(max_examples=40, deadline=None)


@few
@given(any_series, st.integers(0, 50))
def test_later_weeks_never_change_an_earlier_verdict(weeks: list[WeekTotals], end: int) -> None:
    assert judge(weeks[:end]) == judge(weeks)[:end]


@few
@given(any_series)
def test_unanswered_weeks_can_be_left_out_alike(weeks: list[WeekTotals]) -> None:
    answered = [totals for totals in weeks if totals.respondents >= 3 and not totals.hidden and totals.hours]
    kept = {totals.week for totals in answered}
    assert judge(answered) == [verdict for verdict in judge(weeks) if verdict.week in kept]


@few
@given(any_series)
def test_every_figure_of_a_verdict_is_a_share_or_unknown(weeks: list[WeekTotals]) -> None:
    verdicts = judge(weeks)
    assert [verdict.week for verdict in verdicts] == [totals.week for totals in weeks]
    for verdict in verdicts:
        known = verdict.planned_share, verdict.earlier_share, verdict.low, verdict.high, verdict.response_rate
        assert all(figure is None or (math.isfinite(figure) and 0 <= figure <= 1) for figure in known)
        assert (verdict.planned_share is None) is (verdict.state is State.NOT_ENOUGH_DATA)
        if verdict.low is not None and verdict.high is not None and verdict.planned_share is not None:
            assert verdict.low <= verdict.planned_share <= verdict.high
        assert verdict.corroborated <= (verdict.state is State.SLIDING)


@few
@given(any_series)
def test_the_words_of_a_verdict_are_whole_sentences(weeks: list[WeekTotals]) -> None:
    for verdict in judge(weeks):
        said, why = headline(verdict), reason(verdict)
        for text in (said, why):
            assert "None" not in text
            assert "  " not in text
            assert " a excessive" not in text
            assert " 1 points" not in text
        assert said == said.strip(" .")
        assert why[0].isalnum()
        assert why.endswith(".")


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([0.8], "not enough data yet"),
        ([*[0.8] * 8, *[0.7] * 4], "sliding from a healthy level"),
        ([*[0.6] * 8, *[0.5] * 4], "sliding from a low level"),
        ([*[0.4] * 8, *[0.3] * 4], "sliding from an excessive level"),
        ([*[0.8] * 8, *[0.74] * 4], "slightly down from a healthy level"),
        ([*[0.6] * 8, *[0.54] * 4], "slightly down from a low level"),
        ([0.4] * 12, "steady, with excessive BAU"),
        ([0.8] * 12, "steady and healthy"),
        ([0.6] * 12, "steady, but low"),
    ],
)
def test_level_and_state_are_said_together(shares: list[float], words: str) -> None:
    assert headline(last(series(*shares))) == words


def test_a_reason_names_its_figures() -> None:
    weeks = complaints(earlier=0, recent=2)
    for totals in weeks[8:]:
        totals.chips[Chip.DEPLOYMENTS] = 1
    assert reason(last(weeks)) == (
        "Planned work had a median of 65 % in the last 4 answered weeks, "
        "15 points lower than the 80 % of the 8 before. "
        "Members complain more than usual, most of intermittent or noisy alerts and deployments."
    )


def test_a_reason_without_named_topics_names_none() -> None:
    weeks = [replace(totals, chips={}) for totals in complaints(earlier=0, recent=2)]
    assert reason(last(weeks)).endswith("Members complain more than usual.")


@pytest.mark.parametrize(
    ("recent", "words"),
    [
        (0.8, "80 % in the last 4 answered weeks, the same as the 80 % of the 8 before."),
        (0.81, "81 % in the last 4 answered weeks, 1 point higher than the 80 % of the 8 before."),
        (0.79, "79 % in the last 4 answered weeks, 1 point lower than the 80 % of the 8 before."),
        (0.83, "83 % in the last 4 answered weeks, 3 points higher than the 80 % of the 8 before."),
    ],
)
def test_a_reason_compares_in_points(recent: float, words: str) -> None:
    assert reason(last(series(*[0.8] * 8, *[recent] * 4))) == f"Planned work had a median of {words}"


def test_a_reason_says_how_much_is_missing_and_how_few_answered() -> None:
    assert reason(last(series(0.8, 0.8))) == "2 of 12 weeks with 3 or more answers that a verdict needs."
    few = last(series(*[0.8] * 12, respondents=3, expected=10))
    assert reason(few).endswith("Only 30 % answered, so confidence is low.")


def test_every_signal_has_a_word_and_a_shape_of_its_own_the_worst_first() -> None:
    assert list(SIGNALS) == list(Signal)
    assert len({words.label for words in SIGNALS.values()}) == len({words.symbol for words in SIGNALS.values()}) == 8
    assert next(iter(Signal)) is Signal.PITFALL


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_shown_as_a_signal(state: State) -> None:
    assert Verdict(FIRST, state).signal in SIGNALS


def test_the_defaults_are_those_of_the_domain() -> None:
    assert (DEFAULTS.healthy, DEFAULTS.excessive, DEFAULTS.slide, DEFAULTS.watch) == (0.7, 0.5, 0.1, 0.05)
    assert (DEFAULTS.response_floor, DEFAULTS.least_respondents) == (0.6, 3)
