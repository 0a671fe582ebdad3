"""Decides what is kept of alarms: each change of verdict worth one, who has seen it, and what was sent of it."""
# No `from __future__ import annotations` here: SQLModel reads the annotations.

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from bau_tracker.domain.alerts import NoticeKind, Wish
from bau_tracker.domain.verdicts import Signal
from bau_tracker.storage.columns import Base, UtcDateTime, stored_enum


class Alert(Base, table=True):
    """A team's verdict turned bad: in `week`, found when `found_week` was the newest. `number` counts from 1.

    One without `over_at` is open, one a team at most. `over_week` is the week whose calm verdict ended it; none for one
    that a worse one followed, or silence.
    """

    __tablename__ = "alert"
    __table_args__ = (
        sa.CheckConstraint("number >= 1", name="number_counts"),
        sa.Index("uq_alert_open", "team_id", unique=True, sqlite_where=sa.text("over_at IS NULL"),
                 postgresql_where=sa.text("over_at IS NULL")),
    )  # fmt: skip

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    number: int = Field(primary_key=True)
    week: date
    signal: Signal = Field(sa_type=stored_enum(Signal, "signal_known"))
    turned_from: Signal = Field(sa_type=stored_enum(Signal, "turned_from_known"))
    found_week: date
    raised_at: datetime = Field(sa_type=UtcDateTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_by_id: int | None = Field(default=None, foreign_key="person.id")
    over_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    over_week: date | None = None


class AlertSnooze(Base, table=True):
    """Until when a person wants to hear nothing of an alarm; `times` counts how often they asked so."""

    __tablename__ = "alert_snooze"
    __table_args__ = (
        sa.ForeignKeyConstraint(["team_id", "number"], ["alert.team_id", "alert.number"]),
        sa.CheckConstraint("times >= 1", name="times_count"),
    )

    team_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    times: int = 1
    until: datetime = Field(sa_type=UtcDateTime)


class AlertWish(Base, table=True):
    """How a person wants to hear of alarms, since when; somebody without a row hears at once."""

    __tablename__ = "alert_wish"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    wish: Wish = Field(sa_type=stored_enum(Wish, "wish_known"))
    chosen_at: datetime = Field(sa_type=UtcDateTime)


class Notice(Base, table=True):
    """Something that was sent because of alarms, once to a recipient; `about` says of what.

    It is claimed, sent and tried again like a `Message`.
    """

    __tablename__ = "notice"

    recipient: str = Field(primary_key=True, max_length=100)
    kind: NoticeKind = Field(primary_key=True, sa_type=stored_enum(NoticeKind, "kind_known"))
    about: str = Field(primary_key=True, max_length=60)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    claimed_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 1
    failure: str = Field(default="", max_length=500)
