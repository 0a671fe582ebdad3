from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bau_tracker.formats.detection import Response
from tests.bench.mechanisms.answers import draw_answers, planned_shares
from tests.bench.mechanisms.people import Habit, Person
from tests.bench.mechanisms.plans import Plan, draw_plan
from tests.bench.mechanisms.work import Work

ALWAYS = Person(
    name="p01", joined=0, left=1000, hours=40.0, weight=1.0, interruptions=0.0, habit=Habit.PLAIN, grid=1, answers=1.0,
    complains=-100.0, bias=0.0,
)  # fmt: skip


def plan(weeks: int = 1000) -> Plan:
    return replace(draw_plan("calm", np.random.default_rng(1)), weeks=weeks, start=date(2020, 1, 6))


def work(people: int, weeks: int, *, incidents: float = 0.0, hours: float = 40.0) -> Work:
    """Give everybody the same weeks with so many hours of incidents."""
    nothing = np.zeros((people, weeks))
    return Work(nothing + hours, nothing + incidents, nothing, nothing, nothing)


def answers(*people: Person, weeks: int = 1000, **values: float) -> list[Response]:
    weeks_of_all = work(len(people), weeks, **values)
    return draw_answers("red", plan(weeks), people, weeks_of_all, np.random.default_rng(7))


def shares(given: Sequence[Response]) -> list[float]:
    return [each.planned_share for each in given]


def test_what_is_said_is_what_was_give_or_take() -> None:
    said = shares(answers(ALWAYS, incidents=16))
    assert np.mean(said) == pytest.approx(0.6, abs=0.01)
    assert np.std(said) == pytest.approx(0.06, abs=0.01)
    assert np.mean(shares(answers(replace(ALWAYS, bias=-10), incidents=16))) == pytest.approx(0.5, abs=0.01)


def test_answers_stand_on_a_persons_own_grid_and_between_0_and_100() -> None:
    assert set(shares(answers(replace(ALWAYS, grid=25), incidents=16))) <= {0.25, 0.5, 0.75, 1.0}
    assert set(shares(answers(replace(ALWAYS, bias=40, grid=10)))) == {1.0}
    assert set(shares(answers(replace(ALWAYS, bias=-90), incidents=30))) == {0.0}


def test_some_people_say_the_same_as_last_time_and_some_stay_near_it() -> None:
    def repeated(habit: Habit) -> float:
        return float(np.mean(np.diff(shares(answers(replace(ALWAYS, habit=habit), incidents=16))) == 0))

    def moved(habit: Habit) -> float:
        return float(np.std(np.diff(shares(answers(replace(ALWAYS, habit=habit), incidents=16)))))

    assert repeated(Habit.STICK) > repeated(Habit.PLAIN) + 0.25
    assert moved(Habit.ANCHOR) < 0.6 * moved(Habit.PLAIN)


def test_some_people_give_the_other_share_now_and_then() -> None:
    flipped = np.array(shares(answers(replace(ALWAYS, habit=Habit.FLIP), incidents=4)))
    assert 0.02 < np.mean(flipped < 0.5) < 0.09
    assert min(shares(answers(ALWAYS, incidents=4))) > 0.5


def test_busy_people_answer_less() -> None:
    some = replace(ALWAYS, answers=0.8)
    usual, busy = (len(answers(some, incidents=hours)) / 1000 for hours in (4, 20))
    assert usual == pytest.approx(0.8, abs=0.05)
    assert busy == pytest.approx(0.6, abs=0.05)


def test_who_worked_hardly_at_all_is_not_asked_and_short_weeks_count_four_hours() -> None:
    assert answers(ALWAYS, hours=2.0) == []
    assert {each.hours for each in answers(ALWAYS, hours=3.0)} == {4.0}


def test_hardly_anybody_answers_around_new_year_and_in_a_few_other_weeks() -> None:
    answered = {each.week for each in answers(ALWAYS)}
    missing = [monday for week, monday in enumerate(plan().mondays) if week not in answered]
    at_new_year = [monday for monday in missing if monday.isocalendar().week in {52, 53, 1}]
    assert len(at_new_year) > 25
    assert len(missing) - len(at_new_year) < 50


def test_newcomers_start_slowly_and_interruptions_cost_everybody() -> None:
    people = (replace(ALWAYS, joined=2, starts_slowly=True), replace(ALWAYS, interruptions=0.1))
    newcomer, other = planned_shares(people, work(2, 400), np.random.default_rng(1))
    assert newcomer[2:11] == pytest.approx([0.75 + 0.25 * week / 8 for week in range(9)])
    assert other.mean() == pytest.approx(0.9, abs=0.01)


def test_people_complain_more_when_they_were_busy_and_say_of_what() -> None:
    one = replace(ALWAYS, complains=-2.0)
    calm, busy = answers(one, incidents=4), answers(one, incidents=28)
    assert np.mean([each.complaint for each in busy]) > 2 * np.mean([each.complaint for each in calm])
    assert {each.topic for each in busy} == {"", "alerts"}
    assert all(bool(each.topic) == each.complaint for each in busy)
