"""Decides what a reader of a foreign file hands on: records, and problems tied to their line.

How files are read is left to `formats`, who the people are and what is stored to `services.importing`.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
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


class RunState(StrEnum):
    """How far an import has come; READ waits for somebody to confirm it, FAILED can't go on."""

    READING = "reading"
    READ = "read"
    TAKING_OVER = "taking_over"
    IMPORTED = "imported"
    UNDONE = "undone"
    FAILED = "failed"


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

    `updated` tells which of two exports is newer; `started` is when work on it began, `sprint_started` when the sprint
    that it is in began, None where the tracker doesn't say; `incident` says that the tracker itself calls it a live
    incident. People named in the tracker are left out on purpose: nothing about a person's work is kept.
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
    started: datetime | None = None
    sprint_started: datetime | None = None
    incident: bool = False
    logged: tuple[tuple[date, int], ...] = ()
    row: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file was recognised: the tool and why, its header, which column holds what, and notes for a person.

    `columns` holds (field, header text) of every column that is read; the others are left alone. `header_rows` is how
    many rows the header takes up in the file; `header` is what they come to together.
    """

    tool: str
    header: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    why: str = ""
    header_rows: int = 1


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a person says about a file, over what was recognised.

    `columns` is field name -> header text; an empty text says that the file has no such column, and "Other (2)" means
    the second column called Other. `unit` and `date_order` are None, `encoding` and `delimiter` empty, where the file
    is to speak for itself. `keep_all` takes rows too that are left out otherwise: unfinished answers, pull requests.
    """

    columns: dict[str, str] = field(default_factory=dict)
    unit: Unit | None = None
    date_order: DateOrder | None = None
    encoding: str = ""
    delimiter: str = ""
    keep_all: bool = False


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """What a column holds: its name, unlike any other's in the file, a few of its values, and what they look like."""

    name: str
    examples: tuple[str, ...] = ()
    looks_like: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """Which column, by its name, a field is in, and why in words; `sure` when nobody needs to be asked."""

    column: str
    why: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """What a file leaves open and only a person can say. `field` is what to fill in: a field's name, or a word below.

    The words are `date_order`, and `week` where no column says it.
    """

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found out about a file before anything is read: rows can be read once there is no question left.

    `guesses` holds by field what was recognised, told by the mapping, or only suggested; `date_order` is the order of
    its dates where one was needed and settled or told; `rows` counts what follows the header.
    """

    layout: Layout
    looks: tuple[ColumnLook, ...]
    guesses: Dictionary[str, Guess]
    questions: tuple[Question, ...] = ()
    date_order: DateOrder | None = None
    rows: int = 0
