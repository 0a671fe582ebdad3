from __future__ import annotations

import pytest

from bau_tracker.charts.drawn import Drawn
from bau_tracker.domain.verdicts import DefinitionBreak, Fall, State, Thresholds, Verdict
from tests.charts.weeks import FIRST, make_series, make_week

FALL = Fall(FIRST, 0.2, 0.1, 0.3)


def test_weeks_that_were_left_out_are_put_back() -> None:
    assert [totals.respondents for totals in Drawn([make_week(0), make_week(2)]).weeks] == [5, 0, 5]


@pytest.mark.parametrize(
    ("state", "fall"),
    [(State.SLIDING, FALL), (State.RECOVERING, FALL), (State.WATCH, None), (State.HEALTHY, None)],
)
def test_a_fall_is_drawn_while_a_team_slides_or_recovers(state: State, fall: Fall | None) -> None:
    assert Drawn([], [Verdict(FIRST, state, fall=FALL)]).fall == fall


def test_the_healthy_line_is_the_teams_own_unless_a_daily_rota_caps_it() -> None:
    verdict = Verdict(FIRST, State.HEALTHY, planned_share=0.7, healthy_line=0.67)
    assert Drawn([], [verdict], Thresholds(healthy=0.75)).healthy == 0.75
    assert Drawn([], [verdict], Thresholds(healthy=0.75, daily_rota=True)).healthy == 0.67
    assert Drawn([], [], Thresholds(healthy=0.75, daily_rota=True)).healthy == 0.75


def test_other_questions_count_from_the_second_week_on() -> None:
    breaks = [DefinitionBreak(FIRST.shift(number), "others") for number in (0, 1, 5)]
    assert Drawn(make_series(0.8, 0.8), breaks=breaks).broken_at == [FIRST.shift(1)]


def test_a_week_that_few_answered_is_hollow() -> None:
    drawn = Drawn([])
    assert drawn.is_hollow(make_week(0, respondents=4))
    assert not drawn.is_hollow(make_week(0, respondents=5))
