"""Decides which tool a file of survey answers comes from and which column holds what; then reads it row by row.

Recognised are our own export, Google Forms, Microsoft Forms, and any table whose headers or mapping say enough. Who the
people and teams are, and what is stored, is left to `services.importing`. Each tool is one entry in `_FORMS`; a further
one with a shape of its own gives rows and a reader with `read(line, cells)`, as `own_answers` does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bau_tracker.domain.errors import UnreadableInput
from bau_tracker.domain.importing import AnswerRecord, Layout, Mapping, Problem, Unit
from bau_tracker.domain.taxonomy import Kind
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.answer_rows import AnswerRows, Reading
from bau_tracker.formats.findings import look_over
from bau_tracker.formats.headers import ANSWER_FIELDS, listed, mapped, plain_words, recognise, sample_mapping
from bau_tracker.formats.own_answers import OWN_COLUMNS, TOOL, OwnRows, is_own
from bau_tracker.formats.tables import Table, open_table

TABLE: Final = "table"


@dataclass(frozen=True, slots=True)
class _Form:
    """How a form tool begins its header, in a few languages, and which of those columns are its own data."""

    tool: str
    starts: tuple[tuple[str, ...], ...]
    metadata: dict[str, int]
    also: tuple[str, ...] = ()


_FORMS: Final = (
    _Form(
        "microsoft_forms",
        (
            ("id", "start time", "completion time", "email", "name"),
            ("id", "startzeit", "fertigstellungszeit", "e mail", "name"),
        ),
        {"respondent": 0, "answered_at": 2, "email": 3},
        also=("last modified time", "uhrzeit der letzten änderung"),
    ),
    _Form("google_forms", (("timestamp",), ("zeitstempel",)), {"answered_at": 0}),
)


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A recognised file: its layout, and its rows as records and problems each time one goes through it."""

    layout: Layout
    table: Table
    reader: Callable[[], Callable[[int, list[str]], AnswerRecord | Problem]]

    def __iter__(self) -> Iterator[AnswerRecord | Problem]:
        read = self.reader()
        for line, cells, fault in self.table:
            yield Problem(line, "", fault, tuple(cells)) if fault else read(line, cells)


def open_answers(
    path: Path,
    *,
    zone: ZoneInfo,
    default_hours: float,
    mapping: Mapping | None = None,
    week: Week | None = None,
    name: str = "",
) -> AnswerFile:
    """Recognise a file of answers, without keeping it in memory.

    `zone` is where times without a zone were written, `default_hours` a week's hours for files that count in percent
    or days, `week` stands for what the rows say, `name` is what an upload was called.
    Raises UnreadableInput with what to do.
    """
    table = open_table(path, name=name)
    if is_own(table.header) and not (mapping and mapping.columns):
        return _own_file(table, week)
    return _survey_file(table, mapping or Mapping(), week, zone, default_hours)


def _own_file(table: Table, week: Week | None) -> AnswerFile:
    notes = (*table.notes, *_week_notes(week))
    layout = Layout(
        TOOL, table.header, table.encoding, table.delimiter, tuple((name, name) for name in OWN_COLUMNS), notes
    )
    return AnswerFile(layout, table, lambda: OwnRows(table.header, week).read)


def _survey_file(table: Table, mapping: Mapping, week: Week | None, zone: ZoneInfo, default_hours: float) -> AnswerFile:
    header = table.header
    form = next((form for form in _FORMS if _begins(header, form)), None)
    candidates, other_email = _candidates(header, form, mapping)
    _check_complete(header, candidates, week)
    positions = _only_ones(header, candidates)
    findings = look_over(table, header, positions, mapping)
    reading = Reading(header, positions, findings, zone, default_hours, week, other_email)
    notes = (
        *table.notes,
        *findings.notes,
        *_week_notes(week, zone, asked="week" in positions),
        *_available_notes(findings.units.values(), positions, default_hours),
    )
    columns = tuple((name, header[positions[name]]) for name in ANSWER_FIELDS if name in positions)
    tool = form.tool if form else TABLE
    layout = Layout(tool, header, table.encoding, table.delimiter, columns, notes)
    return AnswerFile(layout, table, lambda: AnswerRows(reading).read)


def _begins(header: Sequence[str], form: _Form) -> bool:
    words = tuple(plain_words(text) for text in header[:5])
    return any(words[: len(start)] == start for start in form.starts)


def _candidates(header: Sequence[str], form: _Form | None, mapping: Mapping) -> tuple[dict[str, list[int]], int | None]:
    """Give the columns each field could be in: by mapping, by the tool, by words; and a question for an e-mail."""
    told = mapped(header, mapping.columns, ANSWER_FIELDS)
    metadata = form.metadata if form else {}
    taken = frozenset(index for index in told.values() if index is not None)
    found = recognise(header, taken | _tool_columns(header, form))
    asked_email = found.pop("email", []) if "email" in metadata else []
    found |= {name: [index] for name, index in metadata.items()}
    found |= {name: [] if index is None else [index] for name, index in told.items()}
    return {name: indexes for name, indexes in found.items() if indexes}, asked_email[0] if asked_email else None


def _only_ones(header: Sequence[str], candidates: dict[str, list[int]]) -> dict[str, int]:
    for name, indexes in candidates.items():
        if len(indexes) > 1:
            raise _ambiguous(header, name, indexes)
    return {name: indexes[0] for name, indexes in candidates.items()}


def _tool_columns(header: Sequence[str], form: _Form | None) -> frozenset[int]:
    if form is None:
        return frozenset()
    width = len(form.starts[0])
    return frozenset(range(width + (plain_words("".join(header[width : width + 1])) in form.also)))


def _ambiguous(header: Sequence[str], name: str, indexes: Sequence[int]) -> UnreadableInput:
    texts = [header[index] for index in indexes]
    choice = texts[0] if texts.count(texts[0]) == 1 else f"{texts[0]} (1)"
    return UnreadableInput(
        f"The columns {listed(texts)} could all be “{name}”. Say which it is with a mapping: "
        f"{sample_mapping({name: choice})}"
    )


def _check_complete(header: Sequence[str], found: Container[str], week: Week | None) -> None:
    missing = []
    if "planned" not in found:
        missing.append("planned work")
    if not any(kind.value in found for kind in Kind):
        missing.append("unplanned work")
    if missing:
        sample = {"planned": "…", "other_bau": "…", "week": "…", "email": "…"}
        raise UnreadableInput(
            f"This isn't recognised as survey answers: no column for {' or '.join(missing)}. It has {listed(header)}. "
            f"Say which column holds what with a mapping, such as {sample_mapping(sample)}"
        )
    if week is None and "week" not in found and "answered_at" not in found:
        raise UnreadableInput(
            f"No column says which week the answers are about. It has {listed(header)}. Give the week (2026-W47), "
            f"or name the column with a mapping: {sample_mapping({'week': '…'})}"
        )


def _week_notes(week: Week | None, zone: ZoneInfo | None = None, *, asked: bool = True) -> tuple[str, ...]:
    if week is not None:
        return (f"All answers are taken for {week}, as you said.",)
    if asked:
        return ()
    rule = (
        "answers given on a Monday or Tuesday are taken for the week before, later ones for the week they were given in"
    )
    return (f"No question asks for the week: {rule} (times in {zone}).",)


def _available_notes(units: Collection[Unit], positions: dict[str, int], default_hours: float) -> tuple[str, ...]:
    if Unit.PERCENT not in units or "hours_available" in positions:
        return ()
    return (f"Percent are taken of {default_hours:g} hours, as the file says none.",)
