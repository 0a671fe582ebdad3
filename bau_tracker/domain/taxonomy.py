"""Decides the words of unplanned work: kinds, origins, complaints, causes and practices, in one place.

Forms, imports, charts, exports and docs derive their columns, labels and order from here. How hours and ticks are
added up is left to `statistics`, what a verdict is called to `verdicts`.
Source: Equal Experts' playbook "You Build It You Run It" (six kinds, three causes, four practices), in our words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """A kind of BAU: the six of the playbook, and what a person can't place."""

    CAPACITY = "capacity"
    DEFECT = "defect"
    SECURITY = "security"
    TELEMETRY = "telemetry"
    SUPPORT = "support"
    MINOR_CHANGE = "minor_change"
    OTHER_BAU = "other_bau"


class ItemClass(StrEnum):
    """What a work item is about, whoever planned it."""

    FEATURE = "feature"
    CAPACITY = "capacity"
    DEFECT = "defect"
    SECURITY = "security"
    TELEMETRY = "telemetry"
    SUPPORT = "support"
    MINOR_CHANGE = "minor_change"
    OTHER = "other"


class Origin(StrEnum):
    """Whether the product manager planned the work; it alone decides what is BAU, and it can change."""

    PLANNED = "planned"
    UNPLANNED = "unplanned"


class Cause(StrEnum):
    """Why unplanned work grows; invisibility lies under all of them."""

    FRAGILE_SERVICES = "fragile_services"
    MANUAL_DEPLOYMENTS = "manual_deployments"
    MANUAL_TELEMETRY = "manual_telemetry"
    INVISIBILITY = "invisibility"


class Practice(StrEnum):
    """What a team does about a cause."""

    REARCHITECT = "rearchitect"
    DEPLOYMENT_PIPELINE = "deployment_pipeline"
    TELEMETRY_TOOLCHAIN = "telemetry_toolchain"
    UNPLANNED_AS_PLANNED = "unplanned_as_planned"


class Chip(StrEnum):
    """Something a person can say took an excessive amount of time."""

    DEPENDENCIES = "dependencies"
    INCIDENTS = "incidents"
    INFRASTRUCTURE = "infrastructure"
    DEPLOYMENTS = "deployments"
    ENVIRONMENTS = "environments"
    APPROVALS = "approvals"
    ALERTS = "alerts"
    DIAGNOSIS = "diagnosis"
    INTERRUPTIONS = "interruptions"


@dataclass(frozen=True, slots=True)
class KindWords:
    """How a kind is called and explained on every page, chart and export."""

    label: str
    example: str


@dataclass(frozen=True, slots=True)
class ChipWords:
    """How a complaint is called, and the cause it points to."""

    label: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class CauseWords:
    """What a cause is, and the practice that removes it."""

    label: str
    practice: Practice


@dataclass(frozen=True, slots=True)
class PracticeWords:
    """What a practice asks for, and how long it takes to show."""

    label: str
    steps: tuple[str, ...]
    lag: str


KINDS: Final[dict[Kind, KindWords]] = {
    Kind.CAPACITY: KindWords("Capacity upgrade", "a disk filled up, a cluster had to grow"),
    Kind.DEFECT: KindWords("Defect fix", "something behaved wrongly and had to be mended"),
    Kind.SECURITY: KindWords("Security patch", "an emergency patch, a leaked secret"),
    Kind.TELEMETRY: KindWords("Telemetry improvement", "a missing alert, a noisy dashboard"),
    Kind.SUPPORT: KindWords("Support ticket", "help for users or another team in a live incident"),
    Kind.MINOR_CHANGE: KindWords("Minor change", "a small tweak that a customer asked for"),
    Kind.OTHER_BAU: KindWords("Other BAU", "unplanned, and none of the above"),
}
"""The kinds in the order in which every form, chart and export shows them."""

ITEM_CLASSES: Final[dict[ItemClass, str]] = {
    ItemClass.FEATURE: "Product work",
    **{ItemClass(kind.value): words.label for kind, words in KINDS.items() if kind is not Kind.OTHER_BAU},
    ItemClass.OTHER: "Other work",
}

PLANNED_LABEL: Final = "Planned work"
PLANNED_EXAMPLE: Final = "whatever the product manager planned, of any kind"
OVERHEAD_LABEL: Final = "Overhead"
OVERHEAD_EXAMPLE: Final = "meetings, training, administration; outside the percentage"

