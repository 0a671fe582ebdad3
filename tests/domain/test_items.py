from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bau_tracker.domain.items import ItemTimes, decide_origin, hours_by_week, week_of_item
from bau_tracker.domain.taxonomy import ItemClass, Origin
from bau_tracker.domain.weeks import Week

BERLIN = ZoneInfo("Europe/Berlin")
W47 = Week(date(2026, 11, 16))


@pytest.mark.parametrize(
    "label", ["unplanned", "Unplanned-Work", "INTERRUPT", "incident", "hotfix", "BAU", "type: expedite"]
)
def test_a_label_makes_even_a_feature_story_unplanned(label: str) -> None:
    origin, reason = decide_origin(ItemClass.FEATURE, labels=["web", label], item_type="Story")
    assert origin is Origin.UNPLANNED
    assert label in reason
    assert "resumed" not in reason


@pytest.mark.parametrize("label", ["planned", "Roadmap", "origin/planned"])
def test_a_label_makes_even_an_incident_planned(label: str) -> None:
    origin, reason = decide_origin(ItemClass.SUPPORT, labels=[label], item_type="Incident")
    assert origin is Origin.PLANNED
    assert label in reason


def test_labels_that_contradict_each_other_leave_it_to_the_type() -> None:
    origin, reason = decide_origin(ItemClass.DEFECT, labels=["planned", "hotfix"], item_type="Epic")
    assert origin is Origin.PLANNED
    assert "Epic" in reason


@pytest.mark.parametrize("item_type", ["Incident", "Support request", "service-request", "Problem"])
def test_the_type_of_a_service_desk_is_unplanned(item_type: str) -> None:
    origin, reason = decide_origin(ItemClass.FEATURE, labels=["web"], item_type=item_type)
    assert origin is Origin.UNPLANNED
    assert item_type in reason


@pytest.mark.parametrize("item_type", ["Epic", "story", "New Feature", "Initiative", "Spike"])
def test_the_type_of_product_work_is_planned(item_type: str) -> None:
    assert decide_origin(ItemClass.DEFECT, item_type=item_type)[0] is Origin.PLANNED


@pytest.mark.parametrize("item_class", list(ItemClass))
def test_without_label_and_type_the_class_is_only_a_presumption(item_class: ItemClass) -> None:
    origin, reason = decide_origin(item_class, labels=["", "frontend"], item_type="Task")
    planned = item_class in {ItemClass.FEATURE, ItemClass.OTHER}
    assert origin is (Origin.PLANNED if planned else Origin.UNPLANNED)
    assert reason.startswith(f"Presumed {origin}")


def test_a_label_that_only_contains_such_a_word_decides_nothing() -> None:
    assert decide_origin(ItemClass.DEFECT, labels=["roadmap-page"])[1].startswith("Presumed")


def berlin(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=BERLIN)


def test_an_incident_of_a_tracker_is_unplanned_unless_a_label_says_otherwise() -> None:
    origin, reason = decide_origin(ItemClass.FEATURE, item_type="Epic incident", incident=True)
    assert origin is Origin.UNPLANNED
    assert "Epic incident" in reason
    assert decide_origin(ItemClass.FEATURE, labels=["planned"], incident=True)[0] is Origin.PLANNED
    assert decide_origin(ItemClass.FEATURE, incident=True)[1] == (
        "The tracker calls it a live incident, and incidents come unplanned."
    )


@pytest.mark.parametrize("item_type", ["[System] Service request", "Alert", "Catalog task"])
def test_types_of_service_desks_are_known_in_their_own_words(item_type: str) -> None:
    assert decide_origin(ItemClass.FEATURE, item_type=item_type)[0] is Origin.UNPLANNED


def test_what_is_added_after_its_sprint_had_begun_is_unplanned() -> None:
    times = ItemTimes(BERLIN, created=berlin(18), sprint_started=berlin(16, 9))
    assert decide_origin(ItemClass.FEATURE, times=times) == (
        Origin.UNPLANNED,
        "Added on 2026-11-18, after its sprint had begun on 2026-11-16.",
    )
    assert decide_origin(ItemClass.FEATURE, item_type="Story", times=times)[0] is Origin.PLANNED


