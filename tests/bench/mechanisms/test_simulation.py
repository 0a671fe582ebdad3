from __future__ import annotations

import numpy as np
import pytest

from tests.bench.cases import Case
from tests.bench.mechanisms.plans import CHANGING, SCENARIOS, STEADY
from tests.bench.mechanisms.simulation import simulate, simulate_team


def test_a_team_depends_on_nothing_but_its_scenario_number_and_seed() -> None:
    among_others = {case.team: case for case in simulate(3, 2, ["calm", "masked"])}
    assert list(among_others) == ["calm-000", "calm-001", "masked-000", "masked-001"]
    assert among_others["masked-001"] == simulate_team("masked", 1, 3)
    assert among_others["masked-001"].responses != simulate_team("masked", 1, 4).responses
    assert among_others["masked-001"].responses != among_others["masked-000"].responses


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_answers_are_of_members_within_the_weeks_and_once_each(scenario: str) -> None:
    case = simulate_team(scenario, 0, 1)
    there = {entry.member: (entry.joined_week, entry.left_week or case.truth.weeks) for entry in case.roster}
    keys = [(answer.week, answer.member) for answer in case.responses]
    assert keys == sorted(set(keys))
    for answer in case.responses:
        joined, left = there[answer.member]
        assert joined <= answer.week < left
        assert 0 <= answer.planned_share <= 1
        assert 4 <= answer.hours <= 40
    assert len(case.truth.levels) == case.truth.weeks
    assert (case.truth.slide is not None) == (scenario in CHANGING)


def falls(scenario: str, teams: int = 8) -> tuple[float, float]:
    """Say how many points the same people say they fell after a slide, and how many are true."""
    said, true = [], []
    for number in range(teams):
        grown, steady = simulate_team(scenario, number, 1), simulate_team(scenario, number, 1, grows=False)
        assert grown.truth.slide is not None
        before = grown.truth.slide.onset
        assert until(grown, before) == until(steady, before)
        assert grown.truth.levels[:before] == steady.truth.levels[:before]
        said.append(points_between(steady, grown))
        true.append(grown.truth.slide.points)
    return float(np.mean(said)), float(np.mean(true))


def until(case: Case, week: int) -> list[object]:
    return [case.roster, *(answer for answer in case.responses if answer.week < week)]


def points_between(steady: Case, grown: Case) -> float:
    """Compare the answers that the same people gave in the same weeks between the end of a slide and a recovery."""
    assert grown.truth.slide is not None
    last = grown.truth.recovery.start if grown.truth.recovery else grown.truth.weeks
    had_been = {(answer.member, answer.week): answer.planned_share for answer in steady.responses}
    return 100 * float(
        np.mean(
            [
                had_been[answer.member, answer.week] - answer.planned_share
                for answer in grown.responses
                if grown.truth.slide.end <= answer.week < last and (answer.member, answer.week) in had_been
            ]
        )
    )


@pytest.mark.parametrize("scenario", CHANGING)
def test_before_a_slide_nothing_differs_and_after_it_the_same_people_fall_by_its_points(scenario: str) -> None:
    said, true = falls(scenario)
    assert 0.75 * true < said < 1.1 * true


@pytest.mark.parametrize("scenario", CHANGING)
def test_the_true_level_falls_like_for_like_by_the_points_of_the_slide(scenario: str) -> None:
    grown, steady = simulate_team(scenario, 1, 1), simulate_team(scenario, 1, 1, grows=False)
    assert grown.truth.slide is not None
    at = grown.truth.slide.end
    level, had_been = grown.truth.levels[at], steady.truth.levels[at]
    assert level is not None
    assert had_been is not None
    assert had_been - level == pytest.approx(grown.truth.slide.points, rel=0.1)
    if grown.truth.recovery:
        end = grown.truth.recovery.end
        assert grown.truth.levels[end:] == steady.truth.levels[end:]


@pytest.mark.parametrize("scenario", STEADY)
def test_a_steady_teams_answers_lie_around_its_true_level(scenario: str) -> None:
    off = []
    for case in simulate(1, 6, [scenario]):
        said = np.average(
            [100 * each.planned_share for each in case.responses], weights=[each.hours for each in case.responses]
        )
        off.append(said - np.mean([level for level in case.truth.levels if level is not None]))
    assert abs(np.mean(off)) < 6


def test_the_true_level_of_a_steady_team_moves_only_when_somebody_comes_or_goes() -> None:
    case = simulate_team("leavers", 0, 1)
    moves = {week for week in range(1, case.truth.weeks) if case.truth.levels[week] != case.truth.levels[week - 1]}
    came_and_went = {week for entry in case.roster for week in (entry.joined_week, entry.left_week)} - {0, None}
    assert moves
    assert moves <= came_and_went
