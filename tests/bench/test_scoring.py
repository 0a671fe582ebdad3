from __future__ import annotations

import math
from typing import Any

import pytest

from tests.bench.examples import make_score, make_states
from tests.bench.scoring import BEFORE_SLIDES, quantile, spread, summarise


@pytest.mark.parametrize(
    ("states", "alarms"),
    [
        ("nnhhwwrrhh", 0),
        ("hhsshh", 1),
        ("sshhhh", 1),
        ("hshshw", 2),
        ("hwswsr", 2),
        ("h" + "s" * 13, 1),
        ("h" + "s" * 14, 2),
        ("h" + "s" * 27, 3),
        ("hheehh", 1),
        ("hhehee", 2),
        ("hhseeh", 1),
        ("hheesh", 2),
    ],
)
def test_in_a_steady_team_each_alert_that_begins_is_a_false_alarm(states: str, alarms: int) -> None:
    assert make_score(states).false_alarms == alarms


@pytest.mark.parametrize(("level", "alarms"), [(80, 1), (55, 1), (54.9, 0), (None, 0)])
def test_an_excessive_level_is_a_false_alarm_from_55_percent_on(level: float | None, alarms: int) -> None:
    assert make_score("hhehh", level=level).false_alarms == alarms


def test_from_its_onset_on_a_slide_is_no_false_alarm() -> None:
    score = make_score("hshh ssss", onset=4)
    assert (score.false_alarms, score.years, score.at_risk) == (1, 4 / 52, BEFORE_SLIDES)


@pytest.mark.parametrize(
    ("states", "delay"),
    [
        ("hhhh shhh", 1),
        ("hhhh hhss", 3),
        ("hhhh hwhe", 4),
        ("hshh hhsh", 3),
        ("hhhe ehhs", 4),
        ("hhhe ssss", 1),
        ("hhhe eeee", math.inf),
        ("hhhh wwrh", math.inf),
    ],
)
def test_the_delay_goes_to_the_first_alert_that_begins_from_the_onset_on(states: str, delay: float) -> None:
    score = make_score(states, onset=4)
    assert (score.delay, score.preempted) == (delay, False)


def test_who_slides_already_is_preempted_and_has_no_delay() -> None:
    score = make_score("hhss shhs", onset=4)
    assert (score.delay, score.preempted, score.false_alarms) == (None, True, 1)


def test_a_steady_team_has_no_delay() -> None:
    assert make_score("hhhhssss").delay is None


@pytest.mark.parametrize(
    ("after", "weeks"),
    [("rrrr", 1), ("sswwww", 3), ("shhshhh", 5), ("shhehrhh", 5), ("sshh", math.inf), ("ssss", math.inf)],
)
def test_a_recovery_is_cleared_with_the_first_of_three_weeks_outside_an_alert(after: str, weeks: float) -> None:
    score = make_score("hhss" + after, onset=2, recovery=4)
    assert (score.cleared, score.not_in_alert_at_recovery) == (weeks, False)


def test_without_an_alert_when_it_begins_a_recovery_has_nothing_to_clear() -> None:
    score = make_score("hhsw hhhh", onset=2, recovery=4)
    assert (score.cleared, score.not_in_alert_at_recovery) == (None, True)


@pytest.mark.parametrize(("states", "changes"), [("nnhhww", 1), ("hwhw", 3), ("hnnh", 1), ("hh ssee", 0)])
def test_state_changes_count_before_the_onset_and_not_from_too_few_data(states: str, changes: int) -> None:
    assert make_score(states, onset=2 if " " in states else None).state_changes == changes


def test_alerts_in_the_first_six_weeks_are_counted_by_the_week() -> None:
    assert make_score("nnssee ss").early_alert_weeks == 4


def test_the_first_verdict_is_the_first_week_with_enough_data() -> None:
    assert (make_score("nnhh").first_verdict, make_score("nnnn").first_verdict) == (2, 4)
    assert make_score("nnhhhh", onset=4).first_verdict is None


@pytest.mark.parametrize(
    ("truth", "low", "high"),
    [
        ({"level": 44.9}, (3, 2), (0, 0)),
        ({"level": 45}, (0, 0), (0, 0)),
        ({"level": 55}, (0, 0), (0, 0)),
        ({"level": 55.1}, (0, 0), (3, 1)),
        ({"level": 55.1, "onset": 12}, (0, 0), (2, 1)),
        ({"level": None}, (0, 0), (0, 0)),
    ],
)
def test_from_the_eleventh_week_on_the_level_is_judged_where_it_is_clear(
    truth: dict[str, Any], low: tuple[int, int], high: tuple[int, int]
) -> None:
    score = make_score("eeeeeeeeee seh", **truth)
    assert (score.low_weeks, score.low_in_alert) == low
    assert (score.high_weeks, score.high_excessive) == high


def test_a_week_without_a_state_repeats_the_week_before() -> None:
    assert spread({2: "healthy", 4: "sliding", 9: "watch"}, 6) == make_states("nnhhss")


def test_a_word_that_is_no_state_is_refused() -> None:
    with pytest.raises(ValueError, match="fine is no state"):
        spread({0: "fine"}, 1)


def test_false_alarms_are_a_rate_of_the_years_without_a_slide() -> None:
    scores = [
        make_score("hs" * 26, scenario="calm"),
        make_score("h" * 52, scenario="calm"),
        make_score("h" * 52, scenario="tiny"),
        make_score("s" + "h" * 51 + "hhss", onset=52, scenario="masked"),
    ]
    summary = summarise(scores)
    assert summary.false_alarms_by_scenario == {"calm": 13.0, "tiny": 0.0, BEFORE_SLIDES: 1.0}
    assert (summary.years, summary.false_alarms) == (4.0, 27 / 4)


def test_delays_are_told_by_scenario_and_together() -> None:
    never, late, soon = (make_score("hh" + after, onset=2, scenario="step") for after in ("hhhhh", "hhhhs", "shhhh"))
    preempted = make_score("hssss", onset=2, scenario="masked")
    changes = summarise([never, late, soon, preempted]).changes
    assert (changes.count, changes.preempted, changes.median, changes.ninetieth) == (3, 1, 5, math.inf)
    assert (changes.within_4, changes.within_8) == (1 / 3, 2 / 3)
    by_scenario = summarise([never, late, soon, preempted]).changes_by_scenario
    assert (by_scenario["step"].count, by_scenario["masked"].count) == (3, 0)
    assert math.isnan(by_scenario["masked"].median)


def test_nothing_to_be_seen_is_no_number() -> None:
    summary = summarise([make_score("hhhh")])
    assert math.isnan(summary.changes.within_8)
    assert math.isnan(summary.clearing.median)
    assert math.isnan(summary.alert_when_low)


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.9, 4), (0.25, 1), (0.26, 2)])
def test_a_quantile_is_the_smallest_value_that_the_share_does_not_exceed(share: float, value: float) -> None:
    assert quantile([4, 2, 1, 3], share) == value