CHIPS: Final[dict[Chip, ChipWords]] = {
    Chip.DEPENDENCIES: ChipWords("Dependencies failing", Cause.FRAGILE_SERVICES),
    Chip.INCIDENTS: ChipWords("Live incidents and callouts", Cause.FRAGILE_SERVICES),
    Chip.INFRASTRUCTURE: ChipWords("Capacity and infrastructure firefighting", Cause.FRAGILE_SERVICES),
    Chip.DEPLOYMENTS: ChipWords("Deployments", Cause.MANUAL_DEPLOYMENTS),
    Chip.ENVIRONMENTS: ChipWords("Flaky tests or environments", Cause.MANUAL_DEPLOYMENTS),
    Chip.APPROVALS: ChipWords("Waiting for change approval", Cause.MANUAL_DEPLOYMENTS),
    Chip.ALERTS: ChipWords("Intermittent or noisy alerts", Cause.MANUAL_TELEMETRY),
    Chip.DIAGNOSIS: ChipWords("Too little telemetry to diagnose", Cause.MANUAL_TELEMETRY),
    Chip.INTERRUPTIONS: ChipWords("Interruptions and requests out of nowhere", Cause.INVISIBILITY),
}

CAUSES: Final[dict[Cause, CauseWords]] = {
    Cause.FRAGILE_SERVICES: CauseWords("Services don't degrade gracefully on failure", Practice.REARCHITECT),
    Cause.MANUAL_DEPLOYMENTS: CauseWords(
        "Deployments aren't repeatable and reliable in all environments", Practice.DEPLOYMENT_PIPELINE
    ),
    Cause.MANUAL_TELEMETRY: CauseWords(
        "Dashboards and alert definitions aren't fully automated", Practice.TELEMETRY_TOOLCHAIN
    ),
    Cause.INVISIBILITY: CauseWords("Unplanned work is invisible", Practice.UNPLANNED_AS_PLANNED),
}

PRACTICES: Final[dict[Practice, PracticeWords]] = {
    Practice.REARCHITECT: PracticeWords(
        "Rearchitect for adaptability",
        (
            "List the dependencies behind the last incidents and remove those that can be avoided.",
            "Soften the rest: timeouts, fallbacks, and redundancy where availability needs it.",
            "Share behaviour through an API instead of a closed library.",
        ),
        "Costs more at first; expect a quarter or more before the percentage moves.",
    ),
    Practice.DEPLOYMENT_PIPELINE: PracticeWords(
        "Fully automate the deployment pipeline",
        (
            "Make the same deployment run in every environment, started by nobody's hand.",
            "Create test data on the fly, so that functional tests run side by side.",
            "Deploy without downtime, and make going back a matter of a minute.",
        ),
        "Expect one to two months before deployments stop being named.",
    ),
    Practice.TELEMETRY_TOOLCHAIN: PracticeWords(
        "Automate the telemetry toolchain",
        (
            "Keep dashboards and alert definitions in the repository, and roll them out with the service.",
            "Delete or mend each alert that nobody acted on in the last month.",
            "Make logs and metrics the same from a laptop to live.",
        ),
        "Noise falls within weeks; better diagnosis takes a month or two.",
    ),
    Practice.UNPLANNED_AS_PLANNED: PracticeWords(
        "Treat unplanned work as planned work",
        (
            "Give unplanned operational tasks a lane of their own on the board.",
            "Name one person each working day who takes new tasks, finishes the urgent and files the rest.",
            "Prioritise BAU and features in one backlog.",
        ),
        "Shows within weeks where the time goes; the percentage follows later.",
    ),
}


def practice_for(chip: Chip) -> Practice:
    """Name the practice that removes the cause a complaint points to."""
    return CAUSES[CHIPS[chip].cause].practice


def bau_kind(item_class: ItemClass, origin: Origin) -> Kind | None:
    """Name the kind of BAU that a work item counts as; None for planned work, whatever it is about."""
    if origin is Origin.PLANNED:
        return None
    if item_class in {ItemClass.FEATURE, ItemClass.OTHER}:
        return Kind.OTHER_BAU
    return Kind(item_class.value)
