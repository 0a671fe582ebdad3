"""Decides what is stored and what the database itself refuses. Reading and writing is left to the modules by topic.

`team_id` leads every key of a team's data. A week is its Monday. An answer is one row with a column of hours per
category and one per complaint, so that bulk paths and rollups need no join; names follow `domain.taxonomy`.
"""
# No `from __future__ import annotations` here: SQLModel reads the annotations. An `id` is None until it is flushed.

import enum
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from bau_tracker.domain.permissions import Role
from bau_tracker.domain.surveys import CATEGORIES, LONGEST_COMMENT, MOST_HOURS
from bau_tracker.domain.taxonomy import ItemClass, Origin

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


class Person(Base, table=True):
    """Somebody who may sign in. `session_key` changes to sign out every session."""

    __tablename__ = "person"

    id: int = Field(default=None, primary_key=True)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(default="", max_length=120)
    is_admin: bool = False
    password_hash: str | None = Field(default=None, max_length=255)
    session_key: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Team(Base, table=True):
    """A product team; hours are those of a usual full week."""

    __tablename__ = "team"
    __table_args__ = (sa.CheckConstraint("hours_per_week > 0 AND hours_per_week <= 100", name="hours_possible"),)

    id: int = Field(default=None, primary_key=True)
    slug: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=120)
    timezone: str = Field(default="UTC", max_length=60)
    hours_per_week: float = 40.0
    created_at: datetime = Field(sa_type=UtcDateTime)


class Membership(Base, table=True):
    """A person in a team from one day to another, both included; `ends_on` None is open. Hours None are the team's.

    Hours 0 is somebody who belongs to the team and isn't asked, such as a lead who only reads.
    """

    __tablename__ = "membership"
    __table_args__ = (
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("hours_per_week IS NULL OR hours_per_week BETWEEN 0 AND 100", name="hours_possible"),
    )

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id", index=True)
    starts_on: date = Field(primary_key=True)
    ends_on: date | None = None
    role: Role = Field(default=Role.MEMBER, sa_type=stored_enum(Role, "role_known"))
    hours_per_week: float | None = None


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


def _answer_checks() -> list[sa.CheckConstraint]:
    total = " + ".join(CATEGORIES)
    not_negative = " AND ".join(f"{name} >= 0" for name in (*CATEGORIES, "callouts"))
    return [
        sa.CheckConstraint(not_negative, name="hours_not_negative"),
        sa.CheckConstraint(f"{total} <= {MOST_HOURS + 0.001}", name="hours_possible"),
        sa.CheckConstraint(f"NOT away OR ({total}) = 0", name="away_without_hours"),
    ]


class Answer(AnswerColumns, table=True):
    """The answer that counts, one for a team, week and respondent (`person:ID`, or an anonymous source's id)."""

    __tablename__ = "answer"
    __table_args__ = (*_answer_checks(), {"sqlite_with_rowid": False})

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    respondent: str = Field(primary_key=True, max_length=100)
    revision: int = 1


class AnswerRevision(AnswerColumns, table=True):
    """An answer that a later one replaced."""

    __tablename__ = "answer_revision"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    respondent: str = Field(primary_key=True, max_length=100)
    revision: int = Field(primary_key=True)
    replaced_at: datetime = Field(sa_type=UtcDateTime)


class Draft(Base, table=True):
    """What a person has typed and not sent, as typed, so that nothing is lost, whatever it says."""

    __tablename__ = "draft"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    saved_at: datetime = Field(sa_type=UtcDateTime)


class TeamWeek(HourColumns, table=True):
    """A team's answers of one week, added up: kept up to date on every write, shown from `freezes_at` on.

    `revision` counts the changes after that moment.
    """

    __tablename__ = "team_week"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    freezes_at: datetime = Field(sa_type=UtcDateTime)
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


class Item(Base, table=True):
    """A work item. Kind and origin carry the reason that decided them; no person's name is kept."""

    __tablename__ = "item"
    __table_args__ = (sa.Index(None, "team_id", "week"),)

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    source: str = Field(primary_key=True, max_length=30)
    external_key: str = Field(primary_key=True, max_length=100)
    week: date | None = None
    title: str = Field(max_length=500)
    text: str = Field(default="", max_length=4000)
    item_type: str = Field(default="", max_length=100)
    status: str = Field(default="", max_length=100)
    priority: str = Field(default="", max_length=100)
    labels: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    component: str = Field(default="", max_length=200)
    url: str = Field(default="", max_length=1000)
    item_class: ItemClass = Field(sa_type=stored_enum(ItemClass, "item_class_known"))
    confidence: float
    class_reason: str = Field(max_length=500)
    origin: Origin = Field(sa_type=stored_enum(Origin, "origin_known"))
    origin_reason: str = Field(max_length=500)
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    run_id: int | None = Field(default=None, foreign_key="import_run.id")


class LoggedTime(Base, table=True):
    """Hours that a tracker logged on an item in a week."""

    __tablename__ = "logged_time"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["team_id", "source", "external_key"],
            ["item.team_id", "item.source", "item.external_key"],
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("hours >= 0", name="hours_not_negative"),
    )

    team_id: int = Field(primary_key=True)
    source: str = Field(primary_key=True, max_length=30)
    external_key: str = Field(primary_key=True, max_length=100)
    week: date = Field(primary_key=True)
    hours: float


class ImportRun(Base, table=True):
    """One import: which file, by whom, when, and how many rows came to what."""

    __tablename__ = "import_run"

    id: int = Field(default=None, primary_key=True)
    what: str = Field(max_length=20)
    file_name: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    recognised: str = Field(max_length=60)
    header: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    imported_at: datetime = Field(sa_type=UtcDateTime)
    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    replaced: int = 0
    rejected: int = 0


class ImportReject(Base, table=True):
    """A row that an import could not take, with the reason, kept so that it can be mended."""

    __tablename__ = "import_reject"

    run_id: int = Field(primary_key=True, foreign_key="import_run.id")
    line: int = Field(primary_key=True)
    column: str = Field(default="", max_length=200)
    message: str = Field(max_length=1000)
    row: list[str] = Field(default_factory=list, sa_type=sa.JSON)


class SignInLink(Base, table=True):
    """A link that signs a person in once; `nonce_hash` is all that is kept of it."""

    __tablename__ = "sign_in_link"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    nonce_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInFailure(Base, table=True):
    """A failed try to sign in, counted to slow down guessing; `subject` is a hash of the e-mail or address tried."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (sa.Index(None, "subject", "failed_at"),)

    id: int = Field(default=None, primary_key=True)
    subject: str = Field(max_length=64)
    failed_at: datetime = Field(sa_type=UtcDateTime)
