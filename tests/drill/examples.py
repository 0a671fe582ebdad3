"""Decides what has to hold of every file that is read and imported, however it went wrong."""

from __future__ import annotations

import re
import tempfile
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.domain.errors import BauTrackerError
from bau_tracker.domain.importing import DateOrder, Layout, Mapping, Unit
from bau_tracker.domain.permissions import SERVER
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.answers import inspect_answers, open_answers
from bau_tracker.formats.items import inspect_items, open_items
from bau_tracker.formats.tables import LONGEST_CELL, MOST_BLANK
from bau_tracker.services import importing, runs
from bau_tracker.services.importing import Result
from bau_tracker.services.recognising import ANSWERS, Request
from bau_tracker.storage.columns import Base
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.migrate import upgrade
from tests.drill.checks import wrong_sums
from tests.drill.mutations import spoil
from tests.drill.originals import PEOPLE, TEAM, some_original
from tests.factories import make_team_of

BROKEN: Final = "BROKEN:"
NOW: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
_ZONE: Final = ZoneInfo("Europe/Berlin")
_UNTOUCHED: Final = 0.1
"""How many files are left as they were, in which the number of rows is known."""
_COUNTED: Final = ("answer", "logged_time", "item", "team_week")


@dataclass(frozen=True, slots=True)
class Example:
    """A file and what is said about it; `rows` is how many it has, None where that isn't known."""

    what: str
    name: str
    content: bytes
    rows: int | None
    mapping: Mapping
    week: Week | None


class BrokenRuleError(Exception):
    """A rule doesn't hold."""


def make_example(seed: int, number: int) -> Example:
    """Make the example of a number."""
    random = Random(f"{seed}:{number}")  # noqa: S311  (nothing secret)
    original = some_original(random)
    untouched = random.random() < _UNTOUCHED
    content = original.content if untouched else spoil(original.content, random)
    mapping = Mapping(
        date_order=random.choice((None, *DateOrder)),
        unit=random.choice((None, None, *Unit)),
        keep_all=random.random() < 0.3,
    )
    week = random.choice((None, None, Week.parse("2026-W44"))) if original.what == ANSWERS else None
    rows = original.rows if untouched else None
    return Example(original.what, original.name, content, rows, mapping, week)


class Workshop:
    """Where examples are tried: a folder of its own, and a database that is as before after each."""

    def __init__(self, within: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=within))
        self._engine = make_engine(f"sqlite:///{self._folder / 'bau-tracker.sqlite3'}")
        upgrade(self._engine)
        with Session(writing(self._engine)) as session:
            make_team_of(session, PEOPLE)
            session.commit()

    def outcome_of(self, seed: int, number: int) -> str:
        """Try an example; say what became of it."""
        example = make_example(seed, number)
        path = self._folder / example.name
        path.write_bytes(example.content)
        try:
            return self._tried(example, path)
        except BrokenRuleError as error:
            return f"{BROKEN} example {number} ({example.what}): {error}"
        except Exception:  # noqa: BLE001  (whatever escapes is what is looked for)
            return f"{BROKEN} example {number} ({example.what}): {traceback.format_exc()[-1500:]}"

    def _tried(self, example: Example, path: Path) -> str:
        try:
            looked_at = inspected(example, path).rows
        except BauTrackerError as error:
            return _refused(error, "on sight")
        try:
            layout, entries = opened(example, path)
        except BauTrackerError as error:
            return _refused(error, "until a question is answered")
        try:
            rows = sum(1 for _ in entries)
        except BauTrackerError as error:
            return _refused(error, "half-way")
        expect("rows looked at and rows read", looked_at, rows)
        if example.rows is not None:
            expect("rows written and rows read", example.rows, rows)
        lines = plain_lines(example.content, layout)
        if lines is not None:
            expect("lines of the file and rows read", lines, rows)
        with Session(writing(self._engine), expire_on_commit=False) as session:
            return _imported(session, example, path, rows)


def inspected(example: Example, path: Path) -> Any:
    if example.what == ANSWERS:
        return inspect_answers(path, zone=_ZONE, default_hours=40.0, mapping=example.mapping, week=example.week)
    return inspect_items(path, zone=_ZONE, mapping=example.mapping)


def opened(example: Example, path: Path) -> tuple[Layout, Any]:
    found: Any
    if example.what == ANSWERS:
        found = open_answers(path, zone=_ZONE, default_hours=40.0, mapping=example.mapping, week=example.week)
    else:
        found = open_items(path, zone=_ZONE, mapping=example.mapping)
    return found.layout, found


def plain_lines(content: bytes, layout: Layout) -> int | None:
    """Count the rows of a file so plain that each line is a row; None where it isn't."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    all_lines = re.split("\r\n|\r|\n", text)
    if not layout.delimiter or '"' in text or "\0" in text or text.startswith("sep=") or len(all_lines) > MOST_BLANK:
        return None
    lines = [line for line in all_lines if line.strip(layout.delimiter)]
    return None if max(map(len, lines)) > LONGEST_CELL else len(lines) - layout.header_rows


def _refused(error: BauTrackerError, when: str) -> str:
    if len(error.message) < 20 or "\n" in error.message.strip():
        raise BrokenRuleError(f"the message is no sentence: {error.message!r}")
    return f"refused {when}"


def _imported(session: Session, example: Example, path: Path, rows: int) -> str:
    """Import a file twice and undo both; what is stored is given up in the end."""
    before = _contents(session)
    request = Request(example.what, path, example.name, TEAM, example.week, example.mapping)
    first = _taken_over(session, request, rows)
    again = _taken_over(session, request, rows)
    expect("rows that the same file changes again", (0, 0), (again.accepted, again.replaced))
    for result in (again, first):
        runs.undo(session, result.run, actor=SERVER, now=NOW)
    session.expire_all()
    expect("what is stored after undoing", before, _contents(session))
    if first.accepted == 0:
        return "read, with nothing to take over"
    return "imported whole" if first.rejected == 0 else "imported in part"


def _taken_over(session: Session, request: Request, rows: int) -> Result:
    """Import a file, of which no row may be lost on the way."""
    run = importing.begin(session, request, actor=SERVER, now=NOW)
    for _ in importing.read_on(session, run.id, holder="the drill", clock=lambda: NOW):
        pass
    result = importing.take_over(session, run.id, actor=SERVER, now=NOW)
    kept = result.accepted + result.unchanged + result.replaced + result.rejected
    rejects = sum(1 for _ in runs.rejects_of(session, run.id, actor=SERVER, now=NOW))
    expect("rows read and rows imported", rows, result.rows)
    expect("rows imported and what became of them", result.rows, kept)
    expect("rows rejected and rejected rows kept", result.rejected, rejects)
    expect("wrong sums", [], wrong_sums(session.connection()))
    return result


def _contents(session: Session) -> dict[str, list[Any]]:
    tables = Base.metadata.tables
    return {name: list(map(tuple, session.execute(sa.select(tables[name])).all())) for name in _COUNTED}


def expect(what: str, one: object, other: object) -> None:
    """Raise unless both are the same."""
    if one != other:
        raise BrokenRuleError(f"{what}: {str(one)[:500]} and {str(other)[:500]}")
