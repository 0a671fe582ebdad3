"""Decides what is stored and what the database itself refuses. Reading and writing is left to the modules by topic.

`team_id` leads every key of a team's data. A week is its Monday. An answer is one row with a column of hours per
category and one per complaint, so that bulk paths and rollups need no join; names follow `domain.taxonomy`.
"""
# No `from __future__ import annotations` here: SQLModel reads the annotations. An `id` is None until it is flushed.

from datetime import date, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from bau_tracker.domain.importing import RunState
from bau_tracker.domain.messages import MessageKind
from bau_tracker.domain.permissions import Role
from bau_tracker.domain.surveys import CATEGORIES, MOST_HOURS, Step
from bau_tracker.domain.taxonomy import ItemClass, Origin
from bau_tracker.storage.columns import AnswerColumns, Base, UtcDateTime, WeekColumns, stored_enum


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
    """A product team; hours are those of a usual full week.

    `timezone` is the newest. `rules` hold what counts from which week on (see `domain.rules`), `thresholds` what
    differs from the defaults; `holidays` names the region whose public holidays count, such as DE-BY. `archived_on`
    is the last day.
    """

    __tablename__ = "team"
    __table_args__ = (sa.CheckConstraint("hours_per_week > 0 AND hours_per_week <= 100", name="hours_possible"),)

    id: int = Field(default=None, primary_key=True)
    slug: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=120)
    timezone: str = Field(default="UTC", max_length=60)
    hours_per_week: float = 40.0
    created_at: datetime = Field(sa_type=UtcDateTime)
    step: Step = Field(default=Step.HALF_DAYS, sa_type=stored_enum(Step, "step_known"))
    holidays: str = Field(default="", max_length=20)
    rules: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    thresholds: dict[str, float] = Field(default_factory=dict, sa_type=sa.JSON)
    webhook: str = Field(default="", max_length=500)
    archived_on: date | None = None
    merged_into_id: int | None = Field(default=None, foreign_key="team.id")


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
    """An answer that a later one replaced, or that was taken back with its import (`withdrawn_at`).

    What stands after an import is undone is the newest that wasn't taken back; no number of a revision is used twice.
    """

    __tablename__ = "answer_revision"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    respondent: str = Field(primary_key=True, max_length=100)
    revision: int = Field(primary_key=True)
    replaced_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Draft(Base, table=True):
    """What a person has typed and not sent, as typed, so that nothing is lost, whatever it says."""

    __tablename__ = "draft"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    typed: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    saved_at: datetime = Field(sa_type=UtcDateTime)


class TeamWeek(WeekColumns, table=True):
    """A week's sums as the answers stand: kept up to date on every write, shown from `freezes_at` on.

    `revision` counts the changes after that moment.
    """

    __tablename__ = "team_week"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)

    freezes_at: datetime = Field(sa_type=UtcDateTime)


class PublishedWeek(WeekColumns, table=True):
    """A week's sums as they were last published, kept while later changes are too few to be shown beside them."""

    __tablename__ = "published_week"
    __table_args__: ClassVar[Any] = ({"sqlite_with_rowid": False},)


class Reopening(Base, table=True):
    """A published week that was opened again until a moment, and why."""

    __tablename__ = "reopening"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    reopened_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    freezes_at: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(max_length=280)
    person_id: int | None = Field(default=None, foreign_key="person.id")


class Item(Base, table=True):
    """A work item. Kind and origin carry the reason that decided them; no person's name is kept.

    `class_by_id` and `origin_by_id` say who set them by hand: then no import changes them.
    """

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
    started_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    class_by_id: int | None = Field(default=None, foreign_key="person.id")
    origin_by_id: int | None = Field(default=None, foreign_key="person.id")
    revision: int = 1
    run_id: int | None = Field(default=None, foreign_key="import_run.id", index=True)


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
    """One import: which file, by whom, when, how far it has come, and how many rows came to what.

    `request` is what was said about the file and where it lies; `rows` counts what was read so far of `rows_total`.
    Whoever reads it holds a lease: nobody else does until `leased_until`. `summary` is what was shown of the rows taken
    over, `unknown` the addresses that belong to nobody in the team. No number is given twice: a page may still show it.
    """

    __tablename__ = "import_run"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int = Field(default=None, primary_key=True)
    what: str = Field(max_length=20)
    state: RunState = Field(default=RunState.READING, sa_type=stored_enum(RunState, "state_known"))
    file_name: str = Field(max_length=255)
    sha256: str = Field(max_length=64, index=True)
    recognised: str = Field(max_length=60)
    fingerprint: str = Field(default="", max_length=64)
    header: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    request: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    started_at: datetime = Field(sa_type=UtcDateTime)
    imported_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by_id: int | None = Field(default=None, foreign_key="person.id")
    holder: str = Field(default="", max_length=40)
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str = Field(default="", max_length=1000)
    summary: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    unknown: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    rows_total: int | None = None
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
    row: list[str | int] = Field(default_factory=list, sa_type=sa.JSON)
    """The cells; a number stands for so many empty ones."""


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


class Absence(Base, table=True):
    """Days, both included, on which a person doesn't work; in any team."""

    __tablename__ = "absence"
    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    starts_on: date = Field(primary_key=True)
    ends_on: date


class Invitation(Base, table=True):
    """The right to answer one week by a link, without signing in; a new `serial` makes earlier links worthless."""

    __tablename__ = "invitation"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id", index=True)
    serial: int = 1
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Message(Base, table=True):
    """A message to one person (or to the team's channel, person None) about one week of a team, sent once.

    `claimed_at` is when a process took it on; a claim without `sent_at` that is old was left by one that died.
    """

    __tablename__ = "message"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    kind: MessageKind = Field(primary_key=True, sa_type=stored_enum(MessageKind, "kind_known"))
    recipient: str = Field(primary_key=True, max_length=100)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    claimed_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 1
    failure: str = Field(default="", max_length=500)


class OptOut(Base, table=True):
    """Somebody who wants no messages about a team's weeks."""

    __tablename__ = "opt_out"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    opted_out_at: datetime = Field(sa_type=UtcDateTime)


class AgreedAction(Base, table=True):
    """Something that a team agreed to do about its unplanned work; `done_on` None is under way.

    `number` counts a team's actions from 1.
    """

    __tablename__ = "agreed_action"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    number: int = Field(primary_key=True)
    text: str = Field(max_length=200)
    agreed_at: datetime = Field(sa_type=UtcDateTime)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    done_on: date | None = None


class TeamEvent(Base, table=True):
    """Something that was changed about a team, in words, for its history; it names no member's answer.

    `number` counts a team's events from 1.
    """

    __tablename__ = "team_event"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    number: int = Field(primary_key=True)
    happened_at: datetime = Field(sa_type=UtcDateTime)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    words: str = Field(max_length=500)
