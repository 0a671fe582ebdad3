from __future__ import annotations

from dataclasses import fields, replace
from datetime import time
from typing import Any

import pytest

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.surveys import Step
from bau_tracker.domain.team_settings import (
    SETTINGS,
    TeamSettings,
    default_of,
    moment_words,
    setting_words,
    thresholds_of,
)
from bau_tracker.domain.trends import DEFAULTS
from bau_tracker.domain.weeks import DayTime, Schedule

USUAL = TeamSettings("Payments")


def test_every_setting_has_words_and_says_where_its_default_comes_from() -> None:
    assert [field.name for field in fields(TeamSettings)] == [
        "name", "timezone", "hours_per_week", "step", "holidays", "opens", "due", "reminder", "freezes", "time_split",
        "comments", "shows_missing", "healthy", "excessive", "complaint_share", "response_floor",
    ]  # fmt: skip
    assert set(SETTINGS) == {field.name for field in fields(TeamSettings)}
    assert all(words.source for name, words in SETTINGS.items() if name != "name")


def test_the_defaults_are_those_of_the_domain() -> None:
    assert USUAL.week_rules().times == Schedule.constant(USUAL.week_rules().times.zone).versions[0][1]
    assert USUAL.stored_thresholds() == {}
    assert thresholds_of({}) == DEFAULTS


def test_only_thresholds_that_differ_are_kept_and_read_back() -> None:
    stored = replace(USUAL, healthy=0.8).stored_thresholds()
    assert stored == {"healthy": 0.8}
    assert thresholds_of(stored) == replace(DEFAULTS, healthy=0.8)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("excessive", {"excessive": 0.7}),
        ("excessive", {"healthy": 0.4}),
        ("healthy", {"healthy": 0.0}),
        ("response_floor", {"response_floor": 1.01}),
        ("complaint_share", {"complaint_share": 0.0}),
    ],
)
def test_levels_that_cannot_be_are_refused_at_their_field(field: str, values: dict[str, float]) -> None:
    differing: dict[str, Any] = dict(values)
    with pytest.raises(InvalidInput) as refused:
        replace(USUAL, **differing).stored_thresholds()
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("time_split", {"time_split": 2}),
        ("comments", {"comments": 2}),
        ("timezone", {"timezone": "Mars/Olympus"}),
        ("due", {"due": DayTime(4, time(8))}),
        ("freezes", {"freezes": DayTime(14, time(9))}),
    ],
)
def test_rules_that_cannot_be_are_refused_at_their_field(field: str, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        replace(USUAL, **values).week_rules()
    assert refused.value.field == field


def test_values_are_written_as_people_say_them() -> None:
    assert setting_words("healthy", 0.7) == "70 %"
    assert setting_words("complaint_share", default_of("complaint_share")) == "33 %"
    assert setting_words("hours_per_week", 37.5) == "37.5"
    assert setting_words("step", Step.PERCENT) == "steps of 5 %"
    assert setting_words("shows_missing", value=False) == "no"
    assert setting_words("holidays", "") == "none"
    assert moment_words(DayTime(4, time(9))) == "Friday, 09:00"
    assert moment_words(DayTime(9, time(12))) == "Wednesday after, 12:00"
    assert moment_words(DayTime(14, time(8, 30))) == "Monday a week after, 08:30"
