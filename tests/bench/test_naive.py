from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.bench.examples import make_case
from tests.bench.naive import RULES, Means, regression, spreadsheet, weekly_means, xmr

UP_AND_DOWN = [79.0, 81.0] * 6


def test_a_week_counts_every_answer_alike() -> None:
    case = make_case([80, None, 60], members="ab")
    more = replace(case.responses[0], hours=4.0, planned_share=0.2)
    assert weekly_means(replace(case, responses=(more, *case.responses[1:]))) == [50, None, 60]


@pytest.mark.parametrize(("newest", "state"), [(75, "sliding"), (75.1, "healthy"), (85, "healthy")])
def test_the_spreadsheet_slides_when_four_weeks_are_five_points_under_the_four_before(
    newest: float, state: str
) -> None:
    assert spreadsheet([80.0] * 4 + [newest] * 4) == ["not_enough_data"] * 7 + [state]


def test_the_spreadsheet_passes_over_weeks_without_answers() -> None:
    states = spreadsheet([80, 80, None, 80, 80, 70, 70, None, 70, 70, None])
    assert states[-2:] == ["sliding", "sliding"]


@pytest.mark.parametrize(
    ("means", "state"),
    [
        ([80, 79, 78, 77, 76, 75, 74, 73], "sliding"),
        ([80, 77, 80, 76, 78, 73, 76, 72], "sliding"),  # t = -3.23
        ([80, 76, 80, 75, 78, 72, 77, 71], "healthy"),  # t = -2.31, of which only one side is under 5 %
        ([80, 72, 82, 73, 81, 71, 80, 73], "healthy"),
        ([73, 74, 75, 76, 77, 78, 79, 80], "healthy"),
        ([80, 80, 80, 80, 80, 80, 80, 80], "healthy"),
    ],
)
def test_the_regression_slides_when_the_line_through_eight_weeks_surely_falls(means: list[float], state: str) -> None:
    assert regression(means) == ["not_enough_data"] * 7 + [state]


def test_the_regression_forgets_what_is_older_than_eight_weeks() -> None:
    assert regression([95.0] * 8 + UP_AND_DOWN)[-1] == "healthy"


@pytest.mark.parametrize(
    ("newest", "state"),
    [
        ([74], "sliding"),
        ([75], "healthy"),
        ([75, 79, 75], "sliding"),
        ([75, 79, 79, 75], "healthy"),
        ([77.5, 77.5, 81, 77.5, 77.5], "sliding"),
        ([77.5, 81, 81, 77.5, 77.5], "healthy"),
        ([79.5, 79, 79.5, 79, 79.5, 79, 79, 79], "sliding"),
        ([86, 86, 86], "healthy"),
    ],
)
def test_the_chart_slides_when_the_newest_weeks_break_a_rule_downwards(newest: list[float], state: str) -> None:
    assert xmr([*UP_AND_DOWN, *newest])[-1] == state


def test_the_chart_begins_after_five_weeks() -> None:
    assert xmr(UP_AND_DOWN[:6]) == ["not_enough_data"] * 5 + ["healthy"]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_knows_no_later_weeks_and_takes_any_series(rule: Callable[[Means], list[str]]) -> None:
    means = [80.0] * 10 + [None, 70, 71, 69, 90, None, None, 65, 64, 30, 0, 0, 0]
    states = rule(means)
    assert [rule(means[:week])[-1] for week in range(1, len(means) + 1)] == states
    assert rule([]) == []
    assert rule([None, None]) == ["not_enough_data"] * 2
