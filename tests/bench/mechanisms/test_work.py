from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.bench.mechanisms.people import Person, draw_people
from tests.bench.mechanisms.plans import Plan, draw_plan, without_growth
from tests.bench.mechanisms.work import Work, contract_hours, draw_work, on_call, presence, share_out

FULL = np.array([40.0, 40.0, 40.0, 40.0])


def team(scenario: str, seed: int = 1) -> tuple[Plan, tuple[Person, ...]]:
    rng = np.random.default_rng(seed)
    plan = draw_plan(scenario, rng)
    return plan, draw_people(plan, rng)


def work_of(plan: Plan, people: tuple[Person, ...], seed: int = 1) -> Work:
    return draw_work(plan, people, np.random.default_rng(seed), np.random.default_rng(seed + 1))


def test_being_on_call_goes_round_those_who_are_in_the_team() -> None:
    here = np.ones((4, 9), dtype=bool)
    here[1, 4:] = False
    assert [on_call(here, week, 1).tolist() for week in range(8)] == [[0], [1], [2], [3], [2], [3], [0], [2]]
    assert [on_call(here, week, 2).tolist() for week in range(3)] == [[0, 1], [1, 2], [2, 3]]
    assert on_call(here[:1], 5, 2).tolist() == [0]


@pytest.mark.parametrize(
    ("load", "called", "hours", "landed"),
    [
        (10, [1], [40, 40, 40, 40], [0, 10, 0, 0]),
        (10, [1, 2], [40, 40, 40, 40], [0, 5, 5, 0]),
        (51, [1], [40, 40, 40, 40], [5, 36, 5, 5]),
        (10, [1], [40, 0, 40, 40], [10 / 3, 0, 10 / 3, 10 / 3]),
        (10, [1], [40, 8, 0, 40], [5, 0, 0, 5]),
        (500, [0], [40, 40, 0, 20], [36, 24, 0, 12]),
        (10, [1], [8, 0, 0, 4], [0, 0, 0, 0]),
        (0, [1], [40, 40, 40, 40], [0, 0, 0, 0]),
    ],
)
def test_incidents_land_on_who_is_on_call_and_what_is_too_much_on_the_others(
    load: float, called: list[int], hours: list[float], landed: list[float]
) -> None:
    assert share_out(load, np.array(called), np.array(hours, dtype=float)).tolist() == pytest.approx(landed)


def test_in_a_rota_of_one_most_incident_hours_are_of_the_person_whose_week_it_is() -> None:
    plan, people = team("rota")
    work, here = work_of(plan, people), presence(plan, people)
    of_the_called = sum(work.incidents[on_call(here, week, 1)[0], week] for week in range(plan.weeks))
    assert plan.demand.on_call == 1
    assert of_the_called > 0.7 * work.incidents.sum()


def test_nobody_works_before_joining_or_after_leaving_and_leave_shortens_weeks() -> None:
    plan, people = team("leavers")
    work, here = work_of(plan, people), presence(plan, people)
    assert not work.hours[~here].any()
    assert not work.unplanned[~here].any()
    whole = (here * contract_hours(people)[:, np.newaxis]).sum()
    assert 0.80 * whole < work.hours.sum() < 0.97 * whole


@pytest.mark.parametrize(("source", "share"), [("incidents", "incidents"), ("defects", "defects")])
def test_over_the_years_a_source_takes_the_share_of_hours_that_it_should(source: str, share: str) -> None:
    wanted = found = 0.0
    for seed in range(30):
        plan, people = team("calm", seed)
        wanted += getattr(plan.demand, share) * float((contract_hours(people) @ presence(plan, people)).sum())
        found += float(getattr(work_of(plan, people, seed), source).sum())
    assert found == pytest.approx(wanted, rel=0.12)


def test_storms_bring_more_incidents() -> None:
    plan, people = team("calm")
    always = replace(plan, demand=replace(plan.demand, storm_chance=1.0))
    assert work_of(always, people).incidents.sum() > 2 * work_of(plan, people).incidents.sum()


def test_the_end_of_a_quarter_takes_hours_of_everybody() -> None:
    plan, people = team("quarter_release")
    usual = replace(plan, demand=replace(plan.demand, quarter_release=False))
    more = work_of(plan, people).upkeep - work_of(usual, people).upkeep
    ends = np.array([monday.month in {3, 6, 9, 12} and monday.day > 14 for monday in plan.mondays])
    assert not more[:, ~ends].any()
    assert more[:, ends].sum() == pytest.approx(0.12 * work_of(plan, people).hours[:, ends].sum())


@pytest.mark.parametrize("scenario", ["incidents_grow", "defects_grow", "takeover", "alerts_step"])
def test_what_a_slide_adds_changes_nothing_before_it(scenario: str) -> None:
    plan, people = team(scenario)
    assert plan.slide is not None
    grown, steady = work_of(plan, people), work_of(without_growth(plan), people)
    onset = plan.slide.onset
    assert (grown.unplanned[:, :onset] == steady.unplanned[:, :onset]).all()
    more = (grown.unplanned - steady.unplanned)[:, plan.slide.end :].sum() / steady.hours[:, plan.slide.end :].sum()
    assert more == pytest.approx(plan.slide.points / 100, rel=0.3)


def test_defects_that_are_not_worked_off_stay_in_the_backlog() -> None:
    plan, people = team("defects_grow")
    flood = replace(plan, demand=replace(plan.demand, defects=3.0))
    work = work_of(flood, people)
    worked = work.hours[:, 10:]
    assert work.defects[:, 10:] == pytest.approx(0.5 * worked)
