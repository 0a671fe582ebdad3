from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bau_tracker.domain.items import decide_origin, hours_by_week, week_of_item
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
