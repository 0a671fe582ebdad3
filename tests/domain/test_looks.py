from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from bau_tracker.domain.evidence import Evidence, Said
from bau_tracker.domain.looks import Adjusted, Answers, Look
from bau_tracker.domain.weeks import Week
from tests.team_weeks import FIRST, Percents, team_weeks


def looks(people: Percents, **values: object) -> list[tuple[int, Look | None]]:
    """Give how many weeks each week could be compared with, and what it told."""
    return [(weeks, look) for _, weeks, look in Answers(team_weeks(people, **values), dated=False).looks()]  # type: ignore[arg-type]


def newest(evidence: list[Evidence], *, dated: bool = False) -> Look:
    *_, (_, _, look) = Answers(evidence, dated=dated).looks()
    assert look is not None
    return look


def steady(weeks: int, level: float = 70.0) -> dict[str, list[float]]:
    """Make three people who stay ten points apart, so that the team is at a level."""
    return {"ana": [level] * weeks, "ben": [level - 10] * weeks, "cem": [level + 10] * weeks}


def fell(before: int, after: int, by: float = 15.0) -> dict[str, list[float]]:
    return {person: answers[:before] + [answers[0] - by] * after for person, answers in steady(before + 1).items()}


def test_a_surprise_needs_six_weeks() -> None:
    assert [(weeks, look is not None) for weeks, look in looks(steady(7))] == [
        *[(weeks, False) for weeks in range(1, 6)],
        (6, True),
        (7, True),
    ]


def test_a_steady_team_reads_as_nothing() -> None:
    reading = looks(steady(12))[-1][1]
    assert reading is not None
    assert reading.reading.z == pytest.approx(0, abs=1e-9)
    assert reading.reading.level == pytest.approx(70)
    assert reading.reading.fall == pytest.approx(0, abs=1e-9)
    assert (reading.clipped, reading.change, reading.since) == (False, None, None)


def test_the_error_of_a_steady_team_is_as_worked_out_by_hand() -> None:
    # Three who always answer, w weeks: chance 121 / 3 a week is left of four weeks, as their own levels are known
    # as well as the weeks are: A level of people over 4 weeks errs by the mean of 12 answers, and noise of its own.
    look = newest(team_weeks(steady(6)))
    noise = 12.25 * 20 / 25
    lasting = noise * (4 + 2 * (3 * 0.3 + 2 * 0.3**2 + 0.3**3)) / 16
    assert look.reading.error == pytest.approx(np.sqrt(121 / 12 + lasting), rel=1e-6)


def test_the_answers_of_earlier_weeks_say_how_far_one_of_the_next_can_be_trusted() -> None:
    # 18 answers without scatter, less 6 weeks, less 2 for the people, leave 10: 121 becomes 121 * 30 / 40.
    look = newest(team_weeks(steady(7)))
    noise = 12.25 * 20 / 26
    lasting = noise * (4 + 2 * (3 * 0.3 + 2 * 0.3**2 + 0.3**3)) / 16
    assert look.reading.error == pytest.approx(np.sqrt(121 * 0.75 / 12 + lasting), rel=1e-6)


def test_a_fall_is_told_from_the_weeks_six_and_more_ago_to_the_newest_four() -> None:
    answers = {"ana": [80.0] * 4 + [76.0] * 2 + [72.0, 72.0, 70.0, 70.0, 70.0, 70.0]}
    # Old are those 6 weeks and more before the newest; nothing here is so far off that it is limited.
    look = newest(team_weeks(answers))
    assert look.reading.fall == pytest.approx((4 * 80 + 2 * 76) / 6 - 70)


def test_a_fall_is_none_while_fewer_than_three_weeks_are_old_enough() -> None:
    found = looks({"ana": [80.0] * 3 + [76.0] * 6})
    assert [look.reading.fall if look else None for _, look in found[-3:]] == [0, 0, pytest.approx(4)]


