from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.privacy import (
    NEIGHBOURS,
    Minimums,
    Release,
    is_kept,
    may_replace,
    may_show_comments,
    pools,
    shown_to,
)
from bau_tracker.domain.statistics import WeekTotals, add_up
from bau_tracker.domain.surveys import Answer, TimeSplit
from bau_tracker.domain.taxonomy import Chip, Kind
from bau_tracker.domain.weeks import Week
from tests.factories import make_answer

WEEK = Week(date(2026, 11, 16))
DEFAULT = Minimums()
NOBODY: Final[dict[Week, set[tuple[str, int]]]] = {}
BLOCK = Week.parse("2026-W42")  # the first week of a block of four


def answered(number: int, away: int = 0) -> list[Answer]:
    return [make_answer(excessive=(Chip.ALERTS,), callouts=1.0)] * number + [Answer(away=True)] * away


def release(
    names: str, week: Week = WEEK, *, members: int | None = None, away: int = 0, answer: Answer | None = None
) -> Release:
    """Give a week that each of these letters answered; everybody who was asked did, unless told otherwise."""
    given = [answer] * len(names) if answer else answered(len(names))
    totals = add_up(week, [*given, *[Answer(away=True)] * away], members=members or len(names) + away)
    return Release(totals, dict.fromkeys(names, 1))


def knows(names: str, week: Week = WEEK) -> dict[Week, set[tuple[str, int]]]:
    return {week: {(name, 1) for name in names}}


def shown(release: Release, known: str = "") -> WeekTotals:
    (totals,) = shown_to([release], knows(known, release.totals.week))
    return totals


def test_the_minimums_are_three_for_hours_and_five_for_comments() -> None:
    assert (DEFAULT.time_split, DEFAULT.comments) == (3, 5)


@pytest.mark.parametrize(
    ("time_split", "comments", "field"),
    [(2, 5, "time_split"), (21, 21, "time_split"), (5, 4, "comments"), (3, 21, "comments")],
)
def test_minimums_that_protect_nobody_or_show_nothing_are_refused(time_split: int, comments: int, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Minimums(time_split, comments)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("names", "known", "is_shown"),
    [
        ("abc", "", True),
        ("ab", "", False),
        ("abcd", "a", True),
        ("abc", "a", False),
        ("a", "a", False),
        ("a", "", False),
        ("abcdefg", "abcde", False),
        ("abcdefg", "abcd", True),
    ],
)
def test_hours_show_when_three_others_than_the_viewer_answered(names: str, known: str, is_shown: bool) -> None:
    assert shown(release(names, away=2), known).hidden is not is_shown


def test_a_team_that_wants_more_answers_gets_its_way() -> None:
    strict = replace(release("abcd"), minimums=Minimums(time_split=5))
    assert shown(strict).hidden
    assert not shown(release("abcd")).hidden


def test_of_a_hidden_week_only_counts_of_answers_are_left() -> None:
    hidden = shown(release("ab", members=6, away=1))
    assert (hidden.week, hidden.respondents, hidden.away, hidden.expected) == (WEEK, 2, 1, 5)
    assert (hidden.hours, hidden.callouts, hidden.chips) == ({}, 0, {})
    assert (hidden.complaint_answers, hidden.complaining, hidden.deferred, hidden.deferred_answers) == (0, 0, 0, 0)
    assert hidden.planned_share is None


def test_a_week_without_answers_is_a_gap_and_not_a_secret() -> None:
    empty = release("", members=6, away=3)
    assert shown(empty) == empty.totals


def test_people_who_were_away_protect_nobody() -> None:
    assert shown(release("ab", away=5)).hidden


def test_who_imported_every_answer_of_a_week_sees_it_as_nobody_is_left_to_protect() -> None:
    assert not shown(release("abcd"), "abcd").hidden
    assert shown(release("ab"), "ab").hidden


def test_an_answer_that_replaced_the_one_a_viewer_knows_is_not_known() -> None:
    newer = replace(release("abcd"), group={"a": 2, "b": 1, "c": 1, "d": 1})
    (totals,) = shown_to([newer], knows("ab"))
    assert not totals.hidden
    (totals,) = shown_to([newer], knows("abcd"))
    assert totals.hidden


