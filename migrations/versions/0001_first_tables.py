"""First tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_person()
    _create_sign_in_failure()
    _create_team()
    _create_draft()
    _create_import_run()
    _create_membership()
    _create_sign_in_link()
    _create_team_week()
    _create_answer()
    _create_answer_revision()
    _create_import_reject()
    _create_item()
    _create_logged_time()


def downgrade() -> None:
    op.drop_table("logged_time")
    op.drop_table("item")
    op.drop_table("import_reject")
    op.drop_table("answer_revision")
    op.drop_table("answer")
    op.drop_table("team_week")
    op.drop_table("sign_in_link")
    op.drop_table("membership")
    op.drop_table("import_run")
    op.drop_table("draft")
    op.drop_table("team")
    op.drop_table("sign_in_failure")
    op.drop_table("person")


def _answer_columns() -> list[sa.Column[Any]]:
    """Give what an answer says, the same for the one that counts and those it replaced."""
    return [
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("hours_available", sa.Float(), nullable=True),
        sa.Column("planned", sa.Float(), nullable=False),
        sa.Column("capacity", sa.Float(), nullable=False),
        sa.Column("defect", sa.Float(), nullable=False),
        sa.Column("security", sa.Float(), nullable=False),
        sa.Column("telemetry", sa.Float(), nullable=False),
        sa.Column("support", sa.Float(), nullable=False),
        sa.Column("minor_change", sa.Float(), nullable=False),
        sa.Column("other_bau", sa.Float(), nullable=False),
        sa.Column("overhead", sa.Float(), nullable=False),
        sa.Column("callouts", sa.Float(), nullable=False),
        sa.Column("excessive_asked", sa.Boolean(), nullable=False),
        sa.Column("excessive_dependencies", sa.Boolean(), nullable=False),
        sa.Column("excessive_incidents", sa.Boolean(), nullable=False),
        sa.Column("excessive_infrastructure", sa.Boolean(), nullable=False),
        sa.Column("excessive_deployments", sa.Boolean(), nullable=False),
        sa.Column("excessive_environments", sa.Boolean(), nullable=False),
        sa.Column("excessive_approvals", sa.Boolean(), nullable=False),
        sa.Column("excessive_alerts", sa.Boolean(), nullable=False),
        sa.Column("excessive_diagnosis", sa.Boolean(), nullable=False),
        sa.Column("excessive_interruptions", sa.Boolean(), nullable=False),
        sa.Column("deferred", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.String(280), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
    ]


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=True),
        sa.Column("session_key", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )


def _create_sign_in_failure() -> None:
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(op.f("ix_sign_in_failure_subject_failed_at"), "sign_in_failure", ["subject", "failed_at"])


def _create_team() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("timezone", sa.String(60), nullable=False),
        sa.Column("hours_per_week", sa.Float(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("hours_per_week > 0 AND hours_per_week <= 100", name=op.f("ck_team_hours_possible")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("slug", name=op.f("uq_team_slug")),
    )


def _create_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_draft_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", "person_id", name=op.f("pk_draft")),
    )


def _create_import_run() -> None:
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("recognised", sa.String(60), nullable=False),
        sa.Column("header", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_import_run_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )


def _create_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "person",
                "member",
                "lead",
                "admin",
                name="role_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("hours_per_week", sa.Float(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_membership_ends_after_start")),
        sa.CheckConstraint(
            "hours_per_week IS NULL OR hours_per_week BETWEEN 0 AND 100", name=op.f("ck_membership_hours_possible")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_membership_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "person_id", "starts_on", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"])


def _create_sign_in_link() -> None:
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("nonce_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("nonce_hash", name=op.f("uq_sign_in_link_nonce_hash")),
    )
    op.create_index(op.f("ix_sign_in_link_person_id"), "sign_in_link", ["person_id"])


def _create_team_week() -> None:
    op.create_table(
        "team_week",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("freezes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("respondents", sa.Integer(), nullable=False),
        sa.Column("away", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("planned", sa.Float(), nullable=False),
        sa.Column("capacity", sa.Float(), nullable=False),
        sa.Column("defect", sa.Float(), nullable=False),
        sa.Column("security", sa.Float(), nullable=False),
        sa.Column("telemetry", sa.Float(), nullable=False),
        sa.Column("support", sa.Float(), nullable=False),
        sa.Column("minor_change", sa.Float(), nullable=False),
        sa.Column("other_bau", sa.Float(), nullable=False),
        sa.Column("overhead", sa.Float(), nullable=False),
        sa.Column("callouts", sa.Float(), nullable=False),
        sa.Column("complaint_answers", sa.Integer(), nullable=False),
        sa.Column("complaining", sa.Integer(), nullable=False),
        sa.Column("excessive_dependencies", sa.Integer(), nullable=False),
        sa.Column("excessive_incidents", sa.Integer(), nullable=False),
        sa.Column("excessive_infrastructure", sa.Integer(), nullable=False),
        sa.Column("excessive_deployments", sa.Integer(), nullable=False),
        sa.Column("excessive_environments", sa.Integer(), nullable=False),
        sa.Column("excessive_approvals", sa.Integer(), nullable=False),
        sa.Column("excessive_alerts", sa.Integer(), nullable=False),
        sa.Column("excessive_diagnosis", sa.Integer(), nullable=False),
        sa.Column("excessive_interruptions", sa.Integer(), nullable=False),
        sa.Column("deferred", sa.Integer(), nullable=False),
        sa.Column("deferred_answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_week_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", name=op.f("pk_team_week")),
        sqlite_with_rowid=False,
    )


def _create_answer() -> None:
    op.create_table(
        "answer",
        *_answer_columns(),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("respondent", sa.String(100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT away OR (planned + capacity + defect + security + telemetry + support + minor_change + other_bau + overhead) = 0",
            name=op.f("ck_answer_away_without_hours"),
        ),
        sa.CheckConstraint(
            "planned + capacity + defect + security + telemetry + support + minor_change + other_bau + overhead <= 100.001",
            name=op.f("ck_answer_hours_possible"),
        ),
        sa.CheckConstraint(
            "planned >= 0 AND capacity >= 0 AND defect >= 0 AND security >= 0 AND telemetry >= 0 AND support >= 0 AND minor_change >= 0 AND other_bau >= 0 AND overhead >= 0 AND callouts >= 0",
            name=op.f("ck_answer_hours_not_negative"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_answer_person_id_person")),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_answer_run_id_import_run")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_answer_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", "respondent", name=op.f("pk_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_answer_person_id"), "answer", ["person_id"])


def _create_answer_revision() -> None:
    op.create_table(
        "answer_revision",
        *_answer_columns(),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("respondent", sa.String(100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_answer_revision_person_id_person")),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_answer_revision_run_id_import_run")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_answer_revision_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", "respondent", "revision", name=op.f("pk_answer_revision")),
    )
    op.create_index(op.f("ix_answer_revision_person_id"), "answer_revision", ["person_id"])


def _create_import_reject() -> None:
    op.create_table(
        "import_reject",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(200), nullable=False),
        sa.Column("message", sa.String(1000), nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_reject_run_id_import_run")),
        sa.PrimaryKeyConstraint("run_id", "line", name=op.f("pk_import_reject")),
    )


def _create_item() -> None:
    op.create_table(
        "item",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("external_key", sa.String(100), nullable=False),
        sa.Column("week", sa.Date(), nullable=True),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("text", sa.String(4000), nullable=False),
        sa.Column("item_type", sa.String(100), nullable=False),
        sa.Column("status", sa.String(100), nullable=False),
        sa.Column("priority", sa.String(100), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("component", sa.String(200), nullable=False),
        sa.Column("url", sa.String(1000), nullable=False),
        sa.Column(
            "item_class",
            sa.Enum(
                "feature",
                "capacity",
                "defect",
                "security",
                "telemetry",
                "support",
                "minor_change",
                "other",
                name="item_class_known",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("class_reason", sa.String(500), nullable=False),
        sa.Column(
            "origin",
            sa.Enum("planned", "unplanned", name="origin_known", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("origin_reason", sa.String(500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_item_run_id_import_run")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_item_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "source", "external_key", name=op.f("pk_item")),
    )
    op.create_index(op.f("ix_item_team_id_week"), "item", ["team_id", "week"])


def _create_logged_time() -> None:
    op.create_table(
        "logged_time",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(30), nullable=False),
        sa.Column("external_key", sa.String(100), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.CheckConstraint("hours >= 0", name=op.f("ck_logged_time_hours_not_negative")),
        sa.ForeignKeyConstraint(
            ["team_id", "source", "external_key"],
            ["item.team_id", "item.source", "item.external_key"],
            name=op.f("fk_logged_time_team_id_source_external_key_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_id", "source", "external_key", "week", name=op.f("pk_logged_time")),
    )
