"""The weekly ritual: rules by week, absences, invitations, messages, published weeks, actions, history of teams."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _extend_team()
    op.add_column("answer", sa.Column("seconds", sa.Integer(), nullable=True))
    op.add_column("answer_revision", sa.Column("seconds", sa.Integer(), nullable=True))
    op.add_column("team_week", sa.Column("made_of", sa.Text(), nullable=False, server_default=""))
    _say_what_weeks_are_made_of()
    _create_published_week()
    _create_reopening()
    _create_absence()
    _create_invitation()
    _create_message()
    _create_opt_out()
    _create_agreed_action()
    _create_team_event()


def downgrade() -> None:
    for name in ("team_event", "agreed_action", "opt_out", "message", "invitation", "absence", "reopening"):
        op.drop_table(name)
    op.drop_table("published_week")
    op.drop_column("team_week", "made_of")
    op.drop_column("answer_revision", "seconds")
    op.drop_column("answer", "seconds")
    with op.batch_alter_table("team") as batch:
        batch.drop_constraint(op.f("fk_team_merged_into_id_team"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_team_step_known"), type_="check")
        for name in ("merged_into_id", "archived_on", "webhook", "thresholds", "rules", "holidays", "step"):
            batch.drop_column(name)


def _extend_team() -> None:
    """Add what teams decide; those that are there already keep a form in hours."""
    with op.batch_alter_table("team") as batch:
        batch.add_column(sa.Column("step", sa.String(30), nullable=False, server_default="hours"))
        batch.add_column(sa.Column("holidays", sa.String(20), nullable=False, server_default=""))
        batch.add_column(sa.Column("rules", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("thresholds", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("webhook", sa.String(500), nullable=False, server_default=""))
        batch.add_column(sa.Column("archived_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f("ck_team_step_known"), "step IN ('half_days', 'hours', 'percent')")
        batch.create_foreign_key(op.f("fk_team_merged_into_id_team"), "team", ["merged_into_id"], ["id"])


def _say_what_weeks_are_made_of() -> None:
    answer = sa.table(
        "answer",
        *(sa.column(name) for name in ("team_id", "week", "respondent", "revision")),
        sa.column("away", sa.Boolean),
    )
    week = sa.table("team_week", *(sa.column(name) for name in ("team_id", "week", "made_of")))
    entry = answer.c.respondent + "=" + sa.cast(answer.c.revision, sa.Text)
    names = sa.select(sa.func.aggregate_strings(entry, "\n")).where(
        answer.c.team_id == week.c.team_id, answer.c.week == week.c.week, sa.not_(answer.c.away)
    )
    op.execute(week.update().values(made_of=sa.func.coalesce(names.scalar_subquery(), "")))


def _week_columns() -> list[sa.Column[Any]]:
    """Give the sums of a week."""
    hours = (
        "planned", "capacity", "defect", "security", "telemetry", "support", "minor_change", "other_bau", "overhead",
        "callouts",
    )  # fmt: skip
    counts = (
        "revision", "respondents", "away", "expected", "complaint_answers", "complaining", "excessive_dependencies",
        "excessive_incidents", "excessive_infrastructure", "excessive_deployments", "excessive_environments",
        "excessive_approvals", "excessive_alerts", "excessive_diagnosis", "excessive_interruptions", "deferred",
        "deferred_answers",
    )  # fmt: skip
    return [
        *(sa.Column(name, sa.Float(), nullable=False) for name in hours),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("made_of", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
    ]


def _create_published_week() -> None:
    op.create_table(
        "published_week",
        *_week_columns(),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_published_week_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", name=op.f("pk_published_week")),
        sqlite_with_rowid=False,
    )


def _create_reopening() -> None:
    op.create_table(
        "reopening",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("freezes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(280), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reopening_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_reopening_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", "reopened_at", name=op.f("pk_reopening")),
    )


def _create_absence() -> None:
    op.create_table(
        "absence",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_absence_ends_after_start")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "starts_on", name=op.f("pk_absence")),
    )


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_invitation_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", "person_id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_person_id"), "invitation", ["person_id"])


def _create_message() -> None:
    op.create_table(
        "message",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("recipient", sa.String(100), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(500), nullable=False),
        sa.CheckConstraint(
            "kind IN ('invitation', 'first_reminder', 'second_reminder', 'reopened', 'digest')",
            name=op.f("ck_message_kind_known"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_message_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "week", "kind", "recipient", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_person_id"), "message", ["person_id"])


def _create_opt_out() -> None:
    op.create_table(
        "opt_out",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_opt_out_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_opt_out_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_opt_out")),
    )


def _create_agreed_action() -> None:
    op.create_table(
        "agreed_action",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agreed_action_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_agreed_action_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "number", name=op.f("pk_agreed_action")),
    )


def _create_team_event() -> None:
    op.create_table(
        "team_event",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_event_person_id_person")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_event_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "number", name=op.f("pk_team_event")),
    )
