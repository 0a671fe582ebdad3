"""Decides what a reader of a foreign file hands on: records, and problems tied to their line.

How files are read is left to `formats`, who the people are and what is stored to `services.importing`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bau_tracker.domain.surveys import Answer
from bau_tracker.domain.weeks import Week


class Unit(StrEnum):
    """What the numbers of a split of time mean."""

    HOURS = "hours"
    DAYS = "days"
    PERCENT = "percent"


class DateOrder(StrEnum):
    """Which part of a date such as 9/6/2026 comes first."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row could not be taken. `line` counts from 1, the header's line included; `row` is what it said."""

    line: int
    column: str
    message: str
    row: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One answer as a file tells it; `team` and `email` are the file's words, empty where it says nothing.

    `respondent` is what keeps an anonymous row apart (the tool's response id, else a hash of it), `answered_at` has
    a time zone or is None. `row` is the line as it stood, for the list of rejects.
    """

    line: int
    week: Week
    answer: Answer
    team: str = ""
    email: str = ""
    respondent: str = ""
    answered_at: datetime | None = None
    row: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One work item as a tracker tells it. `logged` holds (day, seconds), one entry a log line.

    `updated` tells which of two exports is newer. People named in the tracker are left out on purpose: nothing about a
    person's work is kept.
    """

    line: int
    source: str
    external_key: str
    title: str
    text: str = ""
    item_type: str = ""
    status: str = ""
    priority: str = ""
    labels: tuple[str, ...] = ()
    component: str = ""
    url: str = ""
    team: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    closed: datetime | None = None
    logged: tuple[tuple[date, int], ...] = ()
    row: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file was recognised: the tool, its header, which column holds what, and the reasons given to a person.

    `columns` holds (field, header text) of every column that is read; the others are left alone.
    """

    tool: str
    header: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a person says about a file, over what was recognised.

    `columns` is field name -> header text; an empty text says that the file has no such column, and "Other (2)" means
    the second column called Other. `unit` and `date_order` are None where the file is to speak for itself.
    """

    columns: dict[str, str] = field(default_factory=dict)
    unit: Unit | None = None
    date_order: DateOrder | None = None
