"""Decides what is kept of verdicts: each as it was reached, never changed, and up to where a team's are settled."""
# No `from __future__ import annotations` here: SQLModel reads the annotations.

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from bau_tracker.domain.verdict_data import Because
from bau_tracker.domain.verdicts import Signal, State
from bau_tracker.storage.columns import Base, UtcDateTime, stored_enum


class StoredVerdict(Base, table=True):
    """A verdict on a team's week as it was reached; of several the one with the highest `number` stands.

    `evidence` marks all that it was reached on, `answers` the same without who belonged to the team. `thresholds` are
    what was set then, `told` is the verdict itself as plain data, `detector` the version that reached it.
    """

    __tablename__ = "verdict"
    __table_args__ = (sa.CheckConstraint("number >= 1", name="number_counts"),)

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    number: int = Field(primary_key=True)
    reached_at: datetime = Field(sa_type=UtcDateTime)
    because: Because = Field(sa_type=stored_enum(Because, "because_known"))
    detector: str = Field(max_length=20)
    evidence: str = Field(max_length=32)
    answers: str = Field(max_length=32)
    thresholds: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    signal: Signal = Field(sa_type=stored_enum(Signal, "signal_known"))
    state: State = Field(sa_type=stored_enum(State, "state_known"))
    told: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class SettledTeam(Base, table=True):
    """The mark of what a team's verdicts could change by, as it was when they were last looked through."""

    __tablename__ = "settled_team"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    mark: str = Field(max_length=32)
    settled_at: datetime = Field(sa_type=UtcDateTime)
