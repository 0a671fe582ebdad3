"""Verdicts as they were reached, and up to where each team's are settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BECAUSE = "'published', 'answers_changed', 'people_changed', 'another_detector', 'asked_for'"
_SIGNALS = "'pitfall', 'excessive', 'early_warning', 'watch', 'recovering', 'low', 'healthy', 'not_enough_data'"
_STATES = "'not_enough_data', 'healthy', 'watch', 'sliding', 'recovering', 'excessive'"


def upgrade() -> None:
    op.create_table(
        "verdict",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.String(30), nullable=False),
        sa.Column("detector", sa.String(20), nullable=False),
        sa.Column("evidence", sa.String(32), nullable=False),
        sa.Column("answers", sa.String(32), nullable=False),
        sa.Column("thresholds", sa.JSON(), nullable=False),
        sa.Column("signal", sa.String(30), nullable=False),
        sa.Column("state", sa.String(30), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_verdict_number_counts")),
        sa.CheckConstraint(f"because IN ({_BECAUSE})", name=op.f("ck_verdict_because_known")),
        sa.CheckConstraint(f"signal IN ({_SIGNALS})", name=op.f("ck_verdict_signal_known")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_verdict_state_known")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_verdict_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", "number", name=op.f("pk_verdict")),
    )
    op.create_table(
        "settled_team",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(32), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_settled_team_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_settled_team")),
    )


def downgrade() -> None:
    op.drop_table("settled_team")
    op.drop_table("verdict")
