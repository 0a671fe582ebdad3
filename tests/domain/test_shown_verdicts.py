from __future__ import annotations

from bau_tracker.domain.reasons import reason
from bau_tracker.domain.shown_verdicts import shown_verdict
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import Kind
from bau_tracker.domain.verdicts import Complaints, Fall, Growth, Level, Signal, State, Verdict
from bau_tracker.domain.weeks import Week

NEWEST = Week.parse("2026-W47")
SLIDE = Verdict(
    NEWEST,
    State.SLIDING,
    Level.LOW,
    corroborated=True,
    planned_share=0.61,
    low=0.56,
    high=0.66,
    earlier_share=0.74,
    fall=Fall(NEWEST.shift(-3), 0.13, 0.08, 0.18),
    complaints=Complaints(0.5, 0.1),
    grown=(Growth(Kind.DEFECT, 0.1, 0.25),),
)


def seen(back: int, **values: int) -> WeekTotals:
    usual = {"respondents": 4, "expected": 4, "complaint_answers": 4}
    return WeekTotals(NEWEST.shift(-back), **(usual | values))  # type: ignore[arg-type]  # counts, and yes or no


def year(*instead: WeekTotals) -> list[WeekTotals]:
    weeks = {totals.week: totals for totals in [*(seen(back) for back in range(60)), *instead]}
    return [weeks[week] for week in sorted(weeks)]


def test_who_may_see_all_weeks_sees_all_figures() -> None:
    assert shown_verdict(SLIDE, year(), set()) == SLIDE


def test_a_week_one_may_not_see_among_the_newest_four_takes_every_figure_away_and_leaves_the_word() -> None:
    for back in range(4):
        hidden = seen(back, hidden=True, respondents=3)
        found = shown_verdict(SLIDE, year(hidden), {hidden.week})
        assert found.signal is Signal.PITFALL
        assert {found.planned_share, found.low, found.high, found.earlier_share, found.fall, found.complaints} == {None}
        assert found.grown == ()
        assert reason(found) == "Why is not shown to you: too few others answered in its newest weeks."


def test_the_newest_four_are_those_with_answers_that_count() -> None:
    hidden = seen(6, hidden=True, respondents=3)
    silent = [seen(back, respondents=0) for back in (0, 1)]
    small = seen(2, hidden=True, respondents=2)
    assert shown_verdict(SLIDE, year(hidden, *silent, small), {hidden.week}).planned_share is None
    assert shown_verdict(SLIDE, year(hidden), {hidden.week}).planned_share == 0.61
    assert shown_verdict(SLIDE, year(small), set()) == SLIDE


def test_a_sum_of_complaints_shows_only_where_each_of_its_weeks_does() -> None:
    rounded = seen(2, rounded=True)
    assert shown_verdict(SLIDE, year(rounded), set()).complaints is None
    assert shown_verdict(SLIDE, year(seen(2, complaint_answers=0)), set()).complaints is None
    for back in (4, 20, 29):
        hidden, unasked = seen(back, hidden=True, respondents=3), seen(back, complaint_answers=0)
        for one in (hidden, unasked, seen(back, rounded=True)):
            found = shown_verdict(SLIDE, year(one), {one.week} if one.hidden else set())
            assert (found.complaints, found.planned_share) == (Complaints(0.5), 0.61)
    before_the_norm = seen(30, hidden=True, respondents=3)
    assert shown_verdict(SLIDE, year(before_the_norm), {before_the_norm.week}) == SLIDE


def test_kinds_that_grew_show_only_where_each_of_their_weeks_does() -> None:
    for back in (1, 4, 29):
        assert shown_verdict(SLIDE, year(seen(back, rounded=True)), set()).grown == ()
    hidden = seen(20, hidden=True, respondents=3)
    assert shown_verdict(SLIDE, year(hidden), {hidden.week}).grown == ()
    assert shown_verdict(SLIDE, year(seen(20, complaint_answers=0)), set()).grown == SLIDE.grown
    assert shown_verdict(SLIDE, year(seen(30, rounded=True)), set()).grown == SLIDE.grown


def test_a_slide_without_figures_of_complaints_is_still_said_to_have_them() -> None:
    found = shown_verdict(SLIDE, year(seen(1, rounded=True)), set())
    assert "Members complain more than usual; the figures would give single answers away." in reason(found)
    warning = Verdict(NEWEST, State.SLIDING, planned_share=0.6, earlier_share=0.8, fall=SLIDE.fall)
    assert "No complaints are known that confirm it: an early warning." in reason(warning)
