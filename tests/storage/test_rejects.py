from __future__ import annotations

from sqlmodel import Session

from bau_tracker.domain.importing import Problem
from bau_tracker.storage import runs
from bau_tracker.storage.rejects import keep_rejects, reasons_of, rejects_of
from bau_tracker.storage.tables import ImportRun
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


def test_a_short_row_of_a_wide_table_is_kept_as_short_as_it_was(session: Session) -> None:
    number = make_run(session)
    keep_rejects(session, number, [Problem(2, "", "No week.", ("", "x", *[""] * 5_000))])
    assert [problem.row for problem in rejects_of(session, number)] == [("", "x")]
