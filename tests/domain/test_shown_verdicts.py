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


def test_sums_of_complaints_and_kinds_show_only_where_each_of_their_weeks_does() -> None:
    for back in (4, 20, 52):
        for one in (seen(back, hidden=True, respondents=3), seen(back, rounded=True)):
            found = shown_verdict(SLIDE, year(one), {one.week} if one.hidden else set())
            assert (found.complaints, found.grown, found.planned_share) == (None, (), 0.61)
        unasked = seen(back, complaint_answers=0)
        found = shown_verdict(SLIDE, year(unasked), set())
        assert (found.complaints, found.grown) == (None, SLIDE.grown)
    long_ago = seen(53, hidden=True, respondents=3)
    assert shown_verdict(SLIDE, year(long_ago), {long_ago.week}) == SLIDE


def test_a_slide_without_figures_of_complaints_is_still_said_to_have_them() -> None:
    found = shown_verdict(SLIDE, year(seen(9, rounded=True)), set())
    assert "Members complain more than usual; the figures would give single answers away." in reason(found)
    warning = Verdict(NEWEST, State.SLIDING, planned_share=0.6, earlier_share=0.8, fall=SLIDE.fall)
    assert "No complaints are known that confirm it: an early warning." in reason(warning)
