from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bau_tracker.domain.alerts import (
    CALM_WEEKS,
    SILENT_WEEKS,
    Alarm,
    Said,
    Turn,
    is_alarming,
    severity,
    summary_week,
    turn,
)
from bau_tracker.domain.verdicts import Signal
from bau_tracker.domain.weeks import Week

FIRST = Week.parse("2025-W01")
HEALTHY, WATCH, EARLY, PITFALL = Signal.HEALTHY, Signal.WATCH, Signal.EARLY_WARNING, Signal.PITFALL
EXCESSIVE, RECOVERING, NOTHING = Signal.EXCESSIVE, Signal.RECOVERING, Signal.NOT_ENOUGH_DATA


def said(signals: Iterable[Signal]) -> list[Said]:
    return [Said(FIRST.shift(number), signal) for number, signal in enumerate(signals)]


def newest(series: Sequence[Said]) -> Week:
    return series[-1].week


def run(signals: Sequence[Signal]) -> tuple[list[Alarm], list[int]]:
    """Go through a series as it came, week by week; give the alarms, and the numbers of the weeks that ended one."""
    alarms: list[Alarm] = []
    ended: list[int] = []
    open_: Alarm | None = None
    series = said(signals)
    for number in range(len(series)):
        found = turn(series[: number + 1], open_, series[number].week)
        if found.ends:
            ended.append(number)
            open_ = None
        if found.alarm:
            alarms.append(found.alarm)
            open_ = found.alarm
        assert turn(series[: number + 1], open_, series[number].week) == Turn(), "asking again changes nothing"
    return alarms, ended


def weeks(alarms: Sequence[Alarm]) -> list[tuple[int, Signal]]:
    return [(alarm.week - FIRST, alarm.signal) for alarm in alarms]


@pytest.mark.parametrize("calm", [HEALTHY, WATCH, RECOVERING, Signal.LOW, NOTHING])
@pytest.mark.parametrize("bad", [EARLY, PITFALL, EXCESSIVE])
def test_turning_bad_is_told_once_with_what_it_was_before(calm: Signal, bad: Signal) -> None:
    alarms, ended = run([calm] * 3 + [bad] * 5)
    assert alarms == [Alarm(FIRST.shift(3), bad, calm, FIRST.shift(3))]
    assert ended == []


def test_watch_and_recovering_alarm_nobody() -> None:
    assert run([HEALTHY, WATCH, RECOVERING, Signal.LOW, WATCH, NOTHING]) == ([], [])


def test_worse_is_told_again_and_less_bad_is_not() -> None:
    alarms, _ = run([HEALTHY, EARLY, EARLY, PITFALL, EARLY, PITFALL, EXCESSIVE])
    assert weeks(alarms) == [(1, EARLY), (3, PITFALL)]
    assert alarms[1].turned_from is EARLY


def test_a_slide_that_flickers_is_one_slide() -> None:
    alarms, ended = run([HEALTHY, EARLY, RECOVERING, RECOVERING, EARLY, RECOVERING, HEALTHY, HEALTHY, EARLY])
    assert weeks(alarms) == [(1, EARLY)]
    assert ended == []


def test_it_is_over_after_some_calm_weeks_and_then_a_new_slide_is_told() -> None:
    alarms, ended = run([HEALTHY, EARLY, *[RECOVERING] * CALM_WEEKS, HEALTHY, EARLY])
    assert weeks(alarms) == [(1, EARLY), (7, EARLY)]
    assert ended == [1 + CALM_WEEKS]


def test_weeks_without_enough_data_neither_end_nor_begin_anything() -> None:
    alarms, ended = run([HEALTHY, EARLY, *[NOTHING] * 6, EARLY, NOTHING, PITFALL])
    assert weeks(alarms) == [(1, EARLY), (10, PITFALL)]
    assert alarms[1].turned_from is EARLY
    assert ended == []


def test_a_team_that_fell_silent_for_a_quarter_has_no_open_alarm() -> None:
    _, ended = run([HEALTHY, EARLY, *[NOTHING] * SILENT_WEEKS])
    assert ended == [1 + SILENT_WEEKS]
    assert turn([], Alarm(FIRST, EARLY, HEALTHY, FIRST), FIRST.shift(30)) == Turn(ends=True)


def test_a_change_of_the_past_that_still_stands_is_told_as_found_late() -> None:
    series = said([HEALTHY, HEALTHY, EARLY, EARLY, EARLY])
    alarm = turn(series, None, newest(series)).alarm
    assert alarm == Alarm(FIRST.shift(2), EARLY, HEALTHY, FIRST.shift(4))
    assert alarm.is_late
    assert not Alarm(FIRST, EARLY, HEALTHY, FIRST).is_late


