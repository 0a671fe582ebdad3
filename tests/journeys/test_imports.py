"""Imports of all kinds in any order, answers of the form between them, and undoing all of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bau_tracker.domain.importing import AnswerRecord
from bau_tracker.domain.permissions import SERVER, Actor
from bau_tracker.domain.surveys import Answer
from bau_tracker.formats.exports import write_table
from bau_tracker.formats.own_answers import OWN_COLUMNS, answer_row
from bau_tracker.services import importing, runs
from bau_tracker.services.recognising import ANSWERS, ITEMS, Request
from bau_tracker.storage.columns import Base
from bau_tracker.storage.tables import Team
from tests.factories import MONDAY, OPEN_WEEK, answers, give_answer, make_answer, make_team_of

ANSWERED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TEAMS = ("payments", "search")
JIRA = "Summary,Issue key,Issue id,Issue Type,Status,Created,Updated,Log Work"
BOOKKEEPING = {"revision", "run_id", "made_of"}
"""Columns that only tell by which way a row came to what it says."""

Line = AnswerRecord | str


@dataclass(slots=True)
class World:
    """Two teams, the files that were imported, and the imports that stand."""

    session: Session
    folder: Path
    teams: dict[str, tuple[Team, list[Actor]]]
    files: list[tuple[str, Sequence[Line]]] = field(default_factory=list)
    standing: list[int] = field(default_factory=list)

    def take(self, team: str, lines: Sequence[Line]) -> None:
        """Import rows; none of them is lost."""
        path = self.folder / "file.csv"
        what = ITEMS if isinstance(lines[0], str) else ANSWERS
        if what == ITEMS:
            path.write_text("\n".join((JIRA, *map(str, lines))))
        else:
            write_table(path, OWN_COLUMNS, (answer_row(line) for line in lines if isinstance(line, AnswerRecord)))
        request = Request(what, path, path.name, team=team if what == ITEMS else None)
        run = importing.begin(self.session, request, actor=SERVER, now=MONDAY)
        for _ in importing.read_on(self.session, run.id, holder="a test", clock=lambda: MONDAY):
            pass
        result = importing.take_over(self.session, run.id, actor=SERVER, now=MONDAY)
        assert result.rows == len(lines)
        assert result.rows == result.accepted + result.unchanged + result.replaced + result.rejected
        assert result.rejected == len(result.problems)
        self.files.append((team, lines))
        self.standing.append(run.id)

    def undo(self, which: int) -> None:
        runs.undo(self.session, self.standing.pop(which % len(self.standing)), actor=SERVER, now=MONDAY)

    def answer(self, team: str, member: int, planned: float) -> None:
        of, members = self.teams[team]
        give_answer(self.session, of, members[member], answer=_said(planned))

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        self.session.expire_all()
        tables = {name: Base.metadata.tables[name].columns for name in ("answer", "item", "logged_time", "team_week")}
        return {
            name: sorted(map(tuple, self.session.execute(sa.select(*_telling(columns)))), key=repr)
            for name, columns in tables.items()
        }


def _telling(columns: Any) -> list[sa.Column[Any]]:
    return [column for column in columns if column.name not in BOOKKEEPING]


def make_world(session: Session, folder: Path) -> World:
    """Begin anew: two teams of two, where an import of answers and one of items stand and are never undone."""
    session.rollback()
    world = World(session, folder, {name: make_team_of(session, 2, name.title()) for name in TEAMS})
    world.take("payments", [_record("payments", 1, _said(30), 0)])
    world.take("payments", [_item(1, 0, 3_600)])
    world.standing.clear()
    return world


def _said(planned: float) -> Answer:
    """Give an answer that comes by the form and by imports alike."""
    return make_answer(planned=planned, bau=6, overhead=0)


def _record(team: str, member: int, answer: Answer, hour: int | None, week: int = 0) -> AnswerRecord:
    at = None if hour is None else ANSWERED + timedelta(hours=hour)
    email = f"member{member}@{team}.example"
    return AnswerRecord(0, OPEN_WEEK.shift(-week), answer, team, email, answered_at=at)


def _item(key: int, day: int, seconds: int) -> str:
    return f"Mend {key},A-{key},{key},Bug,Open,2026-11-{16 + key},2026-11-{19 + day},;2026-11-{17 + day};ada;{seconds}"


teams = st.sampled_from([TEAMS[0], *TEAMS])
said = st.sampled_from([10.0, 30.0])
records = st.builds(
    _record, teams, st.sampled_from([0, 0, 0, 1, 2]), st.one_of(said.map(_said), said.map(_said), answers),
    st.none() | st.integers(0, 3), st.sampled_from([0, 0, 0, 1]),
)  # fmt: skip
"""Most are of the same few people and weeks and say the same few things, so that they meet."""
items = st.builds(_item, st.integers(1, 3), st.integers(0, 3), st.sampled_from([0, 1_800, 3_600])) | st.just(",A-9,9")
steps = st.one_of(
    st.tuples(st.just("take"), teams, st.lists(records, min_size=1, max_size=5)),
    st.tuples(st.just("take"), teams, st.lists(items, min_size=1, max_size=5)),
    st.tuples(st.just("again"), st.integers(0, 20)),
    st.tuples(st.just("answer"), teams, st.sampled_from([0, 0, 1]), said),
    st.tuples(st.just("undo"), st.integers(0, 20)),
)


def _do(world: World, what: str, *arguments: Any) -> None:
    if what == "again":
        world.take(*world.files[arguments[0] % len(world.files)])
    elif what == "undo":
        if world.standing:
            world.undo(*arguments)
    else:
        getattr(world, what)(*arguments)


@pytest.mark.slow
@given(story=st.lists(steps, min_size=4, max_size=12), order=st.randoms(use_true_random=False))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_undoing_all_imports_there_is_what_came_by_the_form_and_before(
    session: Session, tmp_path: Path, story: list[tuple[Any, ...]], order: Any
) -> None:
    world = make_world(session, tmp_path)
    for step in story:
        _do(world, *step)
    while world.standing:
        world.undo(order.randrange(20))
    left = world.contents()

    world = make_world(session, tmp_path)
    for step in story:
        if step[0] == "answer":
            _do(world, *step)

    assert left == world.contents()


def test_what_a_member_sends_stays_though_an_import_had_said_the_same(session: Session, tmp_path: Path) -> None:
    world = make_world(session, tmp_path)
    world.take("search", [_record("search", 0, _said(30), 0)])
    world.answer("search", 0, 30)
    with_answer = world.contents()
    world.undo(0)

    assert world.contents() == with_answer
