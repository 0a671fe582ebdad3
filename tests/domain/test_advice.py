from __future__ import annotations

from datetime import date

import pytest

from bau_tracker.domain.advice import advise, first_help
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import CHIPS, Cause, Chip
from bau_tracker.domain.weeks import Week

MONDAY = Week(date(2026, 11, 16))


def week(**chips: int) -> WeekTotals:
    return WeekTotals(MONDAY, chips={Chip(name): count for name, count in chips.items()})


def test_no_complaints_need_no_advice() -> None:
    assert advise([]) == []
    assert advise([WeekTotals(MONDAY), week(alerts=0)]) == []


def test_complaints_of_several_weeks_add_up_to_causes_the_most_named_first() -> None:
    first, second = advise([week(alerts=2, deployments=3), week(alerts=1, diagnosis=4)])
    assert (first.cause, first.ticks) == (Cause.MANUAL_TELEMETRY, 7)
    assert first.complaints == ((Chip.DIAGNOSIS, 4), (Chip.ALERTS, 3))
    assert (second.cause, second.ticks) == (Cause.MANUAL_DEPLOYMENTS, 3)


@pytest.mark.parametrize(
    ("chip", "practice"),
    [
        (Chip.DEPENDENCIES, "Rearchitect for adaptability"),
        (Chip.ENVIRONMENTS, "Fully automate the deployment pipeline"),
        (Chip.ALERTS, "Automate the telemetry toolchain"),
        (Chip.INTERRUPTIONS, "Treat unplanned work as planned work"),
    ],
)
def test_each_cause_comes_with_the_practice_that_removes_it(chip: Chip, practice: str) -> None:
    (advice,) = advise([week(**{chip.value: 1})])
    assert advice.practice.label == practice
    assert advice.practice.steps
    assert advice.practice.lag
    assert advice.cause_label


@pytest.mark.parametrize("chip", list(Chip))
def test_whatever_is_named_there_is_advice(chip: Chip) -> None:
    (advice,) = advise([week(**{chip.value: 1})])
    assert advice.cause is CHIPS[chip].cause


def test_what_helps_first_is_one_practice_with_its_first_step() -> None:
    assert first_help([]) == ""
    assert first_help([week(alerts=2, deployments=3)]).startswith(
        "What helps: fully automate the deployment pipeline. "
    )
