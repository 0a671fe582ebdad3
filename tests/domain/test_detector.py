from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bau_tracker.domain.detector import VERSION, judge, tell
from bau_tracker.domain.evidence import Evidence
from bau_tracker.domain.looks import Answers
from bau_tracker.domain.sensitivity import threshold_for
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import Chip, Kind
from bau_tracker.domain.verdicts import (
    Complaints,
    Growth,
    Level,
    Missing,
    Signal,
    State,
    Thresholds,
    Verdict,
)
from tests.team_weeks import FIRST, Percents, team_weeks

ANY_LEVEL = Thresholds(excessive=0.0)
"""Under which no level is excessive, so that a state is about the direction only."""


def verdicts(evidence: Sequence[Evidence], thresholds: Thresholds = Thresholds()) -> list[Verdict]:  # noqa: B008
    return judge(tell(evidence, dated=False), thresholds)


def last(evidence: Sequence[Evidence], thresholds: Thresholds = Thresholds()) -> Verdict:  # noqa: B008
    return verdicts(evidence, thresholds)[-1]


def team(*levels: float | None, apart: float = 10.0, **values: Any) -> list[Evidence]:
    """Make three people who stay some points apart around the level of each week; None where nobody answers."""
    people = {
        name: [None if level is None else level + away for level in levels]
        for name, away in (("ana", 0.0), ("ben", -apart), ("cem", apart))
    }
    return team_weeks(people, **values)


def slide(after: int = 8, by: float = 15.0, **values: Any) -> list[Evidence]:
    """Make a team at 80 % for 20 weeks, and for some weeks so many points under that."""
    return team(*[80.0] * 20, *[80.0 - by] * after, **values)


def complaints(norm: int, now: int) -> list[Evidence]:
    """Make a slide in which so many of three complain in each week before, and in each of the newest four."""
    return slide(8, complaining=[norm] * 24 + [now] * 4)


def test_six_weeks_are_not_enough_and_seven_are() -> None:
    found = verdicts(team(*[80.0] * 7))
    assert [one.state for one in found] == [State.NOT_ENOUGH_DATA] * 6 + [State.HEALTHY]
    assert [(one.weeks, one.weeks_needed) for one in found] == [(weeks, 7) for weeks in range(1, 8)]
    assert [one.missing for one in found] == [Missing.WEEKS] * 6 + [None]


def test_what_is_not_enough_shows_no_figure() -> None:
    for one in verdicts(team(*[80.0] * 6)):
        assert (one.planned_share, one.low, one.high, one.earlier_share, one.pressure) == (None,) * 5
        assert (one.level, one.fall, one.grown, one.low_confidence) == (None, None, (), False)


def test_a_steady_team_is_healthy_with_its_figures() -> None:
    verdict = last(team(*[80.0] * 20))
    assert (verdict.state, verdict.level, verdict.fall) == (State.HEALTHY, Level.HEALTHY, None)
    assert verdict.planned_share == pytest.approx(0.8)
    assert verdict.earlier_share == pytest.approx(0.8)
    assert verdict.pressure == pytest.approx(0, abs=1e-9)
    assert (verdict.respondents, verdict.expected, verdict.week) == (12, 12, FIRST.shift(19))
    assert verdict.low is not None
    assert verdict.high is not None
    assert verdict.low < 0.8 < verdict.high
    assert verdict.high - 0.8 == pytest.approx(0.8 - verdict.low)


def test_a_step_is_an_early_warning_dated_and_sized() -> None:
    verdict = last(slide())
    assert verdict.signal is Signal.EARLY_WARNING
    assert verdict.fall is not None
    assert verdict.fall.onset == FIRST.shift(20)
    assert verdict.fall.size == pytest.approx(0.15)
    assert verdict.fall.low < 0.15 < verdict.fall.high
    assert verdict.change == pytest.approx(-0.15, abs=0.02)
    assert verdict.level is Level.LOW
    assert verdict.planned_share == pytest.approx(0.65)


