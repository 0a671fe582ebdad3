from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.bench.mechanisms.people import Habit, Person, draw_people
from tests.bench.mechanisms.plans import SCENARIOS, Plan, draw_plan


def teams(scenario: str, count: int = 20) -> Iterator[tuple[Plan, tuple[Person, ...]]]:
    for seed in range(count):
        rng = np.random.default_rng(seed)
        plan = draw_plan(scenario, rng)
        yield plan, draw_people(plan, rng)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_team_begins_with_its_members_who_have_names_of_their_own(scenario: str) -> None:
    for plan, people in teams(scenario):
        assert sum(one.joined == 0 for one in people) == plan.members
        assert len({one.name for one in people}) == len(people)
        assert all(one.joined < one.left <= plan.weeks for one in people if one.joined < plan.weeks)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_first_members_together_have_as_many_odd_jobs_as_usual(scenario: str) -> None:
    for _, people in teams(scenario):
        founders = [one for one in people if one.joined == 0]
        together = sum(one.weight * one.hours for one in founders) / sum(one.hours for one in founders)
        assert together == pytest.approx(1)


def test_newcomers_start_slowly() -> None:
    for _, people in teams("newcomers"):
        assert sum(one.starts_slowly and one.joined >= 15 for one in people) >= 2


@pytest.mark.parametrize(("scenario", "rank"), [("leavers", 0), ("masked", -1)])
def test_who_leaves_has_most_planned_work_or_least_where_that_masks_a_slide(scenario: str, rank: int) -> None:
    for plan, people in teams(scenario):
        (leaver,) = (one for one in people if one.left < plan.weeks)
        founders = [one for one in people if one.joined == 0]
        assert leaver is sorted(founders, key=lambda one: one.weight)[rank]
        assert people[-1].joined in range(leaver.left, leaver.left + 4)
        if plan.slide:
            assert plan.slide.onset - 2 <= leaver.left <= plan.slide.onset + 5


def test_people_come_and_go_by_chance_except_in_tiny_teams() -> None:
    steady = list(teams("calm", 60))
    left = sum(one.left < plan.weeks for plan, people in steady for one in people)
    years = sum((one.left - one.joined) / 52 for _, people in steady for one in people)
    assert 0.08 < left / years < 0.22
    assert any(one.joined for _, people in steady for one in people)
    assert all(one.left == plan.weeks for plan, people in teams("tiny") if plan.members == 3 for one in people)


def test_people_have_habits_of_all_kinds() -> None:
    everybody = [one for _, people in teams("calm", 60) for one in people]
    assert {one.habit for one in everybody} == set(Habit)
    assert {one.grid for one in everybody} == {1, 5, 10, 25}
    assert all(one.grid >= 10 for one in everybody if one.habit is Habit.ROUND)
