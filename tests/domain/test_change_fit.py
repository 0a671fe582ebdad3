from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bau_tracker.domain.change_fit import Change, fit_change
from bau_tracker.domain.like_for_like import Floats


def fit(weeks: list[float], covariance: Floats | None = None, places: list[int] | None = None) -> Change | None:
    """Fit successive weeks, whose noise is of variance 1 unless given."""
    given_places = np.arange(len(weeks)) if places is None else np.array(places)
    noise = np.eye(len(weeks)) if covariance is None else covariance
    return fit_change(np.array(weeks), noise, given_places.astype(float))


def fall(weeks: list[float], covariance: Floats | None = None, places: list[int] | None = None) -> Change:
    """Fit weeks that fell."""
    change = fit(weeks, covariance, places)
    assert change is not None
    return change


def test_an_exact_step_is_found_with_its_interval_as_worked_out_by_hand() -> None:
    # A mean of 8 weeks less one of 4: variance 1/8 + 1/4 = 3/8.
    change = fall([80.0] * 8 + [70.0] * 4)
    assert change.onset == 8
    assert change.size == pytest.approx(10)
    assert change.fitted == pytest.approx([80.0] * 8 + [70.0] * 4)
    assert (change.low, change.high) == pytest.approx((10 - 1.96 * math.sqrt(3 / 8), 10 + 1.96 * math.sqrt(3 / 8)))


def test_an_exact_ramp_is_found_with_its_interval_as_worked_out_by_hand() -> None:
    # g = 1/4, 1/2, 3/4, 1 after eight 0: sum g^2 - (sum g)^2 / 12 = 1.875 - 6.25 / 12 = 65 / 48.
    change = fall([80.0] * 8 + [78.0, 76.0, 74.0, 72.0])
    assert change.onset == 8
    assert change.size == pytest.approx(8)
    assert change.fitted == pytest.approx([80.0] * 8 + [78.0, 76.0, 74.0, 72.0])
    assert change.high - change.size == pytest.approx(1.96 / math.sqrt(65 / 48))
    assert change.size - change.low == pytest.approx(change.high - change.size)


def test_a_ramp_goes_by_the_calendar_where_weeks_are_missing() -> None:
    change = fall([80.0] * 4 + [78.0, 72.0, 70.0], places=[0, 1, 2, 3, 4, 7, 8])
    assert change.onset == 4
    assert change.size == pytest.approx(10)
    assert change.fitted == pytest.approx([80.0] * 4 + [78.0, 72.0, 70.0])


def test_a_step_after_a_gap_begins_with_the_week_after_it() -> None:
    assert fall([80.0] * 6 + [60.0] * 3, places=[0, 1, 2, 3, 4, 5, 9, 10, 11]).onset == 6


def test_the_first_three_weeks_are_no_onset() -> None:
    assert fall([80.0] * 2 + [70.0] * 8).onset == 3
    assert fall([80.0] * 3 + [70.0] * 8).onset == 3
    assert fall([80.0] * 4 + [70.0] * 8).onset == 4
    assert fit([80.0, 70.0, 60.0]) is None
    assert fall([80.0, 80.0, 80.0, 60.0]).onset == 3


def test_a_fall_is_looked_for_in_the_newest_half_year() -> None:
    assert fall([80.0] * 4 + [70.0] * 26).onset == 4
    late = fall([80.0] * 4 + [70.0] * 27)
    assert late.onset == 5
    assert late.size < 10


@pytest.mark.parametrize("weeks", [[70.0] * 8 + [80.0] * 4, [70.0 + week for week in range(12)]])
def test_a_rise_is_no_fall(weeks: list[float]) -> None:
    assert fit(weeks) is None


def test_weeks_that_chance_shares_tell_less_of_a_step() -> None:
    # What all weeks share cancels out of a difference; what lasts from week to week does not.
    weeks = [80.0] * 8 + [70.0] * 4
    plain, shared = fall(weeks), fall(weeks, np.eye(12) + 50.0)
    assert (shared.low, shared.high) == pytest.approx((plain.low, plain.high))
    lasting = fall(weeks, 0.5 ** np.abs(np.subtract.outer(np.arange(12), np.arange(12))))
    assert lasting.size == pytest.approx(10)
    assert lasting.low < plain.low - 0.25


def test_a_week_that_is_hardly_known_counts_hardly() -> None:
    weeks, unsure = [80.0] * 6 + [40.0] + [80.0] * 2 + [70.0] * 4, np.eye(13)
    unsure[6, 6] = 1e6
    change = fall(weeks, unsure)
    assert change.onset == 9
    assert change.size == pytest.approx(10, abs=0.01)


def plain_gain(weeks: Floats, covariance: Floats, template: Floats) -> tuple[float, float]:
    """Give what generalised least squares find for one template: (size, gain in log-likelihood)."""
    inverse = np.linalg.inv(covariance)
    design = np.column_stack([np.ones(len(weeks)), -template])
    solution = np.linalg.solve(design.T @ inverse @ design, design.T @ inverse @ weeks)
    mean = (np.ones(len(weeks)) @ inverse @ weeks) / inverse.sum()
    alone, both = weeks - mean, weeks - design @ solution
    return float(solution[1]), float(alone @ inverse @ alone - both @ inverse @ both) / 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 100).map(float), min_size=4, max_size=9), st.sampled_from([0.0, 0.5, 0.9]))
def test_the_likeliest_template_is_kept(weeks: list[float], lasting: float) -> None:
    places = np.arange(len(weeks))
    covariance = 9.0 * lasting ** np.abs(np.subtract.outer(places, places)) + np.eye(len(weeks))
    steps = [(places >= onset).astype(float) for onset in range(3, len(weeks))]
    ramps = [np.clip(places - onset + 1, 0, None) / (len(weeks) - onset) for onset in range(3, len(weeks))]
    found = [plain_gain(np.array(weeks), covariance, template) for template in steps + ramps]
    best = max((gain for size, gain in found if size > 1e-9), default=None)
    change = fit(weeks, covariance)
    if change is None or change.size < 1e-9:
        assert best is None
        return
    assert best is not None
    inverse = np.linalg.inv(covariance)
    mean = (np.ones(len(weeks)) @ inverse @ np.array(weeks)) / inverse.sum()
    before, after = np.array(weeks) - mean, np.array(weeks) - change.fitted
    assert (before @ inverse @ before - after @ inverse @ after) / 2 == pytest.approx(best, abs=1e-6)
    assert any(size == pytest.approx(change.size) and gain == pytest.approx(best, abs=1e-6) for size, gain in found)
    assert change.fitted[0] - change.fitted[-1] == pytest.approx(change.size)


def test_the_interval_of_a_clear_fall_holds_the_truth_19_times_in_20() -> None:
    generator, places = np.random.default_rng(4), np.arange(24)
    covariance = 12.0 * 0.3 ** np.abs(np.subtract.outer(places, places)) + 20 * np.eye(24) + 30.0
    root = np.linalg.cholesky(covariance)
    for template in ((places >= 14).astype(float), np.clip(places - 13, 0, None) / 10):
        held = []
        for _ in range(300):
            change = fall(list(80 - 40 * template + root @ generator.normal(size=24)), covariance)
            held.append(change.low <= 40 <= change.high)
        assert 0.9 <= np.mean(held) <= 0.985
