"""Alarms on a change of verdict, who has seen them, what was sent, and how each person wants to hear of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SIGNALS = "'pitfall', 'excessive', 'early_warning', 'watch', 'recovering', 'low', 'healthy', 'not_enough_data'"


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("signal", sa.String(30), nullable=False),
        sa.Column("turned_from", sa.String(30), nullable=False),
        sa.Column("found_week", sa.Date(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_week", sa.Date(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_alert_number_counts")),
        sa.CheckConstraint(f"signal IN ({_SIGNALS})", name=op.f("ck_alert_signal_known")),
        sa.CheckConstraint(f"turned_from IN ({_SIGNALS})", name=op.f("ck_alert_turned_from_known")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_alert_team_id_team")),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["person.id"], name=op.f("fk_alert_acknowledged_by_id_person")),
        sa.PrimaryKeyConstraint("team_id", "number", name=op.f("pk_alert")),
    )
    still_open = sa.text("over_at IS NULL")
    op.create_index(
        "uq_alert_open", "alert", ["team_id"], unique=True, sqlite_where=still_open, postgresql_where=still_open
    )
    _create_choices()
    op.create_table(
        "notice",
        sa.Column("recipient", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(500), nullable=False),
        sa.CheckConstraint("kind IN ('alarm', 'reminder', 'summary')", name=op.f("ck_notice_kind_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person")),
        sa.PrimaryKeyConstraint("recipient", "kind", "about", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_person_id"), "notice", ["person_id"])


def _create_choices() -> None:
    op.create_table(
        "alert_snooze",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("times >= 1", name=op.f("ck_alert_snooze_times_count")),
        sa.ForeignKeyConstraint(
            ["team_id", "number"], ["alert.team_id", "alert.number"], name=op.f("fk_alert_snooze_team_id_number_alert")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_snooze_person_id_person")),
        sa.PrimaryKeyConstraint("team_id", "number", "person_id", name=op.f("pk_alert_snooze")),
    )
    op.create_table(
        "alert_wish",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wish", sa.String(30), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("wish IN ('at_once', 'weekly', 'none')", name=op.f("ck_alert_wish_wish_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_wish_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_alert_wish")),
    )


def downgrade() -> None:
    for name in ("notice", "alert_wish", "alert_snooze", "alert"):
        op.drop_table(name)
