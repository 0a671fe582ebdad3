"""Decides what is kept of the organisation as a whole: its settings, and what was changed about them."""
# No `from __future__ import annotations` here: SQLModel reads the annotations.

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from bau_tracker.storage.columns import Base, UtcDateTime


class Organisation(Base, table=True):
    """The one row of what was decided for all teams; `thresholds` hold what differs from the defaults."""

    __tablename__ = "organisation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(default=1, primary_key=True)
    thresholds: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class OrganisationEvent(Base, table=True):
    """Something that was changed for all teams, in words, for the history; `number` counts from 1."""

    __tablename__ = "organisation_event"

    number: int = Field(primary_key=True)
    happened_at: datetime = Field(sa_type=UtcDateTime)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    words: str = Field(max_length=500)