def test_a_step_is_seen_within_a_month() -> None:
    states = [one.state for one in verdicts(slide(6))][20:]
    assert states[0] is not State.SLIDING
    assert State.SLIDING in states[:4]
    assert states[-1] is State.SLIDING


def test_a_slow_slide_is_seen() -> None:
    assert last(team(*[80.0] * 20, *[80.0 - 1.5 * week for week in range(1, 13)])).state is State.SLIDING


def test_a_rise_is_no_slide() -> None:
    assert {one.state for one in verdicts(slide(by=-15.0))[6:]} == {State.HEALTHY}


@pytest.mark.parametrize("bad", [0.0, 20.0, 50.0])
def test_one_bad_week_is_no_slide_and_is_marked(bad: float) -> None:
    found = verdicts(team(*[80.0] * 20, bad, *[80.0] * 8, apart=0.0))
    assert State.SLIDING not in {one.state for one in found}
    assert [number for number, one in enumerate(found) if one.clipped] == [20]


def test_a_slide_that_is_made_up_for_recovers_and_is_over() -> None:
    states = [one.state for one in verdicts(team(*[80.0] * 20, *[62.0] * 8, *[80.0] * 36))]
    after = states[28:]
    assert after[0] is State.SLIDING
    assert State.SLIDING not in after[4:]
    assert State.RECOVERING in after
    assert after[-1] is State.HEALTHY


def test_a_steady_low_level_is_low_and_not_sliding() -> None:
    verdict = last(team(*[60.0] * 20))
    assert (verdict.signal, verdict.level) == (Signal.LOW, Level.LOW)


def test_a_steady_level_far_under_half_is_excessive_and_one_that_may_be_half_is_not() -> None:
    assert last(team(*[30.0] * 20)).signal is Signal.EXCESSIVE
    assert last(team(*[48.0] * 20)).signal is not Signal.EXCESSIVE


@pytest.mark.parametrize(
    ("norm", "now", "signal"),
    [
        (0, 0, Signal.EARLY_WARNING),
        (0, 1, Signal.PITFALL),
        (1, 1, Signal.EARLY_WARNING),
        (1, 2, Signal.PITFALL),
        (3, 3, Signal.EARLY_WARNING),
    ],
)
def test_a_slide_is_the_pitfall_when_a_third_complain_and_more_than_usual(norm: int, now: int, signal: Signal) -> None:
    evidence = slide(4, complaining=[norm] * 20 + [now] * 4)
    assert last(evidence).signal is signal


def test_fewer_than_a_third_complaining_agree_with_nothing() -> None:
    assert last(slide(4, complaining=[0] * 20 + [1, 1, 1, 0])).signal is Signal.EARLY_WARNING
    assert last(slide(4, complaining=[0] * 20 + [1, 1, 1, 1])).signal is Signal.PITFALL


def test_complaints_are_told_with_the_norm_before_the_fall_and_what_of() -> None:
    verdict = last(slide(8, complaining=[1, 1, *[0] * 18, *[3] * 8]))
    assert verdict.complaints == Complaints(1.0, 2 / 60, (Chip.ALERTS,))


def test_a_norm_is_that_of_half_a_year_before_the_fall() -> None:
    evidence = team(*[80.0] * 30, *[65.0] * 6, complaining=[3, 3, 3, 3, 1, *[0] * 25, *[3] * 6])
    found = last(evidence)
    assert found.fall is not None
    assert found.fall.onset == FIRST.shift(30)
    assert found.complaints is not None
    assert found.complaints.norm == pytest.approx(1 / 78)


def test_complaints_of_a_team_that_does_not_slide_are_held_against_the_weeks_before_the_newest() -> None:
    verdict = last(team(*[80.0] * 20, complaining=[*[1] * 16, *[2] * 4]))
    assert verdict.complaints == Complaints(2 / 3, 1 / 3, (Chip.ALERTS,))
    assert not verdict.corroborated


