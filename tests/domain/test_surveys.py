from __future__ import annotations

import math
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.surveys import (
    CATEGORIES,
    LONGEST_COMMENT,
    MOST_HOURS,
    Answer,
    AnswerStatus,
    Step,
    TimeSplit,
    Unit,
    as_shares_of,
    check_fits,
    check_steps,
    seconds_between,
)
from bau_tracker.domain.taxonomy import Kind

HOURS: Final = Unit(Step.HOURS, 1.0)
some_hours = st.dictionaries(st.sampled_from(list(CATEGORIES)), st.floats(0, 100 / 9), min_size=1)
any_hours = st.dictionaries(st.sampled_from(list(CATEGORIES)), st.floats(), min_size=1)


@given(some_hours)
def test_the_parts_of_a_split_add_up_to_its_total(hours: dict[str, float]) -> None:
    split = TimeSplit(**hours)
    assert split.total == math.fsum(hours.values())
    assert split.total == pytest.approx(split.planned + split.bau + split.overhead)


@given(any_hours)
def test_whatever_is_typed_a_split_is_finite_and_not_negative_or_refused(hours: dict[str, float]) -> None:
    try:
        split = TimeSplit(**hours)
    except InvalidInput:
        sound = all(math.isfinite(value) and value >= 0 for value in hours.values())
        assert not sound or sum(hours.values()) > MOST_HOURS
    else:
        assert all(math.isfinite(split.hours(name)) and split.hours(name) >= 0 for name in CATEGORIES)
        assert split.total <= MOST_HOURS


@pytest.mark.parametrize("name", CATEGORIES)
@pytest.mark.parametrize("value", [-0.5, math.nan, math.inf, -math.inf, 100.5])
def test_hours_that_cannot_be_are_refused_naming_their_field(name: str, value: float) -> None:
    with pytest.raises(InvalidInput) as refused:
        TimeSplit(**{name: value})
    assert refused.value.field == name
    assert CATEGORIES[name] in refused.value.message


def test_a_hundred_hours_are_the_most() -> None:
    assert TimeSplit(planned=60, defect=40).total == MOST_HOURS
    with pytest.raises(InvalidInput, match=r"100\.5 hours in one week"):
        TimeSplit(planned=60, defect=40.5)


def test_bau_is_every_kind_and_neither_planned_work_nor_overhead() -> None:
    ones = dict.fromkeys(CATEGORIES, 1.0)
    assert TimeSplit(**ones).bau == len(Kind)
    assert TimeSplit(planned=8, overhead=8).bau == 0


@pytest.mark.parametrize("name", ["callouts", "hours_available"])
@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf, 101.0])
def test_callouts_and_hours_available_have_the_same_bounds(name: str, value: float) -> None:
    values: dict[str, Any] = {name: value}
    with pytest.raises(InvalidInput) as refused:
        Answer(TimeSplit(planned=1), **values)
    assert refused.value.field == name


def test_an_answer_is_submitted_or_away_and_never_both_or_nothing() -> None:
    assert Answer(TimeSplit(planned=8)).status is AnswerStatus.SUBMITTED
    assert Answer(away=True).status is AnswerStatus.AWAY
    with pytest.raises(InvalidInput, match="not both"):
        Answer(TimeSplit(planned=8), away=True)
    with pytest.raises(InvalidInput, match="No hours are placed"):
        Answer()


def test_a_week_of_overhead_alone_is_an_answer() -> None:
    assert Answer(TimeSplit(overhead=40)).status is AnswerStatus.SUBMITTED


def test_a_comment_has_an_end() -> None:
    assert Answer(away=True, comment="x" * LONGEST_COMMENT).comment
    with pytest.raises(InvalidInput, match="shorten it to 280") as refused:
        Answer(away=True, comment="x" * (LONGEST_COMMENT + 1))
    assert refused.value.field == "comment"


def test_hours_over_those_available_are_refused_with_both_ways_out() -> None:
    answer = Answer(TimeSplit(planned=30, defect=12.5), hours_available=40)
    with pytest.raises(InvalidInput, match=r"42\.5 of 40 hours. Take 2\.5 h off below, or raise"):
        check_fits(answer)


@pytest.mark.parametrize("available", [40.0, 40.5, None])
def test_hours_left_over_are_time_away_and_fit(available: float | None) -> None:
    check_fits(Answer(TimeSplit(planned=40), hours_available=available))


@pytest.mark.parametrize("value", [0.0, 0.5, 2.0, 37.5])
def test_half_hours_are_taken(value: float) -> None:
    check_steps(Answer(TimeSplit(planned=8, support=value)), HOURS)


@pytest.mark.parametrize("value", [0.25, 2.1, 37.49])
def test_smaller_steps_than_half_hours_are_refused_naming_their_field(value: float) -> None:
    with pytest.raises(InvalidInput, match=r"use half hours, such as 2 or 2\.5") as refused:
        check_steps(Answer(TimeSplit(planned=8, support=value)), HOURS)
    assert refused.value.field == "support"


HALF_DAYS: Final = Unit.of(Step.HALF_DAYS, 37.5, None)
PERCENT: Final = Unit.of(Step.PERCENT, 37.5, 30)


