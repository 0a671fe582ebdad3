from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.importing import Problem
from bau_tracker.storage import runs
from bau_tracker.storage.rejects import keep_rejects, reasons_of, rejects_of
from bau_tracker.storage.tables import ImportReject, ImportRun
from tests.factories import MONDAY


def make_run(session: Session, *messages: str) -> int:
    run = ImportRun(what="answers", file_name="a.csv", sha256="0" * 64, recognised="table", started_at=MONDAY)
    number = runs.add_run(session, run)
    keep_rejects(session, number, [Problem(line, "", message) for line, message in enumerate(messages, 2)])
    return number


def test_reasons_are_counted_the_most_frequent_first_and_of_this_run_only(session: Session) -> None:
    make_run(session, "too many hours", "too many hours", "too many hours")
    number = make_run(session, "no week", "no one known", "too many hours", "no one known", "in the future")
    assert reasons_of(session, number, limit=3) == [("no one known", 2), ("no week", 1), ("too many hours", 1)]


@pytest.mark.parametrize("row", [("", "x", *[""] * 5_000), (*[""] * 5_000, "x"), ("7", *[""] * 5_000, "5000", "0", "")])
def test_a_row_of_a_wide_table_takes_no_more_room_than_what_it_holds(session: Session, row: tuple[str, ...]) -> None:
    number = make_run(session)
    keep_rejects(session, number, [Problem(2, "", "No week.", row)])
    stored = session.scalars(select(sa.cast(col(ImportReject.row), sa.Text))).one()
    assert len(stored) < 40
    (kept,) = rejects_of(session, number)
    assert kept.row == row[: len(kept.row)]
    assert not any(row[len(kept.row) :])


def test_rows_that_were_kept_cell_by_cell_are_still_given(session: Session) -> None:
    number = make_run(session)
    session.add(ImportReject(run_id=number, line=2, message="No week.", row=["", "x", ""]))
    session.flush()
    assert [problem.row for problem in rejects_of(session, number)] == [("", "x", "")]
