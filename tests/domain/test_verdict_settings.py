from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.sensitivity import TABLE
from bau_tracker.domain.verdict_settings import (
    SENSITIVITIES,
    VERDICT_SETTINGS,
    VerdictSettings,
    clash_words,
    false_alarm_words,
    measured_words,
    read_verdict_settings,
    rota_words,
    sensitivity_words,
)
from bau_tracker.domain.verdicts import DEFAULTS, Thresholds

NOTHING = VerdictSettings()


def test_everything_that_can_be_set_is_a_threshold() -> None:
    assert set(VERDICT_SETTINGS) < {field.name for field in fields(Thresholds)}


def test_what_nobody_decided_is_the_default() -> None:
    assert NOTHING.over() == DEFAULTS
    assert NOTHING.stored() == {}


def test_a_team_follows_its_organisation_where_it_has_decided_nothing() -> None:
    organisation = VerdictSettings(healthy=0.75, false_alarms=0.1, daily_rota=True).over()
    team = VerdictSettings(healthy=0.8, daily_rota=False)
    expected = replace(DEFAULTS, healthy=0.8, false_alarms=0.1, daily_rota=False)
    assert team.over(organisation) == expected


def test_only_what_was_decided_is_kept_and_read_back_whatever_else_stands_there() -> None:
    team = VerdictSettings(healthy=0.8, daily_rota=False)
    assert team.stored() == {"healthy": 0.8, "daily_rota": False}
    assert read_verdict_settings(team.stored() | {"unheard_of": 3}) == team


def test_an_own_level_that_equals_the_organisations_stays_the_own() -> None:
    team = VerdictSettings(healthy=0.75)
    assert team.over(VerdictSettings(healthy=0.75).over()).healthy == 0.75
    assert team.over(VerdictSettings(healthy=0.9).over()).healthy == 0.75


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("excessive", {"excessive": 0.7}),
        ("healthy", {"healthy": 0.4}),
        ("excessive", {"healthy": 0.4, "excessive": 0.4}),
        ("healthy", {"healthy": 0.0}),
        ("healthy", {"healthy": 0.705}),
        ("response_floor", {"response_floor": 1.01}),
        ("complaint_share", {"complaint_share": -0.3}),
        ("false_alarms", {"false_alarms": 0.31}),
        ("false_alarms", {"false_alarms": 0.0}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(field: str, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        VerdictSettings(**values).check()
    assert refused.value.field == field


def test_levels_are_checked_together_with_those_that_stand_above() -> None:
    above = VerdictSettings(healthy=0.9, excessive=0.8).over()
    VerdictSettings(excessive=0.85).check(above)
    with pytest.raises(InvalidInput, match="these are 80 % and 75 %"):
        VerdictSettings(healthy=0.75).check(above)


def test_an_excessive_level_over_a_healthy_one_that_moved_above_counts_as_that_and_says_so() -> None:
    team, above = VerdictSettings(excessive=0.5), VerdictSettings(healthy=0.45, excessive=0.3).over()
    assert team.over(above).excessive == 0.45
    assert "It counts as 45 %" in clash_words(team, above)
    assert clash_words(team, DEFAULTS) == ""


@pytest.mark.parametrize("percent", range(1, 101))
def test_every_whole_percentage_can_be_chosen(percent: int) -> None:
    VerdictSettings(complaint_share=percent / 100).check()


def test_the_default_sensitivity_can_be_chosen_and_each_choice_says_what_it_costs_and_brings() -> None:
    assert DEFAULTS.false_alarms in SENSITIVITIES
    words = [sensitivity_words(value) for value in SENSITIVITIES]
    assert len(set(words)) == len(SENSITIVITIES)
    assert all("of the slides are seen within 8 weeks" in said for said in words)
    for value in SENSITIVITIES:
        VerdictSettings(false_alarms=value).check()


def test_a_sensitivity_is_said_in_team_years() -> None:
    assert false_alarm_words(0.3) == "about one false alarm in 3 team-years"
    assert false_alarm_words(0.1) == "about one false alarm in 10 team-years"
    least, most = (f"{row.within_8 * 100:.0f}" for row in (TABLE[-1], TABLE[0]))
    said = measured_words(0.1)
    assert said.startswith("Measured on made teams: ")
    assert least < said.split()[4] < most
    assert false_alarm_words(0.15) == "about one false alarm in 7 team-years"


def test_more_false_alarms_let_more_slides_be_seen() -> None:
    shares = [int(sensitivity_words(value).split("; ")[1].split(" %")[0]) for value in SENSITIVITIES]
    assert shares == sorted(shares, reverse=True)


def test_a_daily_rota_says_what_it_does_to_the_lines_of_this_team() -> None:
    six = rota_words(6, replace(DEFAULTS, healthy=0.9))
    assert "With the 6 people asked in the next week it leaves 83 %" in six
    assert "so 83 %, and BAU is excessive under 50 %." in six
    assert "so 50 %, and BAU is excessive under 40 %." in rota_words(2, DEFAULTS)
    assert "With the 1 person asked" in rota_words(1, DEFAULTS)
    assert rota_words(0, DEFAULTS) == ""
