from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlmodel import Session

from bau_tracker.storage import migrate, tables
from bau_tracker.storage.engine import make_engine, writing
from tests.factories import MONDAY, OPEN_WEEK, give_answer, make_team_of


def fill(engine: sa.Engine) -> None:
    """Put a row into every table whose rows others hang on, and into some that hang on them."""
    with Session(writing(engine), expire_on_commit=False) as session:
        team, members = make_team_of(session, 2)
        for member in members:
            give_answer(session, team, member)
        run = tables.ImportRun(
            what="items", file_name="a.csv", sha256="0", recognised="jira", started_at=MONDAY, header=["Summary"]
        )
        session.add(run)
        session.flush()
        item: dict[str, Any] = {
            "title": "Disk full",
            "item_class": "capacity",
            "origin": "unplanned",
            "confidence": 1.0,
        }
        session.add(
            tables.Item(
                team_id=team.id,
                source="jira",
                external_key="A-1",
                class_reason="",
                origin_reason="",
                run_id=run.id,
                **item,
            )
        )
        session.add(tables.ImportReject(run_id=run.id, line=2, message="no key"))
        session.flush()
        time = tables.LoggedTime(team_id=team.id, source="jira", external_key="A-1", week=OPEN_WEEK.monday, hours=2)
        session.add(time)
        session.commit()


def counts(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in tables.Person.metadata.tables.items()
        }


def names(engine: sa.Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory.from_config(migrate.alembic_config()).get_heads()) == 1


def test_the_schema_goes_up_and_down_and_up_with_rows_present(empty_url: str) -> None:
    engine = make_engine(empty_url)
    assert not migrate.is_current(engine)
    migrate.upgrade(engine)
    assert migrate.is_current(engine)
    fill(engine)
    before = counts(engine)
    migrate.upgrade(engine)
    assert counts(engine) == before
    migrate.downgrade(engine, "base")
    assert names(engine) == {"alembic_version"}
    assert not migrate.is_current(engine)
    migrate.upgrade(engine)
    fill(engine)
    assert counts(engine) == before
    engine.dispose()


def test_the_migrations_make_what_the_tables_say(any_engine: sa.Engine) -> None:
    with any_engine.connect() as connection:
        command.check(migrate.alembic_config(connection))


def test_two_that_migrate_at_once_take_turns(empty_url: str) -> None:
    engines = [make_engine(empty_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(migrate.upgrade, engines))
    assert migrate.is_current(engines[0])
    for engine in engines:
        engine.dispose()


def test_two_processes_that_migrate_one_new_file_at_once_take_turns(tmp_path: Path) -> None:
    program = dedent(f"""
        from bau_tracker.storage.engine import make_engine
        from bau_tracker.storage.migrate import upgrade
        upgrade(make_engine("sqlite:///{tmp_path / "new.sqlite3"}"))
    """)
    running = [subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate()[1] for process in running] == [b"", b""]
    engine = make_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    assert migrate.is_current(engine)
    engine.dispose()


@pytest.fixture
def further(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, any_engine: sa.Engine) -> Path:
    """Give a folder of migrations with a further one that changes tables which others hang on.

    The database is made before: the one that all tests copy must not know of it.
    """
    assert migrate.is_current(any_engine)
    folder = tmp_path / "migrations"
    shipped = ScriptDirectory.from_config(migrate.alembic_config())
    (folder / "versions").mkdir(parents=True)
    for path in Path(shipped.dir).glob("*.py"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    for path in Path(shipped.versions).glob("*.py"):
        (folder / "versions" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "versions" / "9999_further.py").write_text(
        dedent(f"""
            import sqlalchemy as sa
            from alembic import op

            revision = "9999"
            down_revision = "{shipped.get_current_head()}"
            branch_labels = depends_on = None

            def upgrade():
                with op.batch_alter_table("team") as batch:
                    batch.alter_column("name", existing_type=sa.String(120), type_=sa.String(200))
                with op.batch_alter_table("item") as batch:
                    batch.add_column(sa.Column("further", sa.String(20), server_default="x"))
                    batch.alter_column("title", existing_type=sa.String(500), type_=sa.String(600))

            def downgrade():
                with op.batch_alter_table("item") as batch:
                    batch.alter_column("title", existing_type=sa.String(600), type_=sa.String(500))
                    batch.drop_column("further")
                with op.batch_alter_table("team") as batch:
                    batch.alter_column("name", existing_type=sa.String(200), type_=sa.String(120))
        """),
        encoding="utf-8",
    )

    def resource(_name: str) -> Path:
        return folder

    monkeypatch.setattr(migrate, "resource", resource)
    return folder


@pytest.mark.usefixtures("further")
def test_a_migration_that_rebuilds_a_parent_keeps_its_children(any_engine: sa.Engine) -> None:
    fill(any_engine)
    before = counts(any_engine)
    assert before["logged_time"] == 1
    migrate.upgrade(any_engine)
    assert migrate.is_current(any_engine)
    assert counts(any_engine) == before
    migrate.downgrade(any_engine, "-1")
    assert counts(any_engine) == before
    with Session(writing(any_engine)) as session, pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.text("DELETE FROM team"))


def test_a_migration_that_fails_half_way_changes_nothing(any_engine: sa.Engine, further: Path) -> None:
    fill(any_engine)
    before = counts(any_engine)
    path = further / "versions" / "9999_further.py"
    said = path.read_text(encoding="utf-8").replace("\ndef downgrade", "    raise ZeroDivisionError\n\ndef downgrade")
    path.write_text(said, encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        migrate.upgrade(any_engine)
    assert counts(any_engine) == before
    assert "further" not in {column["name"] for column in sa.inspect(any_engine).get_columns("item")}
    assert not migrate.is_current(any_engine)


def test_a_migration_that_leaves_children_without_a_parent_is_undone(engine: sa.Engine) -> None:
    fill(engine)
    before = counts(engine)
    with pytest.raises(sa.exc.IntegrityError, match="foreign_key_check"), migrate._alone(engine) as connection:  # noqa: SLF001
        Operations(MigrationContext.configure(connection)).execute("DELETE FROM team")
    assert counts(engine) == before


def test_a_path_with_a_percent_sign_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def resource(_name: str) -> Path:
        return Path("/srv/100%/migrations")

    monkeypatch.setattr(migrate, "resource", resource)
    config: Config = migrate.alembic_config()
    assert config.get_main_option("script_location") == "/srv/100%/migrations"