@pytest.mark.parametrize(
    ("unit", "hours", "amount"), [(HALF_DAYS, 7.5, 2), (HOURS, 7.5, 7.5), (PERCENT, 7.5, 25), (HALF_DAYS, 5, 1.33)]
)
def test_hours_are_shown_in_the_unit_of_the_team(unit: Unit, hours: float, amount: float) -> None:
    assert unit.amount_of(hours) == amount


@given(st.sampled_from([HALF_DAYS, HOURS, PERCENT]), st.integers(0, 20))
def test_every_amount_in_steps_is_taken_and_is_shown_as_it_was_typed(unit: Unit, steps: int) -> None:
    amount = steps * unit.words.size
    assert unit.takes(unit.hours_of(amount))
    assert unit.amount_of(unit.hours_of(amount)) == amount


@given(st.sampled_from([HALF_DAYS, HOURS, PERCENT]), st.floats(0, 100))
def test_what_was_stored_stands_as_long_as_nobody_changes_what_is_shown_of_it(unit: Unit, hours: float) -> None:
    assert unit.hours_of(unit.amount_of(hours), [None, hours]) == hours


@pytest.mark.parametrize(
    ("unit", "hours", "mend"),
    [
        (HALF_DAYS, 5.0, "use whole half-days"),
        (HOURS, 5.25, "use half hours"),
        (PERCENT, 5.0, "use steps of 5 %"),
        (Unit.of(Step.PERCENT, 40, 0), 5.0, "use steps of 5 %"),
    ],
)
def test_an_amount_between_steps_is_refused_in_the_words_of_the_unit(unit: Unit, hours: float, mend: str) -> None:
    with pytest.raises(InvalidInput, match=mend) as refused:
        check_steps(Answer(TimeSplit(support=hours)), unit)
    assert refused.value.field == "support"


def test_an_amount_between_steps_that_was_stored_so_is_left_alone() -> None:
    stored = Answer(TimeSplit(planned=7.5, support=5))
    check_steps(Answer(TimeSplit(planned=15, support=5)), HALF_DAYS, [stored])
    with pytest.raises(InvalidInput):
        check_steps(Answer(TimeSplit(planned=15, defect=5)), HALF_DAYS, [stored])


@pytest.mark.parametrize(
    ("unit", "split", "available", "message", "field"),
    [
        (HALF_DAYS, TimeSplit(planned=41.25), 37.5, "11 of 10 half-days. Take 1 half-day off", "hours_available"),
        (HALF_DAYS, TimeSplit(planned=45), 37.5, "12 of 10 half-days. Take 2 half-days off", "hours_available"),
        (PERCENT, TimeSplit(planned=30, defect=1.5), 30, "placed 105 %, more than the whole week. Take 5 %", "planned"),
    ],
)  # fmt: skip
def test_too_much_is_refused_in_the_words_of_the_unit(
    unit: Unit, split: TimeSplit, available: float, message: str, field: str
) -> None:
    with pytest.raises(InvalidInput, match=message) as refused:
        check_fits(Answer(split, hours_available=available), unit)
    assert refused.value.field == field


@given(st.lists(st.integers(0, 10), min_size=1, max_size=9).filter(lambda parts: 0 < sum(parts) <= 10))
def test_a_full_week_of_half_days_always_fits(parts: list[int]) -> None:
    amounts = dict(zip(CATEGORIES, (*parts, *[0] * 9), strict=False)) | {"overhead": 10 - sum(parts[:8])}
    split = TimeSplit(**{name: HALF_DAYS.hours_of(amount) for name, amount in amounts.items()})
    check_fits(Answer(split, hours_available=37.5), HALF_DAYS)


@pytest.mark.parametrize(("amount", "hours"), [(5.33, 20), (0.33, 1.25), (1.33, 5), (5, 18.75)])
def test_a_part_timer_may_place_the_hours_that_fill_no_half_day(amount: float, hours: float) -> None:
    unit = Unit.of(Step.HALF_DAYS, 37.5, 20)
    assert unit.hours_of(amount) == hours
    assert unit.takes(hours)
    assert not unit.takes(hours + 0.5)
    assert not HALF_DAYS.takes(hours) or hours == 18.75


@pytest.mark.parametrize("week", [36, 37.5, 38.5, 40, 35.1])
def test_a_full_week_leaves_no_odd_hours(week: float) -> None:
    assert Unit.of(Step.HALF_DAYS, week, week).odd == 0


def test_an_answer_carried_to_a_shorter_week_keeps_its_shares() -> None:
    answer = Answer(TimeSplit(planned=20, defect=10), hours_available=40, comment="kept")
    shorter = as_shares_of(answer, 24)
    assert (shorter.split.planned, shorter.split.defect, shorter.hours_available) == (12, 6, 24)
    assert shorter.comment == "kept"
    for without in (Answer(TimeSplit(planned=20)), Answer(TimeSplit(planned=90), hours_available=30)):
        assert as_shares_of(without, 40) == without
    assert as_shares_of(answer, 0) == answer


@pytest.mark.parametrize(
    ("opened", "sent", "seconds"),
    [(100, 145.4, 45), (100, 100, 0), (100, 1900, 1800), (100, 1901, None), (100, 99, None)],
)
def test_a_form_left_open_or_opened_in_the_future_says_nothing_about_answering(
    opened: float, sent: float, seconds: int | None
) -> None:
    assert seconds_between(opened, sent) == seconds
