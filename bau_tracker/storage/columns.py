"""Decides what tables share: types of columns, names of constraints, and the columns of answers and of their sums."""
# No `from __future__ import annotations` here: SQLModel reads the annotations.

import enum
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bau_tracker.domain.surveys import CATEGORIES, LONGEST_COMMENT

HOURS = tuple(CATEGORIES)
"""The columns of hours that make up a week."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A moment in UTC; refuses one without a time zone, and gives one back on every database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Turn a moment into UTC for the database; raises ValueError without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def stored_enum(words: type[enum.Enum], name: str) -> sa.Enum:
    """Store an enumeration by its values, as text that a constraint of this name checks."""
    return sa.Enum(
        words,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=30,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(SQLModel):
    """What every table shares: its own metadata, so that no other library's tables mix in."""

    metadata = sa.MetaData(naming_convention=NAMING)


class HourColumns(Base):
    """Hours by category, and out of hours: of one answer, or of a team's week added up."""

    planned: float = 0.0
    capacity: float = 0.0
    defect: float = 0.0
    security: float = 0.0
    telemetry: float = 0.0
    support: float = 0.0
    minor_change: float = 0.0
    other_bau: float = 0.0
    overhead: float = 0.0
    callouts: float = 0.0


class AnswerColumns(HourColumns):
    """What an answer says, the same for the one that counts and those it replaced."""

    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    away: bool = False
    hours_available: float | None = None
    excessive_asked: bool = True
    excessive_dependencies: bool = False
    excessive_incidents: bool = False
    excessive_infrastructure: bool = False
    excessive_deployments: bool = False
    excessive_environments: bool = False
    excessive_approvals: bool = False
    excessive_alerts: bool = False
    excessive_diagnosis: bool = False
    excessive_interruptions: bool = False
    deferred: bool | None = None
    comment: str = Field(default="", max_length=LONGEST_COMMENT)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    run_id: int | None = Field(default=None, foreign_key="import_run.id")
    seconds: int | None = None


class WeekColumns(HourColumns):
    """A team's answers of one week, added up.

    `made_of` names the answers with hours behind the sums, each as `respondent=revision` on a line of its own.
    """

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    made_of: str = Field(default="", sa_type=sa.Text)
    revision: int = 0
    respondents: int = 0
    away: int = 0
    expected: int = 0
    complaint_answers: int = 0
    complaining: int = 0
    excessive_dependencies: int = 0
    excessive_incidents: int = 0
    excessive_infrastructure: int = 0
    excessive_deployments: int = 0
    excessive_environments: int = 0
    excessive_approvals: int = 0
    excessive_alerts: int = 0
    excessive_diagnosis: int = 0
    excessive_interruptions: int = 0
    deferred: int = 0
    deferred_answers: int = 0
