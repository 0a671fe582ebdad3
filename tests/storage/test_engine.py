from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.storage.engine import make_engine, writing
from bau_tracker.storage.tables import Team
from tests.factories import make_team


def test_what_is_no_database_url_is_refused() -> None:
    with pytest.raises(sa.exc.ArgumentError):
        make_engine("not a url")


def test_sqlite_checks_foreign_keys_and_lets_readers_read_while_one_writes(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_what_is_not_committed_is_seen_by_nobody_else(any_engine: sa.Engine) -> None:
    with Session(writing(any_engine)) as writer, Session(any_engine) as reader:
        make_team(writer)
        assert reader.exec(select(Team)).all() == []
        writer.commit()
        reader.rollback()
        assert [team.slug for team in reader.exec(select(Team))] == ["payments"]


def test_two_that_write_to_sqlite_take_turns_instead_of_failing(engine: sa.Engine) -> None:
    def rename(name: str) -> None:
        barrier.wait()
        with Session(writing(engine)) as session:
            team = session.exec(select(Team)).one()
            team.name += name
            session.add(team)
            session.commit()

    with Session(writing(engine)) as session:
        make_team(session, "T")
        session.commit()
    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=rename, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert sorted(session.exec(select(Team)).one().name) == ["T", "a", "b", "c", "d"]


def test_text_that_postgresql_cannot_hold_is_refused_and_no_fault_of_the_program(migrated_postgresql_url: str) -> None:
    engine = make_engine(migrated_postgresql_url)
    with Session(engine) as session:
        with pytest.raises(InvalidInput, match="NUL"):
            session.exec(select(Team).where(col(Team.slug) == "pay\x00ments"))
        session.rollback()
        assert session.exec(select(Team)).all() == []
    engine.dispose()


def test_a_moment_stored_is_compared_as_a_moment(any_session: Session) -> None:
    make_team(any_session)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert any_session.exec(select(Team).where(col(Team.created_at) < later)).one()
