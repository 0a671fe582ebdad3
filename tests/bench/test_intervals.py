from __future__ import annotations

import math

import pytest

from tests.bench.examples import make_score
from tests.bench.intervals import FIGURES, compare, intervals
from tests.bench.scoring import TeamScore, summarise

ALARMS = "false alarms / team-year"
AFTER = ("shhhhhhhh", "hhshhhhhh", "hhhhhhhhs", "hhhhhhhhh")


def teams(alarms: int = 1) -> list[TeamScore]:
    """Make twelve steady teams, a third with so many false alarms, and twelve that slide and are seen or not."""
    steady = ["hs" * alarms + "h" * (52 - 2 * alarms), "h" * 52, "h" * 52] * 4
    return [
        *(make_score(states, f"calm-{number}") for number, states in enumerate(steady)),
        *(make_score("hhhh" + AFTER[n % 4], f"step-{n}", onset=4, scenario="step") for n in range(12)),
    ]


def test_the_values_are_those_of_the_summary() -> None:
    scores = [*teams(), make_score("hhss" + "shhh", onset=2, recovery=4, scenario="back")]
    found, summary = intervals(scores), summarise(scores)
    assert found.keys() == FIGURES.keys()
    assert [interval.value for interval in found.values()] == pytest.approx(
        [
            summary.false_alarms,
            summary.changes.within_4,
            summary.changes.within_8,
            summary.changes.within_12,
            summary.changes.median,
            summary.changes.ninetieth,
            summary.clearing.median,
            summary.clearing.ninetieth,
            summary.state_changes_a_year,
        ]
    )


def test_an_interval_holds_its_value_and_is_the_same_each_time() -> None:
    found = intervals(teams())
    assert found == intervals(teams()) | {name: found[name] for name in found if math.isnan(found[name].value)}
    alarms, seen = found[ALARMS], found["seen within 8 weeks"]
    assert 0 < alarms.low < alarms.value < alarms.high
    assert 0.2 < seen.low < seen.value == 0.5 < seen.high < 0.8


def test_teams_are_drawn_within_their_scenario() -> None:
    alike = [make_score("hs" + "h" * 50, f"a-{n}", scenario="a") for n in range(5)]
    others = [make_score("h" * 52, f"b-{n}", scenario="b") for n in range(15)]
    alarms = intervals(alike + others)[ALARMS]
    assert (alarms.low, alarms.value, alarms.high) == (0.25, 0.25, 0.25)


def test_a_delay_that_never_ends_may_be_a_bound() -> None:
    found = intervals(teams())["90th percentile of delay"]
    assert (found.value, found.high) == (math.inf, math.inf)


def test_a_detector_does_not_differ_from_itself() -> None:
    alike = compare(teams(), teams())
    assert {(each.value, each.low, each.high) for each in alike.values() if not math.isnan(each.value)} == {(0, 0, 0)}


def test_two_detectors_are_compared_on_the_same_draws() -> None:
    ours, theirs = teams(alarms=1), teams(alarms=2)
    together = compare(ours, theirs)[ALARMS]
    assert together.value == pytest.approx(summarise(ours).false_alarms - summarise(theirs).false_alarms)
    assert together.high < 0
    apart = intervals(ours)[ALARMS], intervals(theirs)[ALARMS]
    assert together.high - together.low < (apart[0].high - apart[0].low) + (apart[1].high - apart[1].low)


def test_only_the_same_teams_can_be_compared() -> None:
    with pytest.raises(ValueError, match="same teams"):
        compare(teams(), teams()[1:])
