from __future__ import annotations

import math
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bau_tracker.domain.alarms import Alarms, Reading
from bau_tracker.domain.verdicts import State

NOT, WATCH, SLIDING = State.HEALTHY, State.WATCH, State.SLIDING
RECOVERING, EXCESSIVE = State.RECOVERING, State.EXCESSIVE


def reading(z: float = 0.0, *, fall: float = 0.0, level: float = 70.0, error: float = 2.0) -> Reading:
    return Reading(z, level, error, fall)


def follow(readings: Iterable[Reading], threshold: float = 2.0, *, may_alarm: bool = True) -> list[State]:
    """Give the states of weeks that follow each other."""
    alarms = Alarms(threshold, excessive=50.0)
    return [alarms.take(one, may_alarm=may_alarm)[0] for one in readings]


def falling(*falls: float) -> list[State]:
    """Begin a slide of 20 points, and give the states of the weeks after it with these falls."""
    begin = [reading(-1.75, fall=20.0)] * 2
    states = follow([*begin, *(reading(fall=fall) for fall in falls)])
    assert states[1] is SLIDING
    return states[2:]


def test_evidence_is_an_average_of_surprises_over_its_exact_deviation_as_worked_out_by_hand() -> None:
    # Averages .2 * 1 = .2, .8 * .2 + .2 * .5 = .26, .8 * .26 - .2 * 1 = .008;
    # variances .04, .64 * .04 + .04 = .0656, .64 * .0656 + .04 = .081984.
    alarms = Alarms(2.0, excessive=50.0)
    pressures = [alarms.take(reading(z), may_alarm=True)[1] for z in (-1.0, -0.5, 1.0)]
    expected = [0.2 / 0.2 / 2, 0.26 / math.sqrt(0.0656) / 2, 0.008 / math.sqrt(0.081984) / 2]
    assert pressures == pytest.approx(expected)


@pytest.mark.parametrize("z", [-1.75, -2.0, -40.0])
def test_a_single_week_counts_no_more_than_its_limit(z: float) -> None:
    assert Alarms(2.0, 50.0).take(reading(z), may_alarm=True)[1] == pytest.approx(1.75 / 2)


def test_a_very_good_week_is_limited_alike() -> None:
    assert Alarms(2.0, 50.0).take(reading(9.0), may_alarm=True)[1] == pytest.approx(-1.75 / 2)


def test_an_alarm_begins_once_its_evidence_is_whole() -> None:
    # Two weeks at the limit of 1.75 give .63 / sqrt(.0656) = 2.4597 deviations.
    weeks = [reading(-1.75, fall=10.0)] * 2
    assert follow(weeks, threshold=2.459) == [WATCH, SLIDING]
    assert follow(weeks, threshold=2.461) == [WATCH, WATCH]


def test_a_team_is_watched_from_seven_tenths_of_the_evidence() -> None:
    assert follow([reading(-1.0)], threshold=1.42) == [WATCH]
    assert follow([reading(-1.0)], threshold=1.44) == [NOT]


def test_fewer_than_four_points_are_no_slide_however_sure() -> None:
    assert follow([reading(-1.75, fall=3.9)] * 6)[-1] is WATCH
    assert follow([reading(-1.75, fall=4.0)] * 6)[-1] is SLIDING


def test_a_young_team_is_watched_at_most() -> None:
    assert set(follow([reading(-1.75, fall=10.0)] * 6, may_alarm=False)) == {WATCH}


def test_a_slide_goes_on_without_new_evidence() -> None:
    assert falling(20.0, 20.0, 13.0, 12.1) == [SLIDING] * 4


def test_a_slide_is_recovering_after_two_weeks_under_six_tenths_of_its_deepest() -> None:
    assert falling(11.9, 11.9, 11.9) == [SLIDING, RECOVERING, RECOVERING]
    assert falling(11.9, 12.1, 11.9, 11.9) == [SLIDING, SLIDING, SLIDING, RECOVERING]


def test_a_recovery_that_falls_back_is_a_slide_again() -> None:
    assert falling(11.0, 11.0, 15.0) == [SLIDING, RECOVERING, SLIDING]


def test_a_slide_that_deepens_is_measured_from_its_deepest() -> None:
    assert falling(40.0, 23.0, 23.0) == [SLIDING, SLIDING, RECOVERING]


def test_a_slide_is_over_under_a_third_of_its_deepest() -> None:
    assert falling(7.1, 7.1, 7.1, 7.1)[-2:] == [RECOVERING, RECOVERING]
    assert falling(7.1, 7.1, 6.9, 0.0)[-2:] == [RECOVERING, NOT]


