from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from bau_tracker.domain.adjusted_line import shown_line
from bau_tracker.domain.evidence import Evidence, Said
from bau_tracker.domain.looks import Adjusted, Answers
from bau_tracker.domain.privacy import ROUNDING
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.weeks import Week

FIRST: Final = Week(date(2026, 1, 5))
TEAM: Final = ("a", "b", "c", "d", "e")


def seen(number: int, share: float = 0.7, *, hidden: bool = False, rounded: bool = False) -> WeekTotals:
    week = FIRST.shift(number)
    if hidden:
        return WeekTotals(week, respondents=2, expected=5, hidden=True)
    hours = {"planned": share * 200, "defect": (1 - share) * 200}
    return WeekTotals(week, hours=hours, respondents=5, expected=5, rounded=rounded)


def point(number: int, share: float, fitted: float | None = None) -> Adjusted:
    return Adjusted(FIRST.shift(number), share, share - 5.2, share + 5.2, clipped=False, fitted=fitted)


def answered(number: int, shares: Mapping[str, float], members: Sequence[str]) -> Evidence:
    said = {name: Said(share, 40.0) for name, share in shares.items()}
    planned = sum(shares.values()) * 40
    totals = WeekTotals(
        FIRST.shift(number),
        hours={"planned": planned, "defect": 40.0 * len(shares) - planned},
        respondents=len(shares),
        expected=len(members),
    )
    return Evidence(totals, said, frozenset(members))


def calm(weeks: int, **others: float) -> list[Evidence]:
    """Let a team answer for some weeks, each person with a level of their own that moves a little from week to week."""
    people = {name: 0.6 + 0.05 * place for place, name in enumerate(TEAM)} | others
    return [
        answered(number, {name: level + 0.02 * (number % 3) for name, level in people.items()}, tuple(people))
        for number in range(weeks)
    ]


def line(evidence: Sequence[Evidence], rounded: Sequence[int] = ()) -> list[Adjusted]:
    """Give the line as somebody sees it to whom some weeks are rounded."""
    weeks = [replace(one.totals, rounded=number in rounded) for number, one in enumerate(evidence)]
    shares = [round(week.planned_share or 0.0, 3) for week in weeks]
    steps = [round(round(share / ROUNDING) * ROUNDING, 3) for share in shares]
    shown = [
        seen(number, steps[number] if week.rounded else shares[number], rounded=week.rounded)
        for number, week in enumerate(weeks)
    ]
    return shown_line(Answers(evidence).adjusted(), shown)


def test_a_week_that_is_hidden_from_the_viewer_is_not_on_the_line() -> None:
    shown = shown_line([point(0, 70), point(1, 71), point(2, 72)], [seen(0), seen(1, hidden=True), seen(2)])
    assert [one.week for one in shown] == [FIRST, FIRST.shift(2)]


def test_a_hidden_week_does_not_move_the_others() -> None:
    weeks = [seen(0), seen(1, hidden=True), seen(2)]
    low, high = ([point(0, 70), point(1, hidden), point(2, 70)] for hidden in (10.0, 90.0))
    assert shown_line(low, weeks) == shown_line(high, weeks)


def test_figures_are_whole_percents_and_steps_of_five_where_the_week_is_rounded() -> None:
    weeks = [seen(0, 0.713), seen(1, 0.7, rounded=True), seen(2, 0.713)]
    shown = shown_line([point(number, 71.3, fitted=70.4) for number in range(3)], weeks)
    assert [(one.share, one.low, one.high) for one in shown] == [(71, 66, 76), (70, 65, 75), (71, 66, 76)]
    assert [one.fitted for one in shown] == [70, None, 70]


def test_nothing_lies_outside_0_and_100() -> None:
    (one,) = shown_line([point(0, 99.0)], [seen(0, 0.99)])
    assert (one.share, one.high) == (99, 100)


def test_the_line_lies_at_the_height_of_the_newest_figures() -> None:
    shown = shown_line(
        [point(number, 50.0 + number) for number in range(6)], [seen(number, 0.8) for number in range(6)]
    )
    assert sum(one.share for one in shown[-4:]) / 4 == pytest.approx(80, abs=0.5)


def test_a_viewer_without_any_figure_sees_no_line() -> None:
    assert shown_line([point(0, 70), point(1, 70)], [seen(0, hidden=True), seen(1, hidden=True)]) == []


def test_somebody_who_leaves_moves_the_line_by_no_more_than_the_published_figures_say() -> None:
    """Against reading a leaver's usual level off the step of a whole line, more finely than off any figure."""
    before = calm(21, f=0.1)
    after = [
        *before,
        *(
            replace(one, totals=replace(one.totals, week=FIRST.shift(21 + number)))
            for number, one in enumerate(calm(6))
        ),
    ]
    steps = {new.share - old.share for old, new in zip(line(before), line(after), strict=False)}
    published = [(one.totals.planned_share or 0.0) * 100 for one in after]
    told = sum(published[-4:]) / 4 - sum(published[17:21]) / 4
    assert all(step == pytest.approx(told, abs=1) for step in steps)


@pytest.mark.parametrize("weeks", [8, 30])
def test_what_a_newcomer_said_in_a_rounded_week_can_not_be_told_from_the_line(weeks: int) -> None:
    """Play through all that a newcomer may have said, with all the others as ever: each picture has many sources.

    At the ends of the scale fewer answers are left that could be meant.
    """
    pictures: dict[tuple[object, ...], list[int]] = {}
    for said in range(0, 101, 5):
        shares = {name: one.share for name, one in calm(weeks + 1)[-1].said.items()} | {"new": said / 100}
        evidence = [*calm(weeks), answered(weeks, shares, (*TEAM, "new"))]
        shown = tuple((one.share, one.low, one.high, one.fitted) for one in line(evidence, rounded=[weeks]))
        pictures.setdefault(shown, []).append(said)
    inner = [sources for sources in pictures.values() if 0 not in sources and 100 not in sources]
    assert len(pictures) <= 5
    assert all(max(sources) - min(sources) >= 15 for sources in inner), inner
