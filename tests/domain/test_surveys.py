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
    check_amounts,
    check_fits,
    check_steps,
    scaled_to,
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


@pytest.mark.parametrize(
    ("hours", "asked"), [(19.5, 18.75), (20.7, 22.5), (1, 3.75), (0, 0), (37.5, 37.5), (5.625, 7.5)]
)
def test_hours_available_are_asked_for_in_the_nearest_whole_half_days(hours: float, asked: float) -> None:
    assert HALF_DAYS.available_of(hours) == asked
    assert (HOURS.available_of(hours), PERCENT.available_of(hours)) == (hours, hours)


@pytest.mark.parametrize("week", [36, 37.5, 38.5, 40, 35.1])
def test_a_full_week_is_ten_half_days(week: float) -> None:
    assert Unit.of(Step.HALF_DAYS, week, None).available_of(week) == pytest.approx(week)


def test_an_answer_carried_to_a_shorter_week_keeps_about_its_shares_in_whole_steps() -> None:
    answer = Answer(TimeSplit(planned=18.75, defect=11.25, overhead=7.5), hours_available=37.5, comment="kept")
    shorter = scaled_to(answer, HALF_DAYS, 30)
    assert (shorter.split.planned, shorter.split.defect, shorter.split.overhead) == (15, 7.5, 7.5)
    assert (shorter.hours_available, shorter.comment) == (30, "kept")


def test_time_away_stays_time_away_in_an_answer_carried_to_another_week() -> None:
    answer = Answer(TimeSplit(planned=10, defect=10), hours_available=40)
    assert scaled_to(answer, HOURS, 32).split.total == 16


@given(some_hours.filter(lambda hours: sum(hours.values()) > 0), st.integers(1, 10), st.sampled_from(list(Step)))
def test_whatever_is_carried_to_another_week_fits_into_it_in_steps(
    hours: dict[str, float], half_days: int, step: Step
) -> None:
    available = half_days * 4.0
    unit = Unit.of(step, 40, available)
    carried = scaled_to(Answer(TimeSplit(**hours), hours_available=None), unit, available)
    check_fits(carried, unit)
    check_steps(carried, unit)
    assert carried.split.total > 0


@pytest.mark.parametrize(
    ("unit", "amounts", "message", "field"),
    [
        (HALF_DAYS, {"defect": 40}, "Defect fix: 40 half-days is more than a week has; a full week has 10.", "defect"),
        (HALF_DAYS, {"planned": 20, "defect": 9}, "You placed 29 half-days in all, which is more", "planned"),
        (HOURS, {"defect": 101}, "Defect fix: 101 h is more than a week has; use 100 h or less.", "defect"),
        (PERCENT, {"defect": 120}, "Defect fix: 120 % is more than a week has; use 100 % or less.", "defect"),
    ],
)
def test_amounts_that_no_week_has_are_refused_in_the_words_of_the_unit(
    unit: Unit, amounts: dict[str, float], message: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_amounts(amounts, unit)
    assert refused.value.message.startswith(message)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("opened", "sent", "seconds"),
    [(100, 145.4, 45), (100, 100, 0), (100, 1900, 1800), (100, 1901, None), (100, 99, None)],
)
def test_a_form_left_open_or_opened_in_the_future_says_nothing_about_answering(
    opened: float, sent: float, seconds: int | None
) -> None:
    assert seconds_between(opened, sent) == seconds
