"""Decides what is remembered of what a person said about a file, so that next week's needs no question.

Files of one form are told by their headings. Where a form's questions changed since, what is the same is carried over,
and the figures from then on are marked as coming from other questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from bau_tracker.domain.importing import DateOrder, Unit
from bau_tracker.domain.importing import Mapping as ColumnMapping
from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.formats.fingerprints import Comparison, compare_headers, fingerprint
from bau_tracker.formats.own_answers import TOOL
from bau_tracker.storage import remembering
from bau_tracker.storage.import_tables import RememberedMapping
from bau_tracker.storage.people import person_with_id
from bau_tracker.storage.tables import ImportRun

_MEASURES: Final = (*CATEGORIES, "hours_available", "callouts", "excessive", "deferred")
"""The fields whose questions make figures; other words for them make other figures."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of a file's form: what was said about it, whose addresses are whose, and what has changed.

    `comparison` is None where the headings are the same as then; `said` tells who said it and when.
    """

    mapping: ColumnMapping
    people: Mapping[str, str]
    said: str = ""
    comparison: Comparison | None = None

    @property
    def doubt(self) -> str:
        """Say which questions that make figures have changed; empty when none has."""
        changed = self.comparison.changed if self.comparison else ()
        return " ".join(question.message for question in changed if question.field in _MEASURES)


def recall(
    session: Session, what: str, header: Sequence[str], *, team_id: int | None, person_id: int | None
) -> Memory | None:
    """Give what was last said about files of this form; of one whose questions changed, what is still the same."""
    stored = remembering.remembered(session, what, team_id=team_id, person_id=person_id)
    mark = fingerprint(header)
    same = next((one for one in stored if one.fingerprint == mark), None)
    if same is not None:
        return Memory(mapping_of(same.mapping), same.people, _said(session, same))
    for one in stored:
        comparison = compare_headers(one.header, one.columns, header)
        if comparison.same_form:
            gone = {question.field for question in comparison.changed}
            said = mapping_of(one.mapping)
            kept = {field: column for field, column in said.columns.items() if field not in gone}
            return Memory(replace(said, columns=kept), one.people, _said(session, one), comparison)
    return None


def remember(session: Session, run: ImportRun, weeks: Mapping[int, Sequence[date]], now: datetime) -> None:
    """Keep what was said about a run's file, and note from which weeks on its questions are others than before."""
    if run.recognised == TOOL:
        return
    columns = dict(run.summary.get("columns", ()))
    said = run.request.get("mapping") or asdict(ColumnMapping())
    stored = remembering.remembered(session, run.what, team_id=run.team_id, person_id=run.person_id)
    before = next((one for one in stored if one.tool == run.recognised), None)
    if run.what == "answers" and before is not None:
        words = _changed(before, columns, said, run.header)
        if words and weeks:
            remembering.keep_breaks(session, run.id, weeks, words)
    memory = RememberedMapping(
        what=run.what,
        fingerprint=fingerprint(run.header),
        team_id=run.team_id,
        person_id=run.person_id,
        tool=run.recognised,
        header=run.header,
        columns=columns,
        mapping=said,
        people=run.request.get("people", {}),
        saved_at=now,
    )
    remembering.remember(session, memory)


def mapping_of(said: Mapping[str, Any]) -> ColumnMapping:
    """Read a mapping back that was written down with `asdict`."""
    unit, order = said["unit"], said["date_order"]
    return ColumnMapping(
        **{**said, "unit": Unit(unit) if unit else None, "date_order": DateOrder(order) if order else None}
    )


def _said(session: Session, memory: RememberedMapping) -> str:
    """Say whose word is used again; empty where nobody had to say anything."""
    if not (memory.mapping["columns"] or memory.people):
        return ""
    person = person_with_id(session, memory.person_id) if memory.person_id else None
    who = person.email if person else "the command line"
    return f"The columns and people are read as {who} said on {memory.saved_at:%Y-%m-%d}."


def _changed(
    before: RememberedMapping, columns: Mapping[str, str], said: Mapping[str, Any], header: Sequence[str]
) -> str:
    """Say which questions that make figures are others than in the form's last file; empty when none is."""
    if not compare_headers(before.header, before.columns, header).same_form:
        return ""
    words = [
        _sentence(before.columns.get(field, ""), columns.get(field, ""))
        for field in _MEASURES
        if not _same(before.columns.get(field, ""), columns.get(field, ""))
    ]
    if before.mapping.get("unit") != said.get("unit"):
        words.append(f"Its numbers are read as {said.get('unit') or 'the file says'}.")
    return " ".join(words)


def _sentence(before: str, now: str) -> str:
    if not before:
        return f"“{now}” is asked now."
    return f"“{before}” is asked as “{now}” now." if now else f"“{before}” isn't asked any more."


def _same(one: str, other: str) -> bool:
    return one == other or (bool(one) and bool(other) and fingerprint([one]) == fingerprint([other]))