def test_a_small_slide_is_over_under_the_least_fall() -> None:
    begin = [reading(-1.75, fall=5.0)] * 2
    assert follow([*begin, reading(fall=3.9)])[-1] is not SLIDING
    assert follow([*begin, reading(fall=4.1)])[-1] is SLIDING


def test_after_half_a_year_the_new_level_is_what_a_team_is_held_against() -> None:
    states = falling(*[20.0] * 30)
    assert states.index(NOT) == 25
    assert set(states[25:]) == {NOT}


def test_a_level_is_excessive_after_two_weeks_that_surely_lie_under_the_line() -> None:
    sure, unsure = reading(level=46.9), reading(level=47.1)  # errors of 2 count one and a half times
    assert follow([sure, sure]) == [NOT, EXCESSIVE]
    assert follow([sure, unsure, sure]) == [NOT] * 3


def test_an_excessive_level_is_over_three_points_above_the_line_and_not_before() -> None:
    low = [reading(level=40.0)] * 2
    assert follow([*low, reading(level=53.0)])[-1] is EXCESSIVE
    assert follow([*low, reading(level=53.1)])[-1] is NOT


def test_a_slide_outranks_an_excessive_level() -> None:
    assert follow([reading(-1.75, fall=20.0, level=40.0)] * 4) == [WATCH, EXCESSIVE, SLIDING, SLIDING]


def test_a_team_known_to_be_low_is_alarmed_again_on_more_evidence_only() -> None:
    low = [reading(level=40.0)] * 2
    assert follow([*low, *[reading(-1.75, fall=10.0, level=40.0)] * 2])[-1] is EXCESSIVE
    known, other = Alarms(2.0, 50.0, is_low=True), Alarms(2.0, 50.0)
    at_low = known.take(reading(-1.0, level=40.0), may_alarm=True)[1]
    assert at_low * 1.4 == pytest.approx(other.take(reading(-1.0), may_alarm=True)[1])


def test_a_rise_of_five_points_soon_after_trouble_is_a_recovery() -> None:
    low = [reading(level=40.0)] * 2
    assert follow([*low, reading(level=60.0, fall=-5.0)])[-1] is RECOVERING
    assert follow([*low, reading(level=60.0, fall=-4.9)])[-1] is NOT


def test_a_rise_of_five_points_soon_after_a_slide_is_a_recovery() -> None:
    assert falling(2.0, -5.0)[-1] is RECOVERING


def test_a_rise_without_trouble_before_is_no_recovery() -> None:
    assert follow([reading(fall=-20.0)] * 3) == [NOT] * 3


def test_trouble_is_forgotten_after_half_a_year() -> None:
    low = [reading(level=40.0)] * 2
    after = follow([*low, *[reading(level=60.0, fall=-5.0)] * 30])[2:]
    assert after == [RECOVERING] * 26 + [NOT] * 4


def test_a_second_slide_is_measured_for_itself() -> None:
    first = [*[reading(-1.75, fall=30.0)] * 2, reading(1.75, fall=2.0)]
    second = [reading(-1.75, fall=8.0)] * 4
    states = follow([*first, *second, reading(fall=6.0)])
    assert states[2] is not SLIDING
    assert states[-2:] == [SLIDING, SLIDING]  # 6 of 8 points: not better, though a fifth of the first fall


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-50, 50)), max_size=40))
def test_until_a_slide_is_over_a_stricter_threshold_never_gives_more_evidence(weeks: list[tuple[float, float]]) -> None:
    loose, strict = Alarms(1.75, 0.0), Alarms(2.6, 0.0)
    for z, fall in weeks:
        if loose.sliding_for is not None:
            return
        one = loose.take(reading(z, fall=fall), may_alarm=True)[1]
        other = strict.take(reading(z, fall=fall), may_alarm=True)[1]
        assert abs(other) <= abs(one)
        assert one * other >= 0


def test_after_a_slide_that_was_made_up_for_its_evidence_is_gone() -> None:
    alarms = Alarms(2.0, excessive=50.0)
    for one in [*[reading(-1.75, fall=20.0)] * 4, reading(1.0, fall=1.0)]:
        alarms.take(one, may_alarm=True)
    assert alarms.take(reading(0.0), may_alarm=True) == (State.HEALTHY, 0.0)


def test_a_team_that_is_back_where_it_stood_is_not_recovering_for_the_slide_in_its_past() -> None:
    slide = [reading(-1.75, fall=20.0, level=60.0)] * 3
    assert follow([*slide, reading(1.0, fall=0.0, level=79.0), reading(0.0, fall=-6.0, level=79.0)])[-1] is NOT
    assert follow([*slide, reading(1.0, fall=0.0, level=70.0), reading(0.0, fall=-6.0, level=70.0)])[-1] is RECOVERING