def test_a_level_of_more_than_half_a_year_ago_is_no_earlier_level() -> None:
    answers = {"ana": [90.0] * 4 + [80.0] * 26 + [76.0] * 6}
    assert newest(team_weeks(answers)).reading.fall == pytest.approx(4, abs=1e-6)
    assert newest(team_weeks({"ana": answers["ana"][:-1]})).reading.fall > 4.1


def test_where_a_team_stands_is_told_from_its_newest_four_weeks() -> None:
    look = newest(team_weeks(fell(12, 3, by=8)))
    assert look.reading.level == pytest.approx(70 - 8 * 3 / 4)


def test_a_one_off_week_moves_the_level_in_part_and_is_marked() -> None:
    look = newest(team_weeks(fell(12, 1, by=60)))
    assert look.clipped
    assert 65 < look.reading.level < 70


def test_a_fall_is_dated_to_the_week_it_began_with() -> None:
    look = newest(team_weeks(fell(12, 6)))
    assert look.since == FIRST.shift(12)
    assert look.change is not None
    assert look.change.size == pytest.approx(15)


def test_a_fall_of_two_points_is_dated_and_a_smaller_one_is_not() -> None:
    assert newest(team_weeks(fell(12, 6, by=2.01))).since == FIRST.shift(12)
    assert newest(team_weeks(fell(12, 6, by=1.99))).since is None


def test_a_week_is_held_against_the_year_before_it() -> None:
    weeks = [weeks for weeks, _ in looks(steady(56))]
    assert weeks[-5:] == [52, 53, 53, 53, 53]


def test_weeks_without_answers_are_no_weeks_but_take_time() -> None:
    early, late = team_weeks(steady(6)), team_weeks(steady(6), first=FIRST.shift(53))
    found = [weeks for _, weeks, _ in Answers([*early, *late]).looks()]
    assert found == [1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6]  # each new week is a year later than one that no longer counts


def test_nameless_answers_tell_nothing_of_people() -> None:
    nameless = [Evidence(one.totals) for one in team_weeks(steady(12))]
    assert list(Answers(nameless).looks()) == []
    assert Answers(nameless).adjusted() == []
    assert Answers([]).adjusted() == []


def test_after_other_questions_weeks_count_anew() -> None:
    weeks = [weeks for weeks, _ in looks(steady(12), anew=[8])]
    assert weeks == [*range(1, 9), 1, 2, 3, 4]


def test_questions_that_change_in_a_week_without_answers_count_from_the_next() -> None:
    people = {"ana": [70.0] * 5 + [None] + [70.0] * 3}
    assert [weeks for weeks, _ in looks(people, anew=[5])] == [1, 2, 3, 4, 5, 1, 2, 3]


def test_the_level_is_that_of_those_who_are_members_now() -> None:
    people = steady(12)
    assert newest(team_weeks(people, members=["ana", "cem"])).reading.level == pytest.approx(75, abs=0.5)
    assert newest(team_weeks(people, members=["ben"])).reading.level == pytest.approx(60, abs=1)


def test_members_who_never_answered_have_no_level() -> None:
    assert newest(team_weeks(steady(12), members=["ana", "ben", "cem", "new"])).reading.level == pytest.approx(70)
    assert newest(team_weeks(steady(12), members=["new"])).reading.level == pytest.approx(70)


def test_without_a_roster_those_are_members_who_answered_in_the_newest_eight_weeks() -> None:
    stays: dict[str, Sequence[float | None]] = {"ana": [70.0] * 20, "ben": [60.0] * 20}
    left = {**stays, "cem": [80.0] * 12 + [None] * 8}
    leaving = {**stays, "cem": [80.0] * 13 + [None] * 7}
    assert newest(team_weeks(left)).reading.level == pytest.approx(65, abs=0.5)
    assert newest(team_weeks(leaving)).reading.level == pytest.approx(70, abs=0.5)


