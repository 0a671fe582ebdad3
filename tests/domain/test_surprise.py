from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bau_tracker.domain.like_for_like import Effects, Floats
from bau_tracker.domain.surprise import LASTING, NOISE, QUARTER_END, Surprise, surprise


def known(weeks: list[float], covariance: Floats | None = None) -> Effects:
    """Make effects of weeks that are known exactly, or with a covariance."""
    nobody = np.zeros(0)
    exact = np.zeros((len(weeks), len(weeks))) if covariance is None else covariance
    return Effects(np.array(weeks), exact, nobody, np.zeros((0, len(weeks))), nobody, 121.0)


def held(weeks: list[float], covariance: Floats | None = None, quarter_ends: tuple[int, ...] = ()) -> Surprise:
    """Hold the newest of successive weeks against the others."""
    ends = np.array([float(number in quarter_ends) for number in range(len(weeks))])
    return surprise(known(weeks, covariance), np.arange(len(weeks), dtype=float), ends)


def noise_after(weeks: int) -> float:
    """Give the variance of a team's noise after weeks that don't differ: the usual one, shrunk towards none."""
    return 12.25 * 20 / (20 + weeks)


def test_a_second_week_is_held_against_the_first_as_worked_out_by_hand() -> None:
    # The difference of two weeks of noise N that lasts by .3 has variance 2 N (1 - .3); N = 12.25 * 20 / 21.
    found = held([74.0, 70.0])
    assert found.noise == pytest.approx(245 / 21)
    assert found.z == pytest.approx(-4 / math.sqrt(1.4 * 245 / 21))
    assert found.limited == pytest.approx([2, -2])


def test_noise_that_lasts_explains_less_after_a_gap() -> None:
    effects, none = known([74.0, 70.0]), np.zeros(2)
    found = surprise(effects, np.array([0.0, 3.0]), none)
    assert found.z == pytest.approx(-4 / math.sqrt(2 * (1 - 0.3**3) * 245 / 21))


def test_the_end_of_a_quarter_surprises_less_and_the_second_week_of_it_no_less() -> None:
    noise = 245 / 21
    assert held([74.0, 70.0], quarter_ends=(1,)).z == pytest.approx(-4 / math.sqrt(1.4 * noise + 36))
    assert held([74.0, 70.0], quarter_ends=(0, 1)).z == pytest.approx(-4 / math.sqrt(1.4 * noise))


def test_chance_between_answers_surprises_less() -> None:
    # Chance of 10 in each week adds 20 to the difference; half of that, or 1 at least, to the spread of one week.
    found = held([74.0, 70.0], 10.0 * np.eye(2))
    assert found.z == pytest.approx(-4 / math.sqrt(1.4 * 245 / 21 + 20))
    assert found.covariance == pytest.approx(245 / 21 * np.array([[1, 0.3], [0.3, 1]]) + 10 * np.eye(2))


def test_a_newest_week_far_off_counts_in_part_and_is_marked() -> None:
    spread = math.sqrt(noise_after(7) + 1)
    found = held([*[80.0] * 7, 30.0])
    assert found.limited == pytest.approx([*[0] * 7, -2.25 * spread])
    assert list(found.clipped) == [False] * 7 + [True]
    assert held([*[80.0] * 7, 100.0]).limited[-1] == pytest.approx(2.25 * spread)
    assert not held([*[80.0] * 7, 73.0]).clipped.any()


def test_the_newest_week_is_limited_from_the_median_of_the_six_before() -> None:
    found = held([*[80.0] * 9, *[70.0] * 3, 20.0])
    median = np.median(found.limited[-7:-1])
    assert median not in {np.median(found.limited[-6:-1]), np.median(found.limited[-8:-1])}
    assert found.limited[-1] == pytest.approx(median - 2.25 * math.sqrt(found.noise + 1))


def test_a_spike_that_returned_is_replaced_by_its_neighbours_mean() -> None:
    found = held([*[80.0] * 5, 50.0, *[80.0] * 5])
    assert found.limited == pytest.approx(np.zeros(11))
    assert list(np.flatnonzero(found.clipped)) == [5]


def test_two_bad_weeks_together_are_limited_to_their_neighbours_median() -> None:
    found = held([*[80.0] * 5, 50.0, 50.0, *[80.0] * 5])
    expected = np.zeros(12)
    expected[5:7] = -2 * math.sqrt(found.noise + 1)
    assert found.limited == pytest.approx(expected)


def test_four_bad_weeks_together_are_limited_and_five_are_believed() -> None:
    four, five = (held([*[80.0] * 8, *[50.0] * bad, *[80.0] * 8]) for bad in (4, 5))
    assert list(np.flatnonzero(four.clipped)) == [8, 9, 10, 11]
    assert not five.clipped.any()


def test_a_spike_of_three_deviations_is_replaced_and_one_of_two_is_believed() -> None:
    spread = math.sqrt(noise_after(11) + 1)
    assert held([*[80.0] * 6, 80 - 3 * spread, *[80.0] * 5]).limited[6] == pytest.approx(0)
    assert held([*[80.0] * 6, 80 - 1.9 * spread, *[80.0] * 5]).limited[6] == pytest.approx(-1.9 * spread)


def test_a_spike_between_weeks_that_nearly_agree_is_replaced_by_their_mean() -> None:
    spread = math.sqrt(noise_after(11) + 1)
    found = held([*[80.0] * 6, 40.0, 80 - spread, *[80.0] * 4])
    assert found.limited[6] == pytest.approx(-spread / 2)
    apart = held([*[80.0] * 6, 40.0, 80 - 1.6 * spread, *[80.0] * 4])
    assert apart.limited[6] == pytest.approx(-2 * spread)