@pytest.mark.parametrize("created", [berlin(13), berlin(16, 9), berlin(17, 9)])
def test_a_bug_that_was_there_when_its_sprint_began_is_planned(created: datetime) -> None:
    times = ItemTimes(BERLIN, created, closed=berlin(18), sprint_started=berlin(16, 9))
    origin, reason = decide_origin(ItemClass.DEFECT, item_type="Bug", times=times)
    assert origin is Origin.PLANNED
    assert reason == "It was there when its sprint began on 2026-11-16."


@pytest.mark.parametrize(
    ("times", "done"),
    [
        (ItemTimes(BERLIN, berlin(18), closed=berlin(20)), "closed"),
        (ItemTimes(BERLIN, berlin(18), started=berlin(18), closed=berlin(30)), "started"),
        (ItemTimes(BERLIN, berlin(16, 9), closed=berlin(22, 23)), "closed"),
    ],
)
def test_what_comes_after_its_week_had_begun_and_is_taken_up_in_it_is_unplanned(times: ItemTimes, done: str) -> None:
    origin, reason = decide_origin(ItemClass.FEATURE, item_type="Task", times=times)
    assert origin is Origin.UNPLANNED
    assert "after the week 2026-W47 had begun" in reason
    assert f"{done} in that same week" in reason


@pytest.mark.parametrize(
    "times",
    [
        ItemTimes(BERLIN),
        ItemTimes(BERLIN, sprint_started=berlin(16)),
        ItemTimes(BERLIN, closed=berlin(18)),
        ItemTimes(BERLIN, berlin(16, 8), closed=berlin(18)),
        ItemTimes(BERLIN, berlin(18), closed=berlin(23, 1)),
        ItemTimes(BERLIN, berlin(18), started=berlin(17)),
        ItemTimes(BERLIN, berlin(18)),
    ],
)
def test_times_that_say_nothing_leave_it_to_the_class(times: ItemTimes) -> None:
    assert decide_origin(ItemClass.FEATURE, item_type="Task", times=times)[1].startswith("Presumed planned")


def test_the_week_is_that_of_the_team() -> None:
    sunday_night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # a Monday in Berlin, before its week begins
    closed = datetime(2026, 11, 24, tzinfo=UTC)
    assert decide_origin(ItemClass.FEATURE, times=ItemTimes(BERLIN, sunday_night, closed=closed))[0] is Origin.PLANNED


def test_seconds_become_hours_of_their_weeks_in_order() -> None:
    logged = [(date(2026, 11, 23), 1800), (date(2026, 11, 16), 3600), (date(2026, 11, 22), 5400)]
    hours = hours_by_week(logged)
    assert hours == {W47: 2.5, W47.shift(1): 0.5}
    assert list(hours) == [W47, W47.shift(1)]


def test_nothing_logged_is_no_week() -> None:
    assert hours_by_week([]) == {}
    assert hours_by_week([(date(2026, 11, 16), 0)]) == {}


def test_an_item_counts_in_the_week_of_its_arrival() -> None:
    created = datetime(2026, 11, 18, 12, tzinfo=UTC)
    closed = datetime(2026, 12, 18, 12, tzinfo=UTC)
    assert week_of_item(created, closed, BERLIN) == W47


def test_the_day_of_arrival_is_that_of_the_team() -> None:
    sunday_night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert week_of_item(sunday_night, None, BERLIN) == W47.shift(1)
    assert week_of_item(sunday_night, None, ZoneInfo("UTC")) == W47
    assert week_of_item(datetime(2026, 11, 22, 23, 30), None, BERLIN) == W47  # noqa: DTZ001


def test_an_item_without_arrival_counts_when_it_was_closed() -> None:
    assert week_of_item(None, datetime(2026, 11, 18, tzinfo=UTC), BERLIN) == W47
    assert week_of_item(None, None, BERLIN) is None
