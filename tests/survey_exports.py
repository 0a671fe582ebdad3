"""Writes answers as each survey tool exports them, for tests of reading: the shapes are theirs, the words ours."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]

from bau_tracker.domain.taxonomy import CHIPS, Chip

Rows = list[list[object]]
QUESTIONS = ("Planned work (hours)", "Defect fixes (hours)", "Meetings (hours)")
EXCESSIVE = "What took an excessive amount of time?"
DEFERRED = "Was maintenance put off?"
COMMENT = "Anything else?"
LABELS = [CHIPS[chip].label for chip in Chip]
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Given:
    """What a person answered; `at` is a moment in whole seconds, with a zone."""

    planned: float
    defect: float
    overhead: float
    excessive: frozenset[Chip]
    deferred: bool
    comment: str
    email: str
    at: datetime

    @property
    def hours(self) -> tuple[float, float, float]:
        return self.planned, self.defect, self.overhead

    @property
    def said(self) -> str:
        return "Yes" if self.deferred else "No"

    def labels(self) -> list[str]:
        return [CHIPS[chip].label for chip in Chip if chip in self.excessive]

    def ticks(self, no: str = "", yes: str | None = None) -> list[str]:
        return [(yes or CHIPS[chip].label) if chip in self.excessive else no for chip in Chip]


def local(given: Given) -> datetime:
    """Give the moment as a workbook or a form in Berlin has it, without a zone."""
    return given.at.astimezone(BERLIN).replace(tzinfo=None)


def google_forms(answers: Sequence[Given]) -> Rows:
    """Write Google Forms' responses."""
    return [
        ["Timestamp", "Email Address", *QUESTIONS, EXCESSIVE, DEFERRED, COMMENT],
        *(
            [local(each), each.email, *each.hours, ", ".join(each.labels()), each.said, each.comment]
            for each in answers
        ),
    ]


def microsoft_forms(answers: Sequence[Given]) -> Rows:
    """Write Microsoft Forms' responses; the first ID is 2."""
    metadata = ["ID", "Start time", "Completion time", "Email", "Name", "Last modified time"]
    questions = [f"{question}\u00a0" for question in (*QUESTIONS, EXCESSIVE, DEFERRED, COMMENT)]
    rows: Rows = [[*metadata, *questions, "Email"]]
    for number, each in enumerate(answers, 2):
        ticked = "".join(f"{label};" for label in each.labels())
        start = [number, local(each), local(each), "anonymous", "", ""]
        rows.append([*start, *each.hours, ticked, each.said, each.comment, each.email])
    return rows


def typeform(answers: Sequence[Given]) -> Rows:
    """Write Typeform's responses: an option a column, times in UTC, and an unfinished answer at the end."""
    last = [
        "Response Type",
        "Start Date (UTC)",
        "Stage Date (UTC)",
        "Submit Date (UTC)",
        "Network ID",
        "Tags",
        "Ending",
    ]
    rows: Rows = [["#", "Your e-mail address", *QUESTIONS, *LABELS, "Other", DEFERRED, COMMENT, *last]]
    for number, each in enumerate(answers):
        sent = f"{each.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        times = ["completed", sent, "", sent, f"{number:010x}", "", ""]
        hours = ["" if hours == 0 else hours for hours in each.hours]
        rows.append([f"{number:032x}", each.email, *hours, *each.ticks(), "", each.said, each.comment, *times])
    return rows


def typeform_of_old(answers: Sequence[Given]) -> Rows:
    """Write what Typeform exported before it told the type of a response."""
    rows = typeform(answers)
    kept = [
        index
        for index, name in enumerate(rows[0])
        if name not in {"Response Type", "Stage Date (UTC)", "Tags", "Ending"}
    ]
    return [[row[index] for index in kept] for row in rows]


def surveymonkey(answers: Sequence[Given]) -> Rows:
    """Write SurveyMonkey's responses: a header of two rows, a question only over the first of its columns."""
    metadata = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address"]
    split = "<b>How did your week split?</b>"
    first = [*metadata, split, "", "", EXCESSIVE, *[""] * (len(LABELS) - 1), DEFERRED, COMMENT]
    second = [*[""] * len(metadata), *QUESTIONS, *LABELS, "Response", "Open-Ended Response"]
    rows: Rows = [list(first), list(second)]
    for number, each in enumerate(answers, 11_000_000_001):
        start = [number, 400_000_001, local(each), local(each), "", each.email]
        rows.append([*start, *each.hours, *each.ticks(), each.said, each.comment])
    return rows


def limesurvey(answers: Sequence[Given]) -> Rows:
    """Write LimeSurvey's responses with full headings: a sub-question a column, yes and no in words."""
    metadata = ["Response ID", "Date submitted", "Last page", "Start language", "Email address"]
    options = [f"{EXCESSIVE} [{label}]" for label in LABELS]
    rows: Rows = [[*metadata, *QUESTIONS, *options, DEFERRED, COMMENT]]
    for number, each in enumerate(answers, 1):
        sent = f"{local(each):%Y-%m-%d %H:%M:%S}"
        rows.append([number, sent, 1, "en", each.email, *each.hours, *each.ticks("No", "Yes"), each.said, each.comment])
    return rows


def limesurvey_with_codes(answers: Sequence[Given]) -> Rows:
    """Write LimeSurvey's responses with a code before each heading."""
    rows = limesurvey(answers)
    known = {
        "Response ID": "id",
        "Date submitted": "submitdate",
        "Last page": "lastpage",
        "Start language": "startlanguage",
    }
    rows[0] = [f"{known.get(str(text), f'G01Q{number:02}[SQ001]')}. {text}" for number, text in enumerate(rows[0])]
    return rows


WRITERS: tuple[Callable[[Sequence[Given]], Rows], ...] = (
    google_forms, microsoft_forms, typeform, typeform_of_old, surveymonkey, limesurvey, limesurvey_with_codes,
)  # fmt: skip


def write_csv(path: Path, rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """Write rows as text."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, rows: Rows, sheet_name: str = "Sheet1") -> Path:
    """Write rows as a workbook with real dates and numbers."""
    with xlsxwriter.Workbook(
        str(path), {"default_date_format": "m/d/yyyy h:mm:ss", "strings_to_formulas": False}
    ) as book:
        sheet = book.add_worksheet(sheet_name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write(number, column, value)
    return path