def test_people_count_by_their_usual_hours() -> None:
    evidence = team_weeks(steady(12))
    halved = [
        Evidence(one.totals, {**one.said, "cem": Said(one.said["cem"].share, 18.0)}, one.members) for one in evidence
    ]
    # 70, 60 and 80 weigh 36, 36 and 18 hours.
    assert newest(halved).reading.level == pytest.approx((70 + 60 + 80 / 2) / 2.5, abs=0.3)
    once = [*evidence[:-1], halved[-1]]
    assert newest(once).reading.level == pytest.approx(70, abs=0.3)


def test_somebody_who_answers_seldom_counts_by_the_hours_of_those_answers() -> None:
    people: Percents = {"ana": [70.0] * 12, "ben": [*[None] * 8, *[80.0] * 4]}
    assert newest(team_weeks(people)).reading.level == pytest.approx(75)


@pytest.mark.parametrize(
    ("monday", "ends"),
    [
        (date(2026, 3, 16), False),
        (date(2026, 3, 23), True),
        (date(2026, 3, 30), True),
        (date(2026, 4, 6), False),
        (date(2026, 12, 21), True),
        (date(2026, 12, 28), True),
        (date(2026, 5, 25), False),
    ],
)
def test_the_last_two_weeks_that_begin_in_a_quarter_surprise_less(monday: date, ends: bool) -> None:
    first = Week(monday).shift(-11)
    other = team_weeks(fell(11, 1, by=6), first=first)
    quiet, dated = newest(other).reading.z, newest(other, dated=True).reading.z
    assert (abs(dated) < 0.9 * abs(quiet)) is ends


def plain(adjusted: list[Adjusted]) -> list[tuple[float, float | None]]:
    return [(round(one.share, 6), None if one.fitted is None else round(one.fitted, 6)) for one in adjusted]


def test_the_picture_of_a_step_is_the_step() -> None:
    adjusted = Answers(team_weeks(fell(12, 6)), dated=False).adjusted()
    assert [one.week for one in adjusted] == [FIRST.shift(number) for number in range(18)]
    assert plain(adjusted) == [(70, 70)] * 12 + [(55, 55)] * 6
    assert all(one.low < one.share < one.high for one in adjusted)
    assert not any(one.clipped for one in adjusted)


def test_the_picture_of_a_steady_team_has_no_fitted_line_and_shows_one_off_weeks_as_they_were() -> None:
    people = {person: [*answers[:9], answers[0] - 40, *answers[10:]] for person, answers in steady(18).items()}
    adjusted = Answers(team_weeks(people), dated=False).adjusted()
    assert plain(adjusted) == [(70, None)] * 9 + [(30, None)] + [(70, None)] * 8
    assert [number for number, one in enumerate(adjusted) if one.clipped] == [9]


def test_the_interval_of_the_picture_is_as_worked_out_by_hand() -> None:
    first = Answers(team_weeks(steady(6)), dated=False).adjusted()[0]
    assert first.high - first.share == pytest.approx(1.96 * 11 / np.sqrt(3))
    assert first.share - first.low == pytest.approx(first.high - first.share)


def test_there_is_no_picture_before_six_weeks() -> None:
    assert Answers(team_weeks(steady(5))).adjusted() == []
    assert len(Answers(team_weeks(steady(6))).adjusted()) == 6
    assert Answers(team_weeks(steady(12), anew=[9])).adjusted() == []


def test_the_picture_is_drawn_of_what_the_newest_look_saw() -> None:
    generator = np.random.default_rng(5)
    people = {
        str(person): [float(value) for value in 70 + 12 * generator.normal(size=30) - 12 * (np.arange(30) >= 20)]
        for person in range(4)
    }
    evidence = team_weeks(people)
    look, adjusted = newest(evidence, dated=True), Answers(evidence).adjusted()
    assert look.change is not None
    lines = [one.fitted for one in adjusted if one.fitted is not None]
    assert lines[0] - lines[-1] == pytest.approx(look.change.size, rel=1e-12)
    assert adjusted[-1].clipped == look.clipped
    if not any(one.clipped for one in adjusted[-4:]):
        assert np.mean([one.share for one in adjusted[-4:]]) == pytest.approx(look.reading.level)