def test_the_two_most_named_complaints_are_named_the_most_first() -> None:
    evidence = slide()
    chips = {Chip.ALERTS: 1, Chip.DEPLOYMENTS: 3, Chip.INCIDENTS: 2}
    evidence[-1] = replace(evidence[-1], totals=replace(evidence[-1].totals, chips=chips))
    found = last(evidence).complaints
    assert found is not None
    assert found.named == (Chip.DEPLOYMENTS, Chip.INCIDENTS)


def unasked(evidence: Sequence[Evidence]) -> list[Evidence]:
    return [replace(one, totals=replace(one.totals, complaint_answers=0, complaining=0)) for one in evidence]


def test_a_norm_that_was_never_asked_for_does_not_stand_in_the_way() -> None:
    evidence = slide(8, complaining=[0] * 20 + [1] * 8)
    verdict = last(unasked(evidence[:20]) + evidence[20:])
    assert verdict.signal is Signal.PITFALL
    assert verdict.complaints is not None
    assert verdict.complaints.norm is None


def test_complaints_that_were_never_asked_for_agree_with_nothing() -> None:
    verdict = last(unasked(slide()))
    assert (verdict.signal, verdict.complaints) == (Signal.EARLY_WARNING, None)


def test_a_slide_that_complaints_once_agreed_with_stays_a_pitfall() -> None:
    found = verdicts(slide(12, complaining=[0] * 20 + [3] * 5 + [0] * 7))
    signals = [one.signal for one in found if one.state is State.SLIDING]
    assert signals[-1] is Signal.PITFALL
    first = signals.index(Signal.PITFALL)
    assert set(signals[first:]) == {Signal.PITFALL}


def test_a_pitfall_is_over_with_its_slide() -> None:
    found = verdicts(team(*[80.0] * 20, *[62.0] * 8, *[80.0] * 16, complaining=[0] * 20 + [3] * 8))
    assert Signal.PITFALL in {one.signal for one in found}
    assert not found[-1].corroborated


def test_complaints_without_a_slide_are_no_pitfall() -> None:
    assert last(team(*[80.0] * 20, complaining=[0] * 10 + [3] * 10)).signal is Signal.HEALTHY


@pytest.mark.parametrize(("expected", "low_confidence"), [(3, False), (5, False), (6, True), (0, False)])
def test_under_a_response_of_three_in_five_a_verdict_stands_with_low_confidence(
    expected: int, low_confidence: bool
) -> None:
    evidence = [replace(one, totals=replace(one.totals, expected=expected)) for one in slide()]
    verdict = last(evidence)
    assert verdict.state is State.SLIDING
    assert verdict.low_confidence is low_confidence


def test_a_response_floor_can_be_set() -> None:
    evidence = [replace(one, totals=replace(one.totals, expected=6)) for one in slide()]
    assert not last(evidence, Thresholds(response_floor=0.5)).low_confidence


def test_a_team_that_stops_answering_keeps_its_verdict_for_three_weeks() -> None:
    found = verdicts(team(*[80.0] * 12, *[None] * 5))[11:]
    assert [one.state for one in found] == [State.HEALTHY] * 4 + [State.NOT_ENOUGH_DATA] * 2
    assert [one.missing for one in found] == [None] * 4 + [Missing.SILENCE] * 2
    assert [one.week for one in found] == [FIRST.shift(number) for number in range(11, 17)]


def test_a_mark_of_a_week_that_counts_in_part_is_not_carried_on() -> None:
    found = verdicts(team(*[80.0] * 12, 10.0, None, apart=0.0))
    assert [one.clipped for one in found[-2:]] == [True, False]


def test_after_a_silence_one_answered_week_is_enough_to_go_on() -> None:
    assert last(team(*[80.0] * 12, *[None] * 6, 80.0)).state is State.HEALTHY


def test_a_team_that_never_answered_lacks_weeks() -> None:
    assert [one.missing for one in verdicts(team(None, None, 80.0))] == [Missing.WEEKS] * 3
    assert judge(tell([])) == []


