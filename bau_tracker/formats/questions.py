"""Decides what about a file of answers only a person can say, and in which words it is asked.

A question is for a page, which has fields to fill in; where there is no page, a refusal says how to answer it with a
mapping.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import Question
from bau_tracker.domain.taxonomy import Kind
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.dates import SAY_THE_ORDER
from bau_tracker.formats.findings import Findings
from bau_tracker.formats.headers import listed, sample_mapping
from bau_tracker.formats.looks import column_names
from bau_tracker.formats.placing import Placing

_WHOLE_SAMPLE = {"planned": "…", "other_bau": "…", "week": "…", "email": "…"}


def open_questions(
    header: Sequence[str], placing: Placing, findings: Findings, week: Week | None
) -> tuple[Question, ...]:
    """Give all that is to be asked about a file, the first first."""
    asked = {question.field for question in placing.questions}
    work = tuple(_missing_work(header, placing, findings, asked))
    has = "" if work else f" It has {listed(header)}."  # told once
    return (
        *placing.questions,
        *work,
        *(_missing_week(has, placing, findings, asked) if week is None else ()),
        *((Question("date_order", findings.doubt),) if findings.doubt else ()),
    )


def refusal(question: Question, placing: Placing) -> UnreadableInput:
    """Turn a question into a refusal that says how to answer it."""
    if question.field == "date_order":
        return UnreadableInput(f"{question.message} {SAY_THE_ORDER}")
    by_option = " (--week on the command line)" if question.field == "week" else ""
    guess = placing.guesses.get(question.field)
    sample = {question.field: guess.column if guess else "…"}
    if question.field == "planned" and not guess:
        sample = _WHOLE_SAMPLE
    return UnreadableInput(f"{question.message}{by_option} Say so with a mapping, such as {sample_mapping(sample)}")


def _missing_work(
    header: Sequence[str], placing: Placing, findings: Findings, asked: AbstractSet[str]
) -> Iterator[Question]:
    """Ask for the planned and the unplanned work, where one can't be worked out from the other."""
    known = placing.positions.keys() | asked | {findings.rest}
    planned, unplanned = "planned" in known, any(kind.value in known for kind in Kind)
    lacks = [word for word, there in (("planned work", planned), ("unplanned work", unplanned)) if not there]
    start = f"This isn't recognised as survey answers: no column for {' or '.join(lacks)}. It has {listed(header)}."
    if not planned:
        yield Question("planned", f"{start} Say which column holds the planned work.")
        if not unplanned:
            yield Question("other_bau", "Say which column holds the unplanned work.")
    elif not unplanned:
        named = column_names(header)[placing.positions["planned"]] if "planned" in placing.positions else "planned"
        yield Question(
            "other_bau",
            f"{start} Say which column holds the unplanned work; or, if “{named}” is the planned share of a whole "
            "week, that its numbers are percent.",
        )


def _missing_week(has: str, placing: Placing, findings: Findings, asked: AbstractSet[str]) -> Iterator[Question]:
    if "week" in placing.positions or "week" in asked:
        return
    if findings.undated:
        yield Question(
            "week",
            "The tool hides when answers were given (all its dates are the same), and no question asks for the week. "
            "Give the week (2026-W47), or name a column that says it.",
        )
    elif "answered_at" not in placing.positions and "answered_at" not in asked:
        yield Question(
            "week",
            f"No column says which week the answers are about.{has} "
            "Give the week (2026-W47), or name a column that says it.",
        )