@pytest.mark.parametrize(
    ("names", "known", "is_shown"),
    [("abcde", "", True), ("abcd", "", False), ("abcde", "a", False), ("abcdef", "a", True)],
)
def test_comments_show_when_five_others_than_the_viewer_answered(names: str, known: str, is_shown: bool) -> None:
    assert may_show_comments(release(names), knows(known)) is is_shown


# --- a week that changes after it was published


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [
        ({"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1, "d": 1}, False),
        ({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 1, "c": 1}, False),
        ({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 1, "d": 1}, False),
        ({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 1, "d": 1, "e": 1}, True),
        ({"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 2}, True),
        ({"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1}, False),
        ({"a": 1}, {"a": 2}, False),
        ({}, {"a": 1, "b": 1}, False),
        ({}, {"a": 1, "b": 1, "c": 1}, True),
        ({"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1}, False),
    ],
)
def test_published_figures_are_replaced_when_more_than_three_answers_differ_or_all(
    before: dict[str, int], after: dict[str, int], replaced: bool
) -> None:
    assert may_replace(before, after, DEFAULT) is replaced


def test_what_people_saw_is_kept_and_what_they_could_not_see_is_not() -> None:
    first, second = {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1, "d": 1}
    for over in (True, False):
        assert is_kept(None, first, DEFAULT, block_is_over=over)
        assert not is_kept({}, {"a": 1}, DEFAULT, block_is_over=over)
        assert not is_kept(first, second, DEFAULT, block_is_over=over)
        assert is_kept(first, dict.fromkeys("abcdefg", 1), DEFAULT, block_is_over=over)


def test_of_a_small_week_nobody_saw_anything_before_its_block_was_over() -> None:
    for small in ({}, {"a": 1, "b": 1}):
        assert is_kept(None, small, DEFAULT, block_is_over=True)
        assert not is_kept(None, small, DEFAULT, block_is_over=False)


def test_a_small_week_that_was_shown_with_others_stays_as_it_is() -> None:
    small = {"a": 1, "b": 1}
    assert not may_replace(small, dict.fromkeys("abcdefg", 1), DEFAULT)
    assert not may_replace(small, {"a": 2, "b": 2, "c": 1}, DEFAULT)


# --- what one person's odd hours would give away


def test_sums_are_multiples_of_the_smallest_amount_that_the_form_takes() -> None:
    odd = Answer(TimeSplit(planned=20.25, defect=10.125, support=1.5, overhead=8.1))
    week = shown(replace(release("abcde", answer=odd), unit=2.0))
    assert (week.hours["planned"], week.hours["defect"], week.hours["support"], week.hours["overhead"]) == (
        102.0, 50.0, 8.0, 40.0,
    )  # fmt: skip


@given(st.lists(st.integers(0, 20), min_size=3, max_size=6), st.integers(0, 20), st.floats(30, 50))
def test_hours_that_a_lead_set_for_one_person_cannot_be_read_off_the_remainder(
    others: list[int], theirs: int, hours: float
) -> None:
    """All but one have 40 hours and answer in steps of 5 %, so that what is left of two hours would be the one's."""
    given_by = [_placed(share * 2, 40 - share * 2) for share in others]
    one = _placed(theirs * hours / 20, hours - theirs * hours / 20)
    totals = add_up(WEEK, [*given_by, one], members=len(others) + 1)
    (week,) = shown_to([Release(totals, dict.fromkeys("abcdefgh"[: len(others) + 1], 1), unit=2.0)], NOBODY)
    assert all(value % 2 == 0 for value in week.hours.values())


def test_complaints_of_which_few_were_asked_do_not_show() -> None:
    asked = make_answer(excessive=(Chip.ALERTS,))
    not_asked = replace(asked, excessive=None, deferred=None)
    totals = add_up(WEEK, [asked, asked, *[not_asked] * 4], members=6)
    (week,) = shown_to([Release(totals, dict.fromkeys("abcdef", 1))], NOBODY)
    assert (week.complaining, week.complaint_answers, week.chips[Chip.ALERTS], week.deferred_answers) == (0, 0, 0, 0)
    enough = add_up(WEEK, [*[asked] * 4, *[not_asked] * 2], members=6)
    (week,) = shown_to([Release(enough, dict.fromkeys("abcdef", 1))], knows("a"))
    assert (week.complaining, week.complaint_answers) == (4, 4)


# --- weeks of groups that differ by one or two


def series(*groups: str, members: int | None = None) -> list[Release]:
    return [release(names, WEEK.shift(number), members=members) for number, names in enumerate(groups)]


@pytest.mark.parametrize(
    ("groups", "rounded"),
    [
        (("abcd", "abcde"), [False, True]),
        (("abcde", "abcd", "abcde"), [False, True, False]),
        (("abcd", "abcde", "abcde"), [False, True, True]),
        (("abcd", "abce"), [False, True]),
        (("abcd", "abcdefg"), [False, False]),
        (("abcd", "abcd"), [False, False]),
    ],
)
def test_a_week_whose_known_group_differs_by_one_or_two_from_one_shown_before_is_rounded(
    groups: tuple[str, ...], rounded: list[bool]
) -> None:
    assert [totals.rounded for totals in shown_to(series(*groups), NOBODY)] == rounded


def test_a_newcomer_is_rounded_away_for_a_month_and_then_counts() -> None:
    weeks = shown_to(series("abcd", *["abcde"] * (NEIGHBOURS + 1)), NOBODY)
    assert [totals.rounded for totals in weeks] == [False] + [True] * NEIGHBOURS + [False]


def test_where_somebody_did_not_answer_nobody_can_tell_whose_answers_differ() -> None:
    assert not any(totals.rounded for totals in shown_to(series("abcd", "abcde", members=6), NOBODY))
    named = [replace(one, names_shown=True) for one in series("abcd", "abcde", members=6)]
    assert [totals.rounded for totals in shown_to(named, NOBODY)] == [False, True]


def test_who_knows_that_the_missing_one_is_themselves_knows_the_group() -> None:
    weeks = [release("abcd", members=5), release("abcde", WEEK.shift(1), members=6)]
    assert [totals.rounded for totals in shown_to(weeks, NOBODY)] == [False, False]
    assert [totals.rounded for totals in shown_to(weeks, NOBODY, {WEEK, WEEK.shift(1)})] == [False, True]


def test_the_viewers_own_coming_and_going_rounds_nothing_for_them() -> None:
    groups = series("abcd", "abcde")
    assert not any(totals.rounded for totals in shown_to(groups, knows("e", WEEK.shift(1))))
    assert shown_to(groups, knows("a") | knows("a", WEEK.shift(1)))[1].rounded


def test_a_rounded_week_adds_up_and_keeps_no_counts_of_complaints() -> None:
    answer = Answer(
        TimeSplit(planned=21, defect=9, support=4, security=0.5, overhead=5.5), excessive=frozenset({Chip.ALERTS})
    )
    _, week = shown_to([release("abcd"), release("abcde", WEEK.shift(1), answer=answer)], NOBODY)
    assert week.planned_share == pytest.approx(0.6)
    assert week.hours["planned"] + week.bau == pytest.approx(170)
    assert week.hours["overhead"] == 30
    assert week.hours["defect"] > week.hours["support"] > 0
    assert (week.complaining, week.complaint_answers, week.callouts, week.chips) == (0, 0, 0, {})
    assert (week.respondents, week.expected, week.hidden) == (5, 5, False)


def test_a_week_without_planned_or_unplanned_hours_has_nothing_to_round_and_is_hidden() -> None:
    idle = Answer(TimeSplit(overhead=40))
    _, week = shown_to([release("abcd"), release("abcde", WEEK.shift(1), answer=idle)], NOBODY)
    assert week.hidden


usual_weeks = st.tuples(st.integers(20, 40), st.floats(0, 1)).map(
    lambda week: _placed(round(week[0] * week[1] * 2) / 2, week[0] - round(week[0] * week[1] * 2) / 2)
)


@given(st.lists(usual_weeks, min_size=3, max_size=7))
def test_a_rounded_week_leaves_open_what_a_newcomer_did_even_if_the_others_did_the_same(others: list[Answer]) -> None:
    """Go through everything that the newcomer may have said: the same figures must leave several hours open."""
    names = "abcdefg"[: len(others)]
    before = Release(add_up(WEEK, others, members=len(others)), dict.fromkeys(names, 1))
    looks: dict[tuple[tuple[str, float], ...], list[float]] = {}
    for planned in range(41):
        now = add_up(WEEK.shift(1), [*others, _placed(planned, 40 - planned)], members=len(others) + 1)
        week = shown_to([before, Release(now, dict(before.group) | {"z": 1})], NOBODY)[1]
        assert week.rounded
        looks.setdefault(tuple(sorted(week.hours.items())), []).append(planned)
    inner = [found for found in looks.values() if min(found) > 0 and max(found) < 40]  # the ends of the scale cut off
    assert all(max(found) - min(found) >= 3 for found in inner)


def _placed(planned: float, bau: float) -> Answer:
    return Answer(TimeSplit(planned=planned, defect=bau))


# --- small weeks together


def small_block(*groups: str, first: Week = BLOCK) -> list[Release]:
    return [release(names, first.shift(number), members=6) for number, names in enumerate(groups)]


def pooled(
    releases: list[Release], known: dict[Week, set[tuple[str, int]]] | None = None
) -> list[tuple[str, str, int]]:
    found = pools(releases, known or {}, last_frozen=releases[-1].totals.week)
    return [(str(pool.first), str(pool.last), pool.answers) for pool in found]


def test_weeks_too_small_to_show_are_shown_four_together_once_all_have_frozen() -> None:
    weeks = small_block("ab", "bc", "", "ac")
    assert pooled(weeks) == [("2026-W42", "2026-W45", 6)]
    assert pooled(weeks[:3]) == []


def test_a_pool_waits_while_one_of_its_weeks_is_open_again() -> None:
    weeks = small_block("ab", "bc", "", "ac")
    assert pools(weeks, {}, last_frozen=weeks[-1].totals.week, open_again={BLOCK.shift(2)}) == []
    assert len(pools(weeks, {}, last_frozen=weeks[-1].totals.week, open_again={BLOCK.shift(4)})) == 1


def test_a_pool_is_of_three_others_or_nothing() -> None:
    assert pooled(small_block("ab", "ab", "ab", "ab")) == []
    known = {BLOCK.shift(number): {("a", 1)} for number in range(4)}
    assert pooled(small_block("ab", "ac", "ab", "ac"), known) == []
    assert pooled(small_block("ab", "ac", "ad", "ac"), known) == [("2026-W42", "2026-W45", 8)]


def test_weeks_that_are_shown_alone_are_in_no_pool() -> None:
    weeks = small_block("ab", "abcd", "bc", "ab")
    assert pooled(weeks) == [("2026-W42", "2026-W45", 6)]
    assert [totals.hidden for totals in shown_to(weeks, NOBODY)] == [True, False, True, True]


def test_nameless_answers_of_several_weeks_may_be_one_persons() -> None:
    weeks = [replace(one, group={f"anonymous:{number}": 1}) for number, one in enumerate(small_block(*"aaaa"))]
    assert pooled(weeks) == []


def test_a_pool_says_the_share_roughly_and_the_biggest_kind() -> None:
    weeks = [
        replace(one, totals=add_up(one.totals.week, [_support()] * len(one.group), members=6))
        for one in small_block("ab", "bc", "cd", "da")
    ]
    (pool,) = pools(weeks, {}, last_frozen=weeks[-1].totals.week)
    assert (pool.planned_share, pool.biggest, pool.weeks) == (0.7, Kind.SUPPORT, 4)


def _support() -> Answer:
    return Answer(TimeSplit(planned=23.5, support=6.5, defect=4))


def test_pools_never_overlap_whatever_the_first_week_is() -> None:
    for start in range(4):
        weeks = small_block(*["ab", "bc"] * 8, first=BLOCK.shift(start))
        found = pools(weeks, {}, last_frozen=weeks[-1].totals.week)
        assert _disjoint((pool.first, pool.last) for pool in found)
        assert len(found) >= 3


def _disjoint(spans: Iterable[tuple[Week, Week]]) -> bool:
    ordered = sorted(spans)
    return all(last < first for (_, last), (first, _) in pairwise(ordered))