def test_answers_without_names_lack_names() -> None:
    nameless = [replace(one, said={}) for one in team(*[80.0] * 12)]
    assert {(one.state, one.missing) for one in verdicts(nameless)} == {(State.NOT_ENOUGH_DATA, Missing.NAMES)}
    later = [*team(*[80.0] * 12)[:8], *nameless[8:]]
    assert [one.missing for one in verdicts(later)][-2:] == [None, Missing.NAMES]


def test_after_other_questions_a_verdict_needs_weeks_again() -> None:
    found = verdicts(slide(8, anew=[20]))
    assert [one.missing for one in found[20:]] == [Missing.QUESTIONS] * 6 + [None] * 2
    assert {one.state for one in found[26:]} == {State.HEALTHY}


def test_a_slide_does_not_outlive_its_questions() -> None:
    found = verdicts(team(*[80.0] * 20, *[65.0] * 16, anew=[28]))
    assert found[27].state is State.SLIDING
    assert {one.state for one in found[34:]} == {State.HEALTHY}


def test_questions_that_changed_more_than_a_year_ago_are_not_what_is_missing() -> None:
    found = verdicts(team(*[80.0] * 10, *[None] * 55, 80.0, anew=[8]))
    assert (found[8].missing, found[-1].missing) == (Missing.QUESTIONS, Missing.WEEKS)


def test_a_daily_rota_caps_both_levels_at_what_it_leaves() -> None:
    # One of three people is on the rota: 67 % is left, and excessive is at most ten points less.
    steady, rota = team(*[68.0] * 20), Thresholds(daily_rota=True)
    assert last(steady).level is Level.LOW
    verdict = last(steady, rota)
    assert verdict.level is Level.HEALTHY
    assert verdict.healthy_line == pytest.approx(2 / 3)
    two = team_weeks({"ana": [45.0] * 20, "ben": [45.0] * 20})
    assert last(two).level is Level.EXCESSIVE
    assert last(two, rota).level is Level.LOW
    assert last(two, rota).healthy_line == 0.5


def test_a_daily_rota_is_shared_by_those_who_belong_to_the_team() -> None:
    ten = [f"member {number}" for number in range(10)]
    assert last(team(*[68.0] * 20, members=ten), Thresholds(daily_rota=True)).healthy_line == 0.7
    alone = last(team_weeks({"ana": [10.0] * 20}), Thresholds(daily_rota=True))
    assert (alone.healthy_line, alone.level) == (0.0, Level.HEALTHY)
    nobody = [replace(one, totals=replace(one.totals, expected=0)) for one in team(*[68.0] * 20)]
    assert last(nobody, Thresholds(daily_rota=True)).healthy_line == 0.7


def test_levels_can_be_set() -> None:
    verdict = last(team(*[68.0] * 20), Thresholds(healthy=0.65, excessive=0.6))
    assert (verdict.level, verdict.healthy_line) == (Level.HEALTHY, 0.65)
    assert last(team(*[50.0] * 20), Thresholds(excessive=0.6)).signal is Signal.EXCESSIVE


def test_fewer_accepted_false_alarms_see_a_slide_no_earlier() -> None:
    delays = []
    for accepted in (0.7, 0.3, 0.1):
        states = [one.state for one in verdicts(slide(12, by=9.0), Thresholds(false_alarms=accepted))]
        delays.append(states.index(State.SLIDING))
    assert delays == sorted(delays)
    assert delays[0] < delays[-1]


def test_pressure_is_a_share_of_what_an_alarm_needs() -> None:
    loose, strict = (last(slide(3), Thresholds(false_alarms=accepted)).pressure for accepted in (0.7, 0.1))
    assert loose is not None
    assert strict is not None
    assert loose / strict == pytest.approx(threshold_for(0.1) / threshold_for(0.7))


