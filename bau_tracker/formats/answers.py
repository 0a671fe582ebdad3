"""Decides which tool a file of survey answers comes from and which column holds what; then reads it row by row.

Recognised are our own export, the survey tools of `survey_tools`, and any table whose headings or mapping say enough.
Who the people and teams are, and what is stored, is left to `services.importing`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bau_tracker.domain.importing import (
    AnswerRecord,
    ColumnLook,
    Guess,
    Inspection,
    Layout,
    Mapping,
    Problem,
    Question,
    Unit,
)
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.answer_rows import AnswerRows, Reading
from bau_tracker.formats.findings import Findings, look_over
from bau_tracker.formats.headers import ANSWER_FIELDS
from bau_tracker.formats.looks import column_names, look_of, sample_of
from bau_tracker.formats.own_answers import OWN_COLUMNS, TOOL, OwnRows, is_own
from bau_tracker.formats.placing import Placing, place, suggestions
from bau_tracker.formats.questions import open_questions, refusal
from bau_tracker.formats.survey_tools import Form, recognise_form
from bau_tracker.formats.tables import Table, open_table
from bau_tracker.formats.unread import find_unread

_TABLE_WHY: Final = "No survey tool that is known writes such headings, so they go by their words."
_OWN_WHY: Final = "It has all columns of this program's own export."


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


@dataclass(frozen=True, slots=True)
class _Told:
    """What the reader was told about a file."""

    zone: ZoneInfo
    default_hours: float
    mapping: Mapping
    week: Week | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What was found out about a file: it can be read once `questions` is empty."""

    table: Table
    form: Form
    placing: Placing
    findings: Findings
    questions: tuple[Question, ...]


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
    told = _Told(zone, default_hours, mapping or Mapping(), week)
    table = _table(path, told, name)
    if _is_ours(table, told):
        return AnswerFile(_own_layout(table, told), table, lambda: OwnRows(table.header, week).read)
    known = _find_out(table, told)
    if known.questions:
        raise refusal(known.questions[0], known.placing)
    reading = Reading(
        known.table.header,
        known.form,
        known.placing,
        known.findings,
        zone,
        default_hours,
        week,
        told.mapping.keep_all,
    )
    return AnswerFile(_layout(known, told), known.table, lambda: AnswerRows(reading).read)


def inspect_answers(
    path: Path,
    *,
    zone: ZoneInfo,
    default_hours: float,
    mapping: Mapping | None = None,
    week: Week | None = None,
    name: str = "",
) -> Inspection:
    """Say what can be found out about a file of answers, and what only a person can say.

    Takes what `open_answers` takes. Raises UnreadableInput only for a file that can't be read at all, and for a
    mapping with an unknown field.
    """
    told = _Told(zone, default_hours, mapping or Mapping(), week)
    table = _table(path, told, name)
    if _is_ours(table, told):
        return _own_inspection(table, told)
    known = _find_out(table, told)
    looks = _looks(known.table)
    guesses = known.placing.guesses | suggestions(looks, known.placing, known.form, told.mapping)
    return Inspection(_layout(known, told), looks, guesses, known.questions, known.findings.order, known.findings.rows)


def answers_header(path: Path, mapping: Mapping, *, name: str = "") -> tuple[str, ...]:
    """Give the headings by which a file's form is told again; raises UnreadableInput for what can't be read."""
    table = open_table(path, name=name, encoding=mapping.encoding, delimiter=mapping.delimiter)
    return table.header if is_own(table.header) else recognise_form(table)[1].header


def _table(path: Path, told: _Told, name: str) -> Table:
    return open_table(path, name=name, encoding=told.mapping.encoding, delimiter=told.mapping.delimiter)


def _looks(table: Table) -> tuple[ColumnLook, ...]:
    sample = sample_of(table, len(table.header))
    return tuple(map(look_of, column_names(table.header), sample))


def _is_ours(table: Table, told: _Told) -> bool:
    return is_own(table.header) and not told.mapping.columns


def _own_layout(table: Table, told: _Told) -> Layout:
    columns = tuple((name, name) for name in OWN_COLUMNS)
    notes = (*table.notes, *_week_notes(told, asked=True))
    return Layout(TOOL, table.header, table.encoding, table.delimiter, columns, notes, _OWN_WHY)


def _own_inspection(table: Table, told: _Told) -> Inspection:
    guesses = {
        name: Guess(name, "This program's own export writes it there.") for name in ANSWER_FIELDS if name in OWN_COLUMNS
    }
    return Inspection(_own_layout(table, told), _looks(table), guesses, rows=sum(1 for _ in table))


def _find_out(table: Table, told: _Told) -> _Known:
    form, table = recognise_form(table)
    sample = sample_of(table, len(table.header))
    placing = place(table.header, form, told.mapping, sample)
    unread = find_unread(table.header, form, sample, placing, told.mapping)
    findings = look_over(table, form.questions, placing.positions, told.mapping, form, placing.options)
    questions = (*open_questions(table.header, placing, findings, told.week), *unread.questions)
    placing = replace(placing, guesses=placing.guesses | unread.guesses)
    findings = replace(findings, notes=(*findings.notes, *unread.notes))
    return _Known(table, form, placing, findings, questions)


def _layout(known: _Known, told: _Told) -> Layout:
    table, placing, findings = known.table, known.placing, known.findings
    names = column_names(table.header)
    columns = {name: names[index] for name, index in placing.positions.items()}
    if placing.options:
        columns["excessive"] = names[placing.options[0].column]
    notes = (
        *table.notes,
        *(() if known.questions else findings.notes),  # what rows show depends on which column holds what
        *_week_notes(
            told, asked="week" in placing.positions or findings.undated or "answered_at" not in placing.positions
        ),
        *(("Times are in UTC, as the tool writes them.",) if known.form.utc else ()),
        *_available_notes(findings.units.values(), placing.positions, told.default_hours),
    )
    return Layout(
        known.form.tool,
        table.header,
        table.encoding,
        table.delimiter,
        tuple((name, columns[name]) for name in ANSWER_FIELDS if name in columns),
        notes,
        known.form.why or _TABLE_WHY,
        table.header_rows,
    )


def _week_notes(told: _Told, *, asked: bool) -> tuple[str, ...]:
    if told.week is not None:
        return (f"All answers are taken for {told.week}, as you said.",)
    if asked:
        return ()
    rule = (
        "answers given on a Monday or Tuesday are taken for the week before, later ones for the week they were given in"
    )
    return (f"No question asks for the week: {rule} (times in {told.zone}).",)


def _available_notes(units: Collection[Unit], positions: dict[str, int], default_hours: float) -> tuple[str, ...]:
    if Unit.PERCENT not in units or "hours_available" in positions:
        return ()
    return (f"Percent are taken of {default_hours:g} hours, as the file says none.",)
