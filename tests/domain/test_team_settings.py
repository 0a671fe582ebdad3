from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

import pytest

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.surveys import Step
from bau_tracker.domain.team_settings import (
    SETTINGS,
    TeamSettings,
    decision_words,
    default_of,
    differing_words,
    moment_words,
    origin_words,
    setting_words,
)
from bau_tracker.domain.verdict_settings import VERDICT_SETTINGS
from bau_tracker.domain.verdicts import DEFAULTS
from bau_tracker.domain.weeks import DayTime, Schedule

USUAL = TeamSettings("Payments")


def test_every_setting_has_words_and_says_where_its_default_comes_from() -> None:
    assert list(USUAL.values()) == [
        "name", "timezone", "hours_per_week", "step", "holidays", "opens", "due", "reminder", "freezes", "time_split",
        "comments", "shows_missing", "healthy", "excessive", "complaint_share", "response_floor", "false_alarms",
        "daily_rota",
    ]  # fmt: skip
    assert list(SETTINGS) == list(USUAL.values())
    assert all(words.source for name, words in SETTINGS.items() if name != "name")


def test_the_defaults_are_those_of_the_domain_and_of_verdicts_a_team_decides_nothing() -> None:
    assert USUAL.week_rules().times == Schedule.constant(USUAL.week_rules().times.zone).versions[0][1]
    assert {USUAL.values()[name] for name in VERDICT_SETTINGS} == {None}
    assert USUAL.verdicts.over() == DEFAULTS
    assert {default_of(name) for name in VERDICT_SETTINGS} == {getattr(DEFAULTS, name) for name in VERDICT_SETTINGS}


def test_a_setting_says_whether_it_follows_and_how_to_follow_again() -> None:
    organisation = replace(DEFAULTS, healthy=0.75)
    origin = {
        "follows the default": origin_words("excessive", None, organisation, of_team=True),
        "follows the organisation": origin_words("healthy", None, organisation, of_team=True),
        "own": origin_words("healthy", 0.8, organisation, of_team=True),
        "own choice": origin_words("daily_rota", True, organisation, of_team=True),
        "the organisation's": origin_words("healthy", 0.75, DEFAULTS, of_team=False),
        "default": origin_words("healthy", None, DEFAULTS, of_team=False),
    }
    assert origin["follows the default"].startswith("Follows the organisation: 50 %, the default (Google's SRE teams")
    assert origin["follows the organisation"].startswith("Follows the organisation: 75 %. Default: 70 % (high")
    assert origin["own"] == "The team's own. The organisation has 75 %. Empty the field to follow it."
    assert origin["own choice"] == "The team's own. The organisation has no. Choose the first line to follow it."
    assert origin["the organisation's"].startswith("Your organisation's own. Default: 70 % (high performers")
    assert origin["default"].startswith("Default: 70 % (high performers")


def test_a_change_of_a_decision_names_whose_value_it_was_and_is() -> None:
    said = [
        decision_words("healthy", before, after, DEFAULTS, "the default")
        for before, after in ((None, 0.8), (0.8, None))
    ]
    assert said == [
        "changed the healthy level from 70 % (the default) to 80 %.",
        "changed the healthy level from 80 % to 70 % (the default).",
    ]
    assert decision_words("daily_rota", None, True, DEFAULTS, "the organisation's") == (
        "changed the daily rota from no (the organisation's) to yes."
    )


def test_settings_that_differ_are_listed_with_both_values() -> None:
    assert differing_words(DEFAULTS, replace(DEFAULTS, healthy=0.8, daily_rota=True)) == [
        ("Healthy from", "70 %", "80 %"),
        ("One person a day does unplanned work", "no", "yes"),
    ]


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
    assert setting_words("false_alarms", 0.1) == "about one false alarm in 10 team-years"
    assert setting_words("holidays", "") == "none"
    assert moment_words(DayTime(4, time(9))) == "Friday, 09:00"
    assert moment_words(DayTime(9, time(12))) == "Wednesday after, 12:00"
    assert moment_words(DayTime(14, time(8, 30))) == "Monday a week after, 08:30"