def test_kinds_that_grew_are_told_the_most_first() -> None:
    evidence = slide(8)
    for number, one in enumerate(evidence):
        now = number >= 20
        hours = {"planned": 60.0, "defect": 10.0, "support": 12.0 if now else 2.0, "security": 18.0 if now else 3.0}
        hours["other_bau"] = 0.0 if now else 25.0
        evidence[number] = replace(one, totals=replace(one.totals, hours={**hours, "overhead": 99.0}))
    assert last(evidence).grown == (Growth(Kind.SECURITY, 0.03, 0.18), Growth(Kind.SUPPORT, 0.02, 0.12))


def test_a_kind_that_grew_by_less_than_two_points_is_not_told() -> None:
    evidence = slide(8)
    for number, one in enumerate(evidence):
        grown = 2.1 if number >= 20 else 0.0
        hours = {"planned": 70.0, "defect": 20.0 - grown, "support": 10.0 + grown}
        evidence[number] = replace(one, totals=replace(one.totals, hours=hours))
    assert [one.kind for one in last(evidence).grown] == [Kind.SUPPORT]
    for number, one in enumerate(evidence):
        grown = 1.9 if number >= 20 else 0.0
        hours = {"planned": 70.0, "defect": 20.0 - grown, "support": 10.0 + grown}
        evidence[number] = replace(one, totals=replace(one.totals, hours=hours))
    assert last(evidence).grown == ()


def test_a_version_is_known() -> None:
    assert VERSION


# What must hold for any answers.

few = settings(max_examples=25, deadline=None)
percents = st.integers(0, 20).map(lambda step: step * 5.0)


