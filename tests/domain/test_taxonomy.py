from __future__ import annotations

import pytest

from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.domain.taxonomy import (
    CAUSES,
    CHIPS,
    ITEM_CLASSES,
    KINDS,
    PRACTICES,
    Cause,
    Chip,
    ItemClass,
    Kind,
    Origin,
    Practice,
    bau_kind,
    practice_for,
)


def test_a_week_splits_into_planned_work_each_kind_and_overhead_in_this_order() -> None:
    assert list(CATEGORIES) == [
        "planned", "capacity", "defect", "security", "telemetry", "support", "minor_change", "other_bau", "overhead",
    ]  # fmt: skip


def test_every_word_has_its_entry_in_the_order_of_its_enumeration() -> None:
    assert list(KINDS) == list(Kind)
    assert list(ITEM_CLASSES) == list(ItemClass)
    assert list(CHIPS) == list(Chip)
    assert list(CAUSES) == list(Cause)
    assert list(PRACTICES) == list(Practice)


def test_labels_tell_things_apart_and_examples_are_given() -> None:
    labels = [words.label for words in KINDS.values()]
    assert len({label.lower() for label in labels}) == len(labels)
    assert len({words.label.lower() for words in CHIPS.values()}) == len(Chip)
    assert all(words.example for words in KINDS.values())


def test_every_cause_has_complaints_and_a_practice_of_its_own() -> None:
    assert {words.cause for words in CHIPS.values()} == set(Cause)
    assert [words.practice for words in CAUSES.values()] == list(Practice)


@pytest.mark.parametrize(
    ("chip", "practice"),
    [
        (Chip.INCIDENTS, Practice.REARCHITECT),
        (Chip.INFRASTRUCTURE, Practice.REARCHITECT),
        (Chip.APPROVALS, Practice.DEPLOYMENT_PIPELINE),
        (Chip.DIAGNOSIS, Practice.TELEMETRY_TOOLCHAIN),
        (Chip.INTERRUPTIONS, Practice.UNPLANNED_AS_PLANNED),
    ],
)
def test_a_complaint_leads_to_the_practice_against_its_cause(chip: Chip, practice: Practice) -> None:
    assert practice_for(chip) is practice


@pytest.mark.parametrize("item_class", list(ItemClass))
def test_planned_work_is_no_bau_whatever_it_is_about(item_class: ItemClass) -> None:
    assert bau_kind(item_class, Origin.PLANNED) is None


@pytest.mark.parametrize(
    ("item_class", "kind"),
    [(ItemClass.DEFECT, Kind.DEFECT), (ItemClass.FEATURE, Kind.OTHER_BAU), (ItemClass.OTHER, Kind.OTHER_BAU)],
)
def test_unplanned_work_is_bau_of_its_kind_or_other(item_class: ItemClass, kind: Kind) -> None:
    assert bau_kind(item_class, Origin.UNPLANNED) is kind
