from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.sensitivity import (
    LEAST_FALSE_ALARMS,
    MOST_FALSE_ALARMS,
    TABLE,
    false_alarms_at,
    threshold_for,
)
from bau_tracker.domain.verdicts import DEFAULTS

in_range = st.floats(TABLE[-1].false_alarms, TABLE[0].false_alarms)


def test_the_table_goes_from_loose_to_strict() -> None:
    for loose, strict in pairwise(TABLE):
        assert loose.threshold < strict.threshold
        assert loose.false_alarms > strict.false_alarms
        assert loose.weeks <= strict.weeks
        assert loose.within_8 >= strict.within_8


def test_what_can_be_set_lies_in_the_table() -> None:
    assert TABLE[-1].false_alarms <= LEAST_FALSE_ALARMS
    assert LEAST_FALSE_ALARMS < DEFAULTS.false_alarms < MOST_FALSE_ALARMS
    assert TABLE[0].false_alarms >= MOST_FALSE_ALARMS


@pytest.mark.parametrize("row", TABLE)
def test_a_row_of_the_table_stands_for_itself(row: tuple[float, ...]) -> None:
    threshold, false_alarms, *_ = row
    assert threshold_for(false_alarms) == pytest.approx(threshold)
    assert false_alarms_at(1.0, false_alarms) == pytest.approx(false_alarms)


@pytest.mark.parametrize(("loose", "strict"), list(pairwise(TABLE)))
def test_half_way_between_two_rows_false_alarms_are_their_geometric_mean(
    loose: tuple[float, ...], strict: tuple[float, ...]
) -> None:
    threshold, false_alarms = (loose[0] + strict[0]) / 2, math.sqrt(loose[1] * strict[1])
    assert threshold_for(false_alarms) == pytest.approx(threshold)
    assert false_alarms_at(threshold / strict[0], strict[1]) == pytest.approx(false_alarms)


def test_more_than_the_table_knows_asks_for_its_loosest_threshold_and_less_for_its_strictest() -> None:
    assert threshold_for(50.0) == TABLE[0].threshold
    assert threshold_for(0.001) == threshold_for(0.0) == TABLE[-1].threshold


@given(in_range, in_range)
def test_fewer_false_alarms_never_need_less_evidence(one: float, other: float) -> None:
    few, many = sorted((one, other))
    assert threshold_for(few) >= threshold_for(many)


@given(in_range)
def test_evidence_that_just_raises_an_alarm_comes_by_chance_as_often_as_accepted(accepted: float) -> None:
    assert false_alarms_at(1.0, accepted) == pytest.approx(accepted)


@given(in_range, st.floats(-1, 3), st.floats(-1, 3))
def test_more_evidence_never_comes_by_chance_more_often(accepted: float, one: float, other: float) -> None:
    weak, strong = sorted((one, other))
    assert false_alarms_at(strong, accepted) <= false_alarms_at(weak, accepted)


def test_more_evidence_than_the_table_knows_comes_by_chance_as_often_as_its_strictest_at_most() -> None:
    assert false_alarms_at(9.0, 0.3) == TABLE[-1].false_alarms