@pytest.mark.parametrize("now", [HEALTHY, RECOVERING, WATCH, NOTHING])
def test_a_change_of_the_past_that_the_newest_verdict_does_not_say_any_more_alarms_nobody(now: Signal) -> None:
    series = said([HEALTHY, PITFALL, PITFALL, now])
    assert turn(series, None, newest(series)) == Turn()


def test_an_old_import_alarms_nobody() -> None:
    series = said([HEALTHY, PITFALL])
    assert turn(series, None, FIRST.shift(4)).alarm is not None
    assert turn(series, None, FIRST.shift(5)) == Turn()


def test_an_alarm_that_a_recomputation_takes_back_is_over() -> None:
    told = Alarm(FIRST.shift(5), EARLY, HEALTHY, FIRST.shift(5))
    series = said([HEALTHY] * 6)
    assert turn(series, told, newest(series)) == Turn(ends=True, is_calm=True)


def test_a_slide_after_a_calm_time_that_no_run_saw_is_a_new_one() -> None:
    told = Alarm(FIRST.shift(1), EARLY, HEALTHY, FIRST.shift(1))
    series = said([HEALTHY, EARLY, *[HEALTHY] * CALM_WEEKS, EARLY])
    assert turn(series, told, newest(series)) == Turn(
        Alarm(newest(series), EARLY, HEALTHY, newest(series)), ends=True, is_calm=True
    )


def slides(signals: Sequence[Signal]) -> list[list[tuple[int, Signal]]]:
    """Part a series into slides, told apart by calm weeks: the rule in other words, to compare with."""
    found: list[list[tuple[int, Signal]]] = []
    calm = CALM_WEEKS
    for number, signal in enumerate(signals):
        if is_alarming(signal):
            if calm >= CALM_WEEKS:
                found.append([])
            found[-1].append((number, signal))
            calm = 0
        elif signal is not NOTHING:
            calm += 1
    return found


def records(slide: Sequence[tuple[int, Signal]]) -> list[tuple[int, Signal]]:
    """Give where a slide became worse than ever before in it."""
    kept: list[tuple[int, Signal]] = []
    for number, signal in slide:
        if not kept or severity(signal) > severity(kept[-1][1]):
            kept.append((number, signal))
    return kept


@pytest.mark.parametrize("seed", range(40))
def test_over_years_of_any_verdicts_each_change_is_told_once_and_none_is_lost(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  (no secret)
    signals: list[Signal] = []
    while len(signals) < 520:
        gap = [NOTHING] * draw.choice([0, 0, 0, 1, SILENT_WEEKS - 1])
        signals += [draw.choice(list(Signal))] * draw.randint(1, 7) + gap
    signals = [signal for signal, before in zip(signals, _last_said(signals), strict=True) if before < SILENT_WEEKS]
    alarms, _ = run(signals)
    assert weeks(alarms) == [one for slide in slides(signals) for one in records(slide)]
    assert not any(alarm.is_late for alarm in alarms)


def _last_said(signals: Sequence[Signal]) -> list[int]:
    """Count for each week the weeks since the last with a verdict."""
    counts, silent = [], 0
    for signal in signals:
        silent = silent + 1 if signal is NOTHING else 0
        counts.append(silent)
    return counts


@given(
    st.lists(st.sampled_from(list(Signal)), min_size=1, max_size=60),
    st.lists(st.sampled_from(list(Signal)), min_size=1, max_size=60),
)
def test_whatever_a_recomputation_says_only_what_stands_now_alarms_and_only_once(
    before: list[Signal], after: list[Signal]
) -> None:
    length = min(len(before), len(after))
    first, second = said(before[:length]), said(after[:length])
    told = turn(first, None, newest(first)).alarm
    found = turn(second, told, newest(second))
    if found.alarm:
        assert found.alarm.signal is second[-1].signal
        assert found.ends or told is None or severity(found.alarm.signal) > severity(told.signal)
    left = found.alarm or (None if found.ends else told)
    assert turn(second, left, newest(second)) == Turn()


def test_a_weekly_summary_is_due_from_wednesday_noon_on_in_the_last_of_the_zones() -> None:
    zones = [ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")]
    noon = datetime(2026, 11, 25, 11, tzinfo=UTC)
    week = Week.parse("2026-W48")
    assert summary_week(zones, noon) == (week, noon)
    assert summary_week(zones, noon - timedelta(seconds=1)) == (week.shift(-1), noon - timedelta(weeks=1))
    assert summary_week(zones, noon + timedelta(days=6)) == (week, noon)
    assert summary_week([], noon) is None