def test_chance_that_weeks_share_does_not_widen_what_a_week_may_do() -> None:
    shared = 10.0 * np.eye(8) + 30.0
    assert held([*[80.0] * 7, 30.0], shared).limited[-1] == pytest.approx(-2.25 * math.sqrt(noise_after(7) + 10))


def test_a_spike_next_to_a_change_of_level_is_no_spike() -> None:
    # The neighbours don't agree: the week is limited, and not replaced by their mean.
    found = held([*[80.0] * 6, 40.0, *[70.0] * 6])
    assert found.clipped[6]
    assert found.limited[6] < found.limited[7] - 4


def test_a_step_that_stays_is_not_limited_away() -> None:
    found = held([*[80.0] * 8, *[65.0] * 8])
    assert np.diff(found.limited)[7] == pytest.approx(-15)
    assert not found.clipped.any()


def test_half_a_point_is_not_worth_a_mark() -> None:
    spread = math.sqrt(noise_after(7) + 1)
    assert not held([*[80.0] * 7, 80 - 2.25 * spread - 0.4]).clipped.any()
    assert held([*[80.0] * 7, 80 - 2.25 * spread - 0.6]).clipped[-1]


def test_a_team_of_restless_weeks_surprises_less_as_worked_out_by_hand() -> None:
    # Steps but the newest: 10, 0. Their median absolute deviation is 5, so own = (1.4826 * 5)^2 / 1.4.
    own = (1.4826 * 5) ** 2 / 1.4
    assert held([70.0, 80.0, 80.0, 80.0]).noise == pytest.approx((12.25 * 20 + own * 3) / 23)


def test_the_newest_step_does_not_excuse_itself() -> None:
    assert held([*[80.0] * 8, 60.0]).noise == held([*[80.0] * 9]).noise


def test_chance_between_answers_is_not_taken_for_noise() -> None:
    restless = [70.0, 80.0] * 6
    # Steps of 10 and -10: median -10 or 10 or 0, deviations of 10 and more; 200 of their variance is chance here.
    calm = held(restless, 1000.0 * np.eye(12))
    assert calm.noise == pytest.approx(noise_after(11))
    assert held(restless).noise > 2 * calm.noise


def joint_z(weeks: Floats, covariance: Floats) -> float:
    """Hold the newest week against the others by conditioning on them, its mean nearly unknown before."""
    before = covariance + 1e7
    weights = np.linalg.solve(before[:-1, :-1], before[:-1, -1])
    variance = before[-1, -1] - weights @ before[:-1, -1]
    return float((weeks[-1] - weights @ weeks[:-1]) / np.sqrt(variance))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 100).map(float), min_size=3, max_size=12), st.integers(1, 100))
def test_z_is_the_newest_week_less_what_the_others_let_expect(weeks: list[float], chance: int) -> None:
    found = held(weeks, chance * np.eye(len(weeks)) + 3.0, quarter_ends=(1, 2))
    assert found.z == pytest.approx(joint_z(found.limited, found.covariance), abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 100).map(float), min_size=2, max_size=12), st.integers(-50, 50))
def test_the_level_of_all_weeks_does_not_matter(weeks: list[float], by: int) -> None:
    before, after = held(weeks), held([week + by for week in weeks])
    assert after.z == pytest.approx(before.z, abs=1e-6)
    assert after.limited == pytest.approx(before.limited, abs=1e-6)
    assert list(after.clipped) == list(before.clipped)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 100).map(float), min_size=2, max_size=12))
def test_a_rise_surprises_as_much_as_a_fall(weeks: list[float]) -> None:
    assert held([100 - week for week in weeks]).z == pytest.approx(-held(weeks).z, abs=1e-6)


def test_z_has_mean_0_and_variance_1_where_the_assumptions_hold() -> None:
    generator = np.random.default_rng(7)
    weeks = 12
    apart = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    covariance = 40.0 * np.eye(weeks)
    root = np.linalg.cholesky(covariance + NOISE * LASTING**apart)
    found = [held(list(70 + root @ generator.normal(size=weeks)), covariance).z for _ in range(2000)]
    assert np.mean(found) == pytest.approx(0, abs=0.08)
    assert np.std(found) == pytest.approx(1, abs=0.08)


def test_the_constants_are_the_ones_the_method_is_described_with() -> None:
    assert (LASTING, NOISE, QUARTER_END) == (0.3, 12.25, 36)


def test_a_fall_that_stays_is_believed_in_its_third_week() -> None:
    steady = [80.0] * 10
    spread = math.sqrt(noise_after(12) + 1)
    second, third = held([*steady, 40.0, 40.0]), held([*steady, 40.0, 40.0, 40.0])
    assert second.believed[-1] - second.believed[0] == pytest.approx(-2.25 * math.sqrt(noise_after(11) + 1))
    assert list(third.believed[-3:] - third.believed[0]) == pytest.approx([-40.0] * 3)
    assert third.believed[-4] - third.believed[0] == pytest.approx(-40 + 2.25 * spread)
    assert third.limited[-1] > third.believed[-1]


def test_two_weeks_of_incidents_are_not_believed() -> None:
    found = held([*[80.0] * 10, 40.0, 40.0, 80.0])
    assert found.believed[-4:].mean() > found.believed[0] - 2.25 * math.sqrt(noise_after(12) + 1) / 2 - 1
