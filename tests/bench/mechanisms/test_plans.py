from __future__ import annotations

import numpy as np
import pytest

from tests.bench.mechanisms.plans import CHANGING, SCENARIOS, STEADY, Plan, draw_plan, without_growth


def plans(scenario: str) -> list[Plan]:
    return [draw_plan(scenario, np.random.default_rng(seed)) for seed in range(20)]


@pytest.mark.parametrize("scenario", STEADY)
def test_the_work_of_a_steady_team_does_not_grow(scenario: str) -> None:
    for plan in plans(scenario):
        assert (plan.slide, plan.recovery) == (None, None)
        assert plan.weeks in {52, 78, 104, 150}
        assert not plan.growth.incidents.any()
        assert not plan.growth.defects.any()
        assert not plan.growth.alerts.any()


@pytest.mark.parametrize("scenario", CHANGING)
def test_work_grows_from_the_onset_on_to_the_points_of_the_slide(scenario: str) -> None:
    for plan in plans(scenario):
        assert plan.slide is not None
        total = plan.growth.incidents + plan.growth.defects + plan.growth.alerts
        assert not total[: plan.slide.onset].any()
        assert total[plan.slide.onset] > 0
        assert (np.diff(total[plan.slide.onset - 1 : plan.slide.end + 1]) > 0).all()
        assert total[plan.slide.end] == pytest.approx(plan.slide.points / 100)
        assert 10 <= plan.slide.points <= 22
        if scenario != "grow_recover":
            assert total[-1] == total[plan.slide.end]


@pytest.mark.parametrize("scenario", ["takeover", "alerts_step"])
def test_a_step_takes_one_week(scenario: str) -> None:
    assert all(plan.slide and plan.slide.onset == plan.slide.end for plan in plans(scenario))


def test_a_recovery_ends_all_that_grew() -> None:
    for plan in plans("grow_recover"):
        assert plan.slide is not None
        assert plan.recovery is not None
        assert plan.growth.incidents[plan.recovery.start - 1] == pytest.approx(plan.slide.points / 100)
        assert plan.growth.incidents[plan.recovery.start] < plan.slide.points / 100
        assert not plan.growth.incidents[plan.recovery.end :].any()
        assert plan.weeks > plan.recovery.end + 20


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_tiny_teams_have_three_or_four_members_and_others_more(scenario: str) -> None:
    least, most = (3, 4) if scenario.startswith("tiny") else (4, 11)
    assert all(least <= plan.members <= most for plan in plans(scenario))


def test_a_team_without_growth_is_the_same_otherwise() -> None:
    (plan, *_) = plans("takeover")
    steady = without_growth(plan)
    assert (steady.demand, steady.slide, steady.mondays) == (plan.demand, plan.slide, plan.mondays)
    assert not steady.growth.incidents.any()


def test_weeks_begin_on_mondays_one_after_the_other() -> None:
    (plan, *_) = plans("calm")
    assert len(plan.mondays) == plan.weeks
    assert {monday.weekday() for monday in plan.mondays} == {0}
    assert {(later - earlier).days for earlier, later in zip(plan.mondays, plan.mondays[1:], strict=False)} == {7}