@st.composite
def teams(draw: st.DrawFn, *, weeks: int = 12, low: int = 0, high: int = 100) -> dict[str, list[float | None]]:
    """Draw what up to four people answer in up to so many weeks, in steps of five, some weeks not."""
    length, seed = draw(st.integers(6, weeks)), draw(st.integers(0, 9999))
    people, away, gone = draw(st.integers(1, 4)), draw(st.sampled_from([0.0, 0.3, 0.7])), draw(st.integers(0, 12))
    generator = np.random.default_rng(seed)
    given = generator.integers(low // 5, high // 5, size=(people, length), endpoint=True) * 5.0
    given[:, gone:] = np.maximum(given[:, gone:] - draw(st.integers(0, 30)), low)
    missing = generator.random(given.shape) < away
    return {
        f"p{row}": [None if out else float(value) for value, out in zip(given[row], missing[row], strict=True)]
        for row in range(people)
    }


def sound(found: Sequence[Verdict]) -> None:
    """Hold that all figures are finite shares, in their order."""
    for one in found:
        shares = [one.planned_share, one.low, one.high, one.earlier_share, one.response_rate]
        if one.fall:
            shares += [one.fall.low, one.fall.size, one.fall.high]
            assert one.fall.low <= one.fall.size <= one.fall.high
            assert one.fall.onset <= one.week
        assert all(share is None or (math.isfinite(share) and 0 <= share <= 1) for share in shares)
        assert one.pressure is None or math.isfinite(one.pressure)
        assert (one.planned_share is None) is (one.state is State.NOT_ENOUGH_DATA)
        assert (one.missing is None) is (one.state is not State.NOT_ENOUGH_DATA)
        assert one.corroborated <= (one.state is State.SLIDING)
        if one.low is not None and one.planned_share is not None and one.high is not None:
            assert one.low <= one.planned_share <= one.high


@few
@given(teams(weeks=20), st.sampled_from([0.5, 36.0, 90.0]), st.sampled_from([(), (8,), tuple(range(20))]))
def test_any_answers_give_finite_shares(people: Percents, hours: float, anew: tuple[int, ...]) -> None:
    sound(judge(tell(team_weeks(people, hours=hours, anew=anew))))


@few
@given(teams(weeks=20), st.integers(0, 20))
def test_later_weeks_never_change_an_earlier_verdict(people: Percents, end: int) -> None:
    evidence = team_weeks(people)
    assert judge(tell(evidence[:end])) == judge(tell(evidence))[:end]


@few
@given(teams(weeks=20), st.permutations(range(4)))
def test_who_is_who_does_not_matter(people: Percents, order: list[int]) -> None:
    renamed = {f"p{order[int(name[1:])]}": answers for name, answers in people.items()}
    same(verdicts(team_weeks(people)), verdicts(team_weeks(renamed)))


@few
@given(teams(weeks=20))
def test_the_order_of_answers_does_not_matter(people: Percents) -> None:
    turned = dict(reversed(list(people.items())))
    assert verdicts(team_weeks(people)) == verdicts(team_weeks(turned))


def same(some: Sequence[Verdict], others: Sequence[Verdict]) -> None:
    """Hold that two series of verdicts are the same but for rounding."""
    for one, other in zip(some, others, strict=True):
        for field in fields(Verdict):
            mine, theirs = getattr(one, field.name), getattr(other, field.name)
            if field.name == "fall" and mine and theirs:
                assert mine.size == pytest.approx(theirs.size, abs=1e-6)
            elif isinstance(mine, float):
                assert mine == pytest.approx(theirs, abs=1e-6)
            elif field.name not in {"complaints", "grown"}:
                assert mine == theirs


@few
@given(teams(weeks=20))
def test_weeks_without_answers_at_the_end_of_a_history_do_not_matter_to_the_others(people: Percents) -> None:
    evidence = team_weeks(people)
    silent = [Evidence(WeekTotals(evidence[-1].week.shift(number))) for number in (1, 2)]
    assert verdicts([*evidence, *silent])[:-2] == verdicts(evidence)


@few
@given(st.integers(0, 9999), st.integers(-6, 6).map(lambda step: step * 5), st.integers(0, 20))
def test_a_shift_of_all_that_somebody_answers_changes_no_state_but_the_level(seed: int, by: int, fell: int) -> None:
    """Hold it for people who always answer; one who doesn't leaves a little of a shift to the weeks."""
    generator = np.random.default_rng(seed)
    answers = 60 + generator.integers(-10, 10, size=(3, 18)) - fell * (np.arange(18) >= 10)
    people = {f"p{row}": [float(value) for value in answers[row]] for row in range(3)}
    before = verdicts(team_weeks(people), ANY_LEVEL)
    after = verdicts(team_weeks({**people, "p0": [value + by for value in answers[0].astype(float)]}), ANY_LEVEL)
    for one, other in zip(before, after, strict=True):
        assert (one.state, one.clipped) == (other.state, other.clipped)
        assert one.pressure == pytest.approx(other.pressure, abs=1e-6)
        assert (one.fall and one.fall.onset) == (other.fall and other.fall.onset)
        if one.planned_share is not None:
            assert other.planned_share == pytest.approx(one.planned_share + by / 300, abs=1e-6)
            assert other.change == pytest.approx(one.change, abs=1e-6)
            assert other.high == pytest.approx((one.high or 0) + by / 300, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_a_shift_of_somebody_who_does_not_always_answer_moves_the_evidence_hardly(seed: int) -> None:
    generator = np.random.default_rng(seed)
    answers, missing = 60 + 8 * generator.normal(size=(5, 30)), generator.random((5, 30)) < 0.3

    def pressures(by: float) -> list[float | None]:
        shifted = answers + by * np.array([[1], [0], [0], [0], [0]])
        people = {
            f"p{row}": [None if out else float(value) for value, out in zip(shifted[row], missing[row], strict=True)]
            for row in range(5)
        }
        return [one.pressure for one in verdicts(team_weeks(people), ANY_LEVEL)[6:]]

    assert pressures(-20.0) == pytest.approx(pressures(0.0), abs=0.2)


@few
@given(teams(weeks=16, low=20, high=80), st.sampled_from([18.0, 9.0, 1.0]))
def test_everybodys_hours_halved_or_less_leave_a_steady_level_where_it_was(people: Percents, hours: float) -> None:
    steady: Percents = {
        name: [None if value is None else 60.0 for value in answers] for name, answers in people.items()
    }
    full, part = verdicts(team_weeks(steady)), verdicts(team_weeks(steady, hours=hours))
    assert [one.state for one in full] == [one.state for one in part]
    for one, other in zip(full, part, strict=True):
        assert one.planned_share == pytest.approx(other.planned_share, abs=1e-9)
        if one.high is not None and other.high is not None:
            assert other.high > one.high  # fewer hours tell less


def test_hours_beyond_a_full_week_change_nothing() -> None:
    same(verdicts(slide(hours=90.0)), verdicts(slide(hours=36.0)))


@pytest.mark.parametrize("level", [5.0, 20.0, 95.0])
@pytest.mark.parametrize("start", [10, 20, 30])
def test_somebody_who_joins_with_a_very_different_level_raises_no_slide(level: float, start: int) -> None:
    weeks = 45
    generator = np.random.default_rng(start)
    steady = {f"p{row}": [float(75 + value) for value in generator.integers(-5, 5, weeks)] for row in range(4)}
    joins: Percents = {**steady, "new": [*[None] * start, *[level] * (weeks - start)]}
    assert {one.state for one in verdicts(team_weeks(joins), ANY_LEVEL)[6:]} <= {State.HEALTHY, State.WATCH}


@pytest.mark.parametrize("level", [5.0, 20.0, 100.0])
@pytest.mark.parametrize("end", [10, 20, 30])
def test_somebody_who_leaves_with_a_very_different_level_raises_no_slide(level: float, end: int) -> None:
    weeks = 45
    generator = np.random.default_rng(end)
    steady = {f"p{row}": [float(75 + value) for value in generator.integers(-5, 5, weeks)] for row in range(4)}
    leaves: Percents = {**steady, "old": [*[level] * end, *[None] * (weeks - end)]}
    assert {one.state for one in verdicts(team_weeks(leaves), ANY_LEVEL)[6:]} <= {State.HEALTHY, State.WATCH}


EXTREMES: dict[str, list[Evidence]] = {
    "all equal": team(*[60.0] * 20, apart=0.0),
    "all nothing": team(*[0.0] * 20, apart=0.0),
    "all planned": team(*[100.0] * 20, apart=0.0),
    "all to nothing": team(*[100.0] * 10, *[0.0] * 20, apart=0.0),
    "nothing to all": team(*[0.0] * 10, *[100.0] * 20, apart=0.0),
    "to and fro": team(*[0.0, 100.0] * 20, apart=0.0),
    "ends apart": team_weeks({"ana": [0.0] * 20, "ben": [100.0] * 20}),
    "one person": team_weeks({"ana": [float(10 * (week % 7)) for week in range(30)]}),
    "one answer a week by turns": team_weeks(
        {f"p{row}": [50.0 + 10 * row if week % 5 == row else None for week in range(40)] for row in range(5)}
    ),
    "everybody once": team_weeks({f"p{row}": [None] * row + [float(row)] for row in range(30)}),
    "two who never met": team_weeks({"ana": [90.0] * 15 + [None] * 20, "ben": [None] * 20 + [10.0] * 15}),
    "empty weeks between": team(*[80.0, None, None] * 12),
    "little hours": team(*[80.0, 20.0] * 12, hours=0.5, apart=5.0),
    "many hours": team(*[80.0, 20.0] * 12, hours=90.0, apart=5.0),
    "a roster of others": team(*[60.0] * 20, members=["dora"]),
    "an empty roster": team(*[60.0] * 20, members=[]),
    "other questions each week": team(*[60.0] * 20, anew=range(20)),
    "weeks far apart": [
        replace(one, totals=replace(one.totals, week=FIRST.shift(number * 9)))
        for number, one in enumerate(team(*[60.0, 70.0] * 20))
    ],
}


@pytest.mark.parametrize("what", EXTREMES)
def test_extreme_answers_give_finite_shares(what: str) -> None:
    evidence = EXTREMES[what]
    for thresholds in (Thresholds(), Thresholds(daily_rota=True, false_alarms=0.7)):
        found = judge(tell(evidence), thresholds)
        assert [one.week for one in found] == [one.week for one in evidence]
        sound(found)
    drawn = Answers(evidence).adjusted()
    assert all(math.isfinite(one.share) and one.low <= one.share <= one.high for one in drawn)


@pytest.mark.parametrize("what", ["all equal", "all nothing", "all planned", "ends apart", "weeks far apart"])
def test_extremes_that_do_not_move_are_no_slide(what: str) -> None:
    assert State.SLIDING not in {one.state for one in judge(tell(EXTREMES[what]))}


def test_two_who_never_met_are_not_held_against_each_other_as_if_they_were_one() -> None:
    assert State.SLIDING not in {one.state for one in verdicts(EXTREMES["two who never met"], ANY_LEVEL)}


def test_ten_years_of_weeks_and_two_hundred_members_give_finite_shares() -> None:
    generator = np.random.default_rng(11)
    long = generator.integers(0, 101, size=(3, 520)).astype(float)
    sound(judge(tell(team_weeks({f"p{row}": list(long[row]) for row in range(3)}))))
    wide = generator.integers(0, 101, size=(200, 30)).astype(float)
    sound(judge(tell(team_weeks({f"p{row}": list(wide[row]) for row in range(200)}))))


@few
@given(teams(weeks=20))
def test_the_picture_agrees_with_the_newest_verdict(people: Percents) -> None:
    evidence = team_weeks(people)
    drawn, told = Answers(evidence).adjusted(), tell(evidence)
    answered = [one for one in evidence if one.said]
    if not drawn:
        assert len(answered) < 6
        return
    assert [one.week for one in drawn] == [one.week for one in answered]
    verdict = judge(told, ANY_LEVEL)[evidence.index(answered[-1])]
    lines = [one.fitted for one in drawn]
    if verdict.planned_share is not None:
        assert drawn[-1].clipped is verdict.clipped
        shown = np.mean([min(100.0, max(0.0, one.share)) for one in drawn[-4:]]) / 100
        inside = all(0 <= one.share <= 100 and not one.clipped for one in drawn[-4:])
        assert not inside or shown == pytest.approx(verdict.planned_share)
    if verdict.fall:
        assert lines[0] is not None
        assert lines[-1] is not None
        assert (lines[0] - lines[-1]) / 100 == pytest.approx(verdict.fall.size, abs=1e-6)
        falls = [
            one.week for one, line in zip(drawn, lines, strict=True) if line is not None and line < lines[0] - 1e-9
        ]
        assert falls[0] == verdict.fall.onset


# That an interval holds what it says, on teams made as the method assumes.


def made(generator: np.random.Generator, falls: Sequence[float]) -> tuple[float, list[Evidence]]:
    """Make six people of whom four in five answer; give their true level before any fall, and their answers."""
    weeks = len(falls)
    own, noise = 55 + 10 * generator.normal(size=6), generator.normal(size=weeks)
    for week in range(1, weeks):
        noise[week] = 0.3 * noise[week - 1] + math.sqrt(1 - 0.3**2) * noise[week]
    answers = own[:, None] - np.array(falls) + 3.5 * noise + 11 * generator.normal(size=(6, weeks))
    missing = generator.random(answers.shape) < 0.2
    people = {
        f"p{row}": [None if out else float(value) for value, out in zip(answers[row], missing[row], strict=True)]
        for row in range(6)
    }
    return float(own.mean()) / 100, team_weeks(people, members=people)


def test_the_interval_of_a_level_holds_the_truth_19_times_in_20() -> None:
    generator = np.random.default_rng(2)
    held = []
    for _ in range(250):
        truth, evidence = made(generator, [0.0] * 24)
        (*_, (_, _, look)) = Answers(evidence, dated=False).looks()
        assert look is not None
        held.append(abs(look.reading.level / 100 - truth) <= 1.96 * look.reading.error / 100)
    assert 0.91 <= np.mean(held) <= 0.985
