"""Imports that are read in batches, can be undone, and remember what was said about files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW = (
    "definition_break", "remembered_mapping", "item_revision", "item_confirmation", "answer_confirmation",
    "staged_item", "staged_answer",
)  # fmt: skip
_OF_RUNS = (
    "state", "fingerprint", "request", "team_id", "started_at", "undone_at", "undone_by_id", "holder", "leased_until",
    "failure", "summary", "unknown", "rows_total",
)  # fmt: skip


def upgrade() -> None:
    _extend_import_run()
    op.add_column("answer_revision", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    _extend_item()
    _create_staged_answer()
    _create_staged_item()
    _create_answer_confirmation()
    _create_item_confirmation()
    _create_item_revision()
    _create_remembered_mapping()
    _create_definition_break()


def downgrade() -> None:
    for name in _NEW:
        op.drop_table(name)
    op.drop_index(op.f("ix_item_run_id"), "item")
    with op.batch_alter_table("item") as batch:
        batch.drop_constraint(op.f("fk_item_class_by_id_person"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_item_origin_by_id_person"), type_="foreignkey")
        for name in ("revision", "origin_by_id", "class_by_id", "started_at"):
            batch.drop_column(name)
    op.execute("DELETE FROM answer_revision WHERE withdrawn_at IS NOT NULL")
    op.drop_column("answer_revision", "withdrawn_at")
    op.execute("UPDATE import_run SET imported_at = started_at WHERE imported_at IS NULL")
    op.drop_index(op.f("ix_import_run_sha256"), "import_run")
    with op.batch_alter_table("import_run") as batch:
        batch.drop_constraint(op.f("ck_import_run_state_known"), type_="check")
        batch.drop_constraint(op.f("fk_import_run_team_id_team"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_import_run_undone_by_id_person"), type_="foreignkey")
        for name in _OF_RUNS:
            batch.drop_column(name)
        batch.alter_column("imported_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def _extend_import_run() -> None:
    """Add how far a run has come; those that are there already are imported."""
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("import_run", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("state", sa.String(30), nullable=False, server_default="imported"))
        batch.add_column(sa.Column("fingerprint", sa.String(64), nullable=False, server_default=""))
        batch.add_column(sa.Column("request", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("started_at", moment, nullable=True))
        batch.add_column(sa.Column("undone_at", moment, nullable=True))
        batch.add_column(sa.Column("undone_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("holder", sa.String(40), nullable=False, server_default=""))
        batch.add_column(sa.Column("leased_until", moment, nullable=True))
        batch.add_column(sa.Column("failure", sa.String(1000), nullable=False, server_default=""))
        batch.add_column(sa.Column("summary", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("unknown", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("rows_total", sa.Integer(), nullable=True))
        batch.alter_column("imported_at", existing_type=moment, nullable=True)
        batch.create_check_constraint(
            op.f("ck_import_run_state_known"),
            "state IN ('reading', 'read', 'taking_over', 'imported', 'undone', 'failed')",
        )
        batch.create_foreign_key(op.f("fk_import_run_team_id_team"), "team", ["team_id"], ["id"])
        batch.create_foreign_key(op.f("fk_import_run_undone_by_id_person"), "person", ["undone_by_id"], ["id"])
    op.execute("UPDATE import_run SET started_at = imported_at")
    with op.batch_alter_table("import_run", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.alter_column("started_at", existing_type=moment, nullable=False)
    op.create_index(op.f("ix_import_run_sha256"), "import_run", ["sha256"])


def _extend_item() -> None:
    with op.batch_alter_table("item") as batch:
        batch.add_column(sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("class_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("origin_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
        batch.create_foreign_key(op.f("fk_item_class_by_id_person"), "person", ["class_by_id"], ["id"])
        batch.create_foreign_key(op.f("fk_item_origin_by_id_person"), "person", ["origin_by_id"], ["id"])
    op.create_index(op.f("ix_item_run_id"), "item", ["run_id"])


def _create_staged_answer() -> None:
    hours = (
        "planned", "capacity", "defect", "security", "telemetry", "support", "minor_change", "other_bau", "overhead",
        "callouts",
    )  # fmt: skip
    complaints = (
        "asked", "dependencies", "incidents", "infrastructure", "deployments", "environments", "approvals", "alerts",
        "diagnosis", "interruptions",
    )  # fmt: skip
    op.create_table(
        "staged_answer",
        sa.Column("run_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in hours),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("hours_available", sa.Float(), nullable=True),
        *(sa.Column(f"excessive_{name}", sa.Boolean(), nullable=False) for name in complaints),
        sa.Column("deferred", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.String(280), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("respondent", sa.String(100), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "team_id", "week", "respondent", name=op.f("pk_staged_answer")),
        sqlite_with_rowid=False,
    )


def _create_staged_item() -> None:
    op.create_table(
        "staged_item",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("external_key", sa.String(100), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.Column("logged", sa.JSON(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["import_run.id"], name=op.f("fk_staged_item_run_id_import_run"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "team_id", "source", "external_key", name=op.f("pk_staged_item")),
    )


def _create_answer_confirmation() -> None:
    op.create_table(
        "answer_confirmation",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("respondent", sa.String(100), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_answer_confirmation_run_id_import_run")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_answer_confirmation_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", "respondent", "run_id", name=op.f("pk_answer_confirmation")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_answer_confirmation_run_id"), "answer_confirmation", ["run_id"])


def _create_item_confirmation() -> None:
    op.create_table(
        "item_confirmation",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("external_key", sa.String(100), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_item_confirmation_run_id_import_run")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_item_confirmation_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "source", "external_key", "run_id", name=op.f("pk_item_confirmation")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_item_confirmation_run_id"), "item_confirmation", ["run_id"])


def _create_item_revision() -> None:
    op.create_table(
        "item_revision",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("external_key", sa.String(100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("item", sa.JSON(), nullable=False),
        sa.Column("logged", sa.JSON(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_item_revision_run_id_import_run")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_item_revision_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "source", "external_key", "revision", name=op.f("pk_item_revision")),
    )
    op.create_index(op.f("ix_item_revision_run_id"), "item_revision", ["run_id"])


def _create_remembered_mapping() -> None:
    op.create_table(
        "remembered_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("tool", sa.String(60), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_remembered_mapping_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_remembered_mapping_team_id_team")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remembered_mapping")),
    )
    op.create_index(
        op.f("ix_remembered_mapping_what_team_id_person_id"), "remembered_mapping", ["what", "team_id", "person_id"]
    )


def _create_definition_break() -> None:
    op.create_table(
        "definition_break",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_definition_break_run_id_import_run")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_definition_break_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", "run_id", name=op.f("pk_definition_break")),
    )
