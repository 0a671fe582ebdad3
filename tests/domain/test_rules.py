from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from bau_tracker.domain.privacy import Minimums
from bau_tracker.domain.rules import Rules, read_rules, stored_rules
from bau_tracker.domain.weeks import DayTime, Phase, Week

MONDAY: Final = datetime(2026, 11, 23, 10, tzinfo=UTC)
OPEN_WEEK: Final = Week.parse("2026-W47")
NEXT: Final = OPEN_WEEK.shift(1)
BERLIN: Final = read_rules([], "Europe/Berlin")


def moved(rules: Rules, zone: str, now: datetime = MONDAY) -> Rules:
    times = replace(rules.newest.times, zone=ZoneInfo(zone))
    return rules.changed(replace(rules.newest, times=times), now)


def test_a_team_begins_with_the_defaults_in_its_time_zone() -> None:
    rules = BERLIN.of(OPEN_WEEK)
    assert rules.times.zone.key == "Europe/Berlin"
    assert (rules.minimums, rules.shows_missing) == (Minimums(), False)
    assert BERLIN.schedule.freezes(OPEN_WEEK) == datetime(2026, 11, 25, 11, tzinfo=UTC)


def test_a_change_counts_from_the_first_week_that_has_not_opened() -> None:
    rules = BERLIN.changed(replace(BERLIN.newest, minimums=Minimums(4, 6), shows_missing=True), MONDAY)
    assert rules.of(OPEN_WEEK) == BERLIN.newest
    assert rules.of(NEXT).minimums == rules.newest.minimums == Minimums(4, 6)
    assert rules.of(NEXT.shift(50)).shows_missing


def test_a_team_that_changes_its_time_zone_leaves_the_weeks_before_alone() -> None:
    rules = moved(BERLIN, "America/New_York")
    assert rules.schedule.freezes(OPEN_WEEK) == BERLIN.schedule.freezes(OPEN_WEEK)
    assert rules.schedule.freezes(NEXT) == datetime(2026, 12, 2, 17, tzinfo=UTC)
    assert rules.schedule.zone.key == "America/New_York"
    assert rules.schedule.phase(OPEN_WEEK, MONDAY) is Phase.OPEN


def test_a_second_change_before_the_first_counts_takes_its_place() -> None:
    rules = moved(moved(BERLIN, "America/New_York"), "Asia/Tokyo")
    assert [first for first, _ in rules.versions][1:] == [NEXT]
    assert rules.of(NEXT).times.zone.key == "Asia/Tokyo"


def test_a_week_that_is_open_keeps_its_time_whatever_the_moments_become() -> None:
    late = replace(BERLIN.newest.times, freezes=DayTime(11, time(8)), opens=DayTime(4, time(9)))
    slow = BERLIN.changed(replace(BERLIN.newest, times=late), datetime(2026, 11, 1, tzinfo=UTC))
    early = replace(late, opens=DayTime(3, time(8)), freezes=DayTime(9, time(12)))
    rules = slow.changed(replace(slow.newest, times=early), MONDAY)
    schedule = rules.schedule
    assert schedule.freezes(OPEN_WEEK) == slow.schedule.freezes(OPEN_WEEK) == datetime(2026, 11, 27, 7, tzinfo=UTC)
    assert schedule.opens(NEXT) == datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert rules.counts_from(MONDAY) == NEXT.shift(1)
    assert schedule.opens(NEXT.shift(1)) >= schedule.freezes(NEXT)


def test_rules_survive_being_kept() -> None:
    odd = replace(
        BERLIN.newest,
        times=replace(BERLIN.newest.times, opens=DayTime(3, time(16, 30)), due=DayTime(5, time(8, 15))),
        minimums=Minimums(5, 7),
        shows_missing=True,
    )
    rules = moved(BERLIN.changed(odd, datetime(2026, 6, 1, tzinfo=UTC)), "Asia/Kolkata")
    assert read_rules(json.loads(json.dumps(stored_rules(rules))), "UTC") == rules
