from __future__ import annotations

from datetime import date

from bau_tracker.domain.previews import COMPARED_WEEKS, Alarm, alarms_in, compare, comparison_words
from bau_tracker.domain.verdicts import Fall, Level, State, Verdict
from bau_tracker.domain.weeks import Week

FIRST = Week(date(2026, 1, 5))
STATES = {
    ".": State.HEALTHY,
    "w": State.WATCH,
    "s": State.SLIDING,
    "p": State.SLIDING,
    "r": State.RECOVERING,
    "?": State.NOT_ENOUGH_DATA,
}


def verdicts(letters: str, *, fell: int | None = None) -> list[Verdict]:
    """Make a week for each letter: healthy, watch, early warning (s), pitfall (p), recovering, not enough data."""
    fall = None if fell is None else Fall(FIRST.shift(fell), 0.1, 0.05, 0.15)
    return [
        Verdict(FIRST.shift(number), STATES[letter], Level.HEALTHY, corroborated=letter == "p", fall=fall)
        for number, letter in enumerate(letters)
    ]


def words(now: str, tried: str, *, fell: int | None = None) -> str:
    before, after = verdicts(now, fell=fell), verdicts(tried, fell=fell)
    return comparison_words(compare(before, after, {verdict.week for verdict in before}))


def weeks_of(alarms: list[Alarm]) -> list[tuple[int, int]]:
    return [(alarm.begun - FIRST, alarm.last - FIRST) for alarm in alarms]


def test_an_alarm_is_one_however_it_turns_between_early_warning_and_pitfall() -> None:
    assert weeks_of(alarms_in(verdicts("..wssppss.r"))) == [(3, 8)]


def test_a_slide_after_something_else_is_another_alarm_and_after_silence_the_same() -> None:
    assert weeks_of(alarms_in(verdicts("ss.ss"))) == [(0, 1), (3, 4)]
    assert weeks_of(alarms_in(verdicts("ss??s.?s"))) == [(0, 4), (7, 7)]
    assert alarms_in(verdicts("..ww?")) == []


def test_an_alarm_says_when_the_fall_began_or_else_when_it_was_seen() -> None:
    assert alarms_in(verdicts("...s", fell=1))[0].since == FIRST.shift(1)
    assert alarms_in(verdicts("...s"))[0].since == FIRST.shift(3)


def test_a_slide_seen_earlier_is_said_with_its_weeks() -> None:
    said = words("......sss", "....sssss", fell=3)
    assert said == (
        "With these settings 1 alarm, as now, in the last 9 weeks; the slide since 2026-W05 would have been seen "
        "2 weeks earlier. 2 weeks would have been called otherwise."
    )
    assert "would have been seen 1 week later. 1 week would" in words("....sss", ".....ss")


def test_alarms_that_come_on_top_or_not_at_all_are_said() -> None:
    more = words("......sss", "ss....sss")
    assert more.startswith("With these settings 2 alarms instead of 1 in the last 9 weeks; a slide since 2026-W02")
    none = words("......sss", ".........", fell=4)
    assert none.startswith("With these settings no alarms instead of 1 in the last 9 weeks; the slide since 2026-W06")
    assert "would not have been seen" in none


def test_more_than_three_shifts_are_counted() -> None:
    said = words(".........", "s.s.s.s.s")
    assert "5 alarms instead of 0" in said
    assert said.count("a slide since") == 3
    assert "2 more differ" in said


def test_without_a_difference_one_sentence_says_so() -> None:
    assert words(".ss", ".pp").endswith("2 weeks would have been called otherwise.")
    assert words("..s", "..s") == (
        "With these settings nothing would have been different in the last 3 weeks: 1 alarm, as now."
    )
    assert words(".", "w").startswith("With these settings no alarms, as now, in the one week there is.")
    assert words("", "") == "No week can be compared yet."


def test_weeks_that_are_not_shown_are_left_out_of_all_of_it() -> None:
    now, tried = verdicts("....ss..ss"), verdicts("..........")
    shown = {FIRST.shift(number) for number in (0, 1, 2, 3, 6, 7, 8, 9)}
    found = compare(now, tried, shown)
    assert {week.week for week in found.weeks} == shown
    assert weeks_of(list(found.now)) == [(8, 9)]
    assert FIRST.shift(4) not in {span.first for span in found.spans}


def test_only_the_newest_year_is_compared_and_a_slide_from_before_did_not_begin_in_it() -> None:
    now = verdicts("ss" * 5 + "." * COMPARED_WEEKS)
    found = compare(now, now, {verdict.week for verdict in now})
    assert (len(found.weeks), found.now) == (COMPARED_WEEKS, [])
    slid = verdicts("." * 5 + "s" * COMPARED_WEEKS)
    assert len(compare(slid, slid, {verdict.week for verdict in slid}).now) == 1
    before = verdicts("s" * (COMPARED_WEEKS + 5))
    assert compare(before, before, {verdict.week for verdict in before}).now == []


def test_weeks_in_a_row_that_differ_alike_stand_together() -> None:
    now, tried = verdicts(".....w.."), verdicts("..ww.ww.")
    spans = compare(now, tried, {verdict.week for verdict in now}).spans
    assert [(span.first - FIRST, span.last - FIRST) for span in spans] == [(2, 3), (6, 6)]
