from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bau_tracker.domain.like_for_like import (
    ANSWER_VARIANCE,
    PERSON_VARIANCE,
    PRIOR_ANSWERS,
    Effects,
    Floats,
    week_effects,
)

NAN = np.nan
FULL = 36.0

ANSWERS = np.array([[80.0, 70.0, 60.0], [60.0, 50.0, NAN]])
"""Two people and three weeks; the second left before the third."""


def full_hours(shares: Floats) -> Floats:
    return np.full(shares.shape, FULL)


def worked_example() -> Effects:
    """Estimate from ANSWERS with an answer's variance that of people, so that all weights are plain fractions."""
    return week_effects(ANSWERS, full_hours(ANSWERS), PERSON_VARIANCE)


def henderson(shares: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Solve the mixed-model equations as they stand in the books; give (weeks, people) and the inverse."""
    rows, columns = np.nonzero(~np.isnan(shares))
    people, weeks = shares.shape
    design = np.zeros((len(rows), weeks + people))
    design[np.arange(len(rows)), columns] = 1
    design[np.arange(len(rows)), weeks + rows] = 1
    weight = np.diag(weights[rows, columns])
    ridge = np.diag([0.0] * weeks + [1 / PERSON_VARIANCE] * people)
    inverse = np.linalg.inv(design.T @ weight @ design + ridge).astype(np.float64)
    return inverse @ (design.T @ weight @ shares[rows, columns]), inverse


def test_two_people_and_three_weeks_are_as_worked_out_by_hand() -> None:
    # In units of 1 / variance: D = 4 and 3, S = [[17, -7, -3], [-7, 17, -3], [-3, -3, 9]] / 12,
    # right-hand side (140 - 52.5 - 36.67, 120 - 52.5 - 36.67, 60 - 52.5).
    effects = worked_example()
    assert effects.weeks == pytest.approx([70, 60, 160 / 3])
    assert effects.people == pytest.approx([20 / 3, -20 / 3])
    assert effects.covariance / PERSON_VARIANCE == pytest.approx(
        np.array([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 5 / 3]])
    )
    assert effects.shrink == pytest.approx(np.array([[1 / 4, 1 / 4, 1 / 4], [1 / 3, 1 / 3, 0]]))
    assert effects.doubt / PERSON_VARIANCE == pytest.approx([1 / 4, 1 / 3])


def test_the_level_of_two_people_and_its_error_are_as_worked_out_by_hand() -> None:
    # u - shrink'v = (1, 1, 5) / 24, so (u - shrink'v)' C (u - shrink'v) = 164 / 1728, and sum v^2 doubt = 7 / 48.
    levels, errors = worked_example().levels(np.array([0.5, 0.5]), np.full((1, 3), 1 / 3))
    assert levels == pytest.approx([550 / 9])
    assert errors**2 == pytest.approx([PERSON_VARIANCE * 13 / 54])


def test_the_level_of_one_person_is_that_of_the_weeks_and_what_is_the_persons_own() -> None:
    levels, _ = worked_example().levels(np.array([1.0, 0.0]), np.eye(3))
    assert levels == pytest.approx([70 + 20 / 3, 60 + 20 / 3, 60])


def test_somebody_who_leaves_takes_no_level_along() -> None:
    # The plain average goes 70, 60, 60; the one who stays went down by 10 each week.
    steps = np.diff(worked_example().weeks)
    assert steps[0] == pytest.approx(-10)
    assert steps[1] == pytest.approx(-20 / 3)  # a third of the step is still taken for the leaver's level


def test_the_variance_of_an_answer_is_learned_as_worked_out_by_hand() -> None:
    # y - T is (10, 10, 6.67) and (-10, -10): from their means 1.11, 1.11, -2.22 and 0, 0.
    # 5 answers less 3 weeks, less 1 for the second person, leave 1 free.
    squares = 600 / 81
    assert worked_example().variance == pytest.approx((ANSWER_VARIANCE * PRIOR_ANSWERS + squares) / (PRIOR_ANSWERS + 1))


@pytest.mark.parametrize(("hours", "weight"), [(36.0, 1.0), (90.0, 1.0), (18.0, 0.5), (10.8, 0.3), (0.5, 0.3)])
def test_an_answer_about_fewer_hours_weighs_less_but_never_nothing(hours: float, weight: float) -> None:
    effects = week_effects(np.array([[50.0, 50.0]]), np.array([[FULL, hours]]), variance=121.0)
    precision = (1 + weight) / 121 + 1 / PERSON_VARIANCE
    assert effects.shrink[0] == pytest.approx(np.array([1, weight]) / 121 / precision)


def test_without_a_variance_the_usual_one_counts() -> None:
    usual = week_effects(ANSWERS, full_hours(ANSWERS))
    assert usual.weeks == pytest.approx(week_effects(ANSWERS, full_hours(ANSWERS), ANSWER_VARIANCE).weeks)


def test_answers_that_scatter_more_are_believed_to_scatter_more() -> None:
    scattered = np.array([[90.0, 10.0] * 20, [10.0, 90.0] * 20])
    learned = week_effects(scattered, full_hours(scattered)).variance
    assert learned == pytest.approx((ANSWER_VARIANCE * 30 + 40 * 2 * 40**2) / (30 + 39))
    half = week_effects(scattered, full_hours(scattered) / 2).variance
    assert half == pytest.approx((ANSWER_VARIANCE * 30 + 40 * 40**2) / (30 + 39))
    assert week_effects(np.full((2, 40), 70.0), np.full((2, 40), FULL)).variance == pytest.approx(121 * 30 / 69)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Floats, Floats]:
    """Draw shares and hours in which every person and every week has an answer."""
    shape = draw(st.tuples(st.integers(1, 4), st.integers(1, 6)))
    shares = draw(arrays(float, shape, elements=st.integers(0, 100).map(float)))
    missing = draw(arrays(bool, shape))
    missing[np.arange(shape[0]), np.arange(shape[0]) % shape[1]] = False
    missing[np.arange(shape[1]) % shape[0], np.arange(shape[1])] = False
    hours = draw(arrays(float, shape, elements=st.sampled_from([0.5, 18.0, 36.0, 90.0])))
    return np.where(missing, NAN, shares), hours


@settings(max_examples=50, deadline=None)
@given(tables())
def test_effects_solve_the_mixed_model_equations_and_errors_are_exact(table: tuple[Floats, Floats]) -> None:
    shares, hours = table
    people, weeks = shares.shape
    effects = week_effects(shares, hours, variance=100.0)
    solution, inverse = henderson(shares, np.clip(hours / 36, 0.3, 1) / 100)
    assert np.concatenate([effects.weeks, effects.people]) == pytest.approx(solution, abs=1e-6)
    assert effects.covariance == pytest.approx(inverse[:weeks, :weeks], abs=1e-6)
    averaging = np.vstack([np.eye(weeks), np.full((1, weeks), 1 / weeks)])
    share_of = np.arange(1.0, people + 1) / np.arange(1.0, people + 1).sum()
    both = np.column_stack([averaging, np.tile(share_of, (weeks + 1, 1))])
    levels, errors = effects.levels(share_of, averaging)
    assert levels == pytest.approx(both @ solution, abs=1e-6)
    assert errors**2 == pytest.approx(np.diag(both @ inverse @ both.T), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(tables(), st.integers(-40, 40))
def test_a_shift_of_all_answers_shifts_all_weeks_alike(table: tuple[Floats, Floats], by: int) -> None:
    shares, hours = table
    before, after = week_effects(shares, hours), week_effects(shares + by, hours)
    assert after.weeks == pytest.approx(before.weeks + by, abs=1e-6)
    assert after.people == pytest.approx(before.people, abs=1e-6)
    assert after.variance == pytest.approx(before.variance)


@settings(max_examples=30, deadline=None)
@given(arrays(float, (3, 5), elements=st.integers(20, 80).map(float)), st.integers(-20, 20))
def test_a_shift_of_somebody_who_always_answers_shifts_all_weeks_alike(shares: Floats, by: int) -> None:
    shifted = shares + np.array([[by], [0], [0]])
    before, after = week_effects(shares, full_hours(shares)), week_effects(shifted, full_hours(shares))
    assert after.weeks - before.weeks == pytest.approx(np.full(5, by / 3), abs=1e-6)
    assert after.variance == pytest.approx(before.variance)


@settings(max_examples=20, deadline=None)
@given(arrays(float, (3, 5), elements=st.integers(0, 100).map(float)), st.permutations(range(3)))
def test_the_order_of_people_does_not_matter(shares: Floats, order: list[int]) -> None:
    before, after = week_effects(shares, full_hours(shares)), week_effects(shares[order], full_hours(shares))
    assert after.weeks == pytest.approx(before.weeks)
    assert after.people == pytest.approx(before.people[order], abs=1e-9)


def test_two_groups_that_never_answer_the_same_week_leave_the_step_between_them_in_doubt() -> None:
    shares = np.array([[70.0] * 5 + [NAN] * 5, [NAN] * 5 + [40.0] * 5])
    effects = week_effects(shares, full_hours(shares), variance=100.0)
    step = np.array([[-0.2] * 5 + [0.2] * 5])
    assert effects.weeks == pytest.approx([70.0] * 5 + [40.0] * 5)
    variance = (step @ effects.covariance @ step.T).item()
    assert variance == pytest.approx(2 * (PERSON_VARIANCE + 100 / 5))


def test_a_year_of_two_hundred_people_who_hardly_scatter_is_solved_exactly() -> None:
    shares = np.where(np.arange(53) % 7 == np.arange(200)[:, None] % 7, NAN, 70.0)
    effects = week_effects(shares, full_hours(shares), variance=0.35)
    assert effects.weeks == pytest.approx(np.full(53, 70.0))
    assert np.linalg.cond(effects.covariance) < 1e6


def test_the_constants_are_the_ones_the_method_is_described_with() -> None:
    assert (PERSON_VARIANCE, ANSWER_VARIANCE, PRIOR_ANSWERS) == (40**2, 11**2, 30)
