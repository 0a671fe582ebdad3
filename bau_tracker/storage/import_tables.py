"""Decides what imports keep beside their result: rows that wait, what undoing needs, and what was said about files."""
# No `from __future__ import annotations` here: SQLModel reads the annotations.

from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Field

from bau_tracker.storage.columns import Base, UtcDateTime
from bau_tracker.storage.tables import Answer

STAGED_NAMES: Final = tuple(name for name in Answer.model_fields if name not in {"run_id", "revision", "seconds"})
"""What a staged answer says, in the order in which its rows are laid out."""


def _staged_answer() -> sa.Table:
    """Make the stage of the answers' own columns, without keys to other tables, not even to its run.

    A stage isn't data yet, and SQLite empties a table that has no keys at once instead of row by row.
    """
    answer = Base.metadata.tables["answer"]
    key = {"team_id", "week", "respondent"}
    return sa.Table(
        "staged_answer",
        Base.metadata,
        sa.Column("run_id", sa.Integer, primary_key=True),
        *(
            sa.Column(name, answer.c[name].type, primary_key=name in key, nullable=answer.c[name].nullable)
            for name in STAGED_NAMES
        ),
        sa.Column("copies", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


STAGED_ANSWER: Final = _staged_answer()
"""Answers that a run has read and not taken over; `copies` counts the rows of one key that the run has seen."""


class StagedItem(Base, table=True):
    """An item that a run has read and not taken over: all its columns as JSON, and the hours logged on it by week.

    `copies` counts the rows of one key that the run has seen.
    """

    __tablename__ = "staged_item"

    run_id: int = Field(primary_key=True, foreign_key="import_run.id", ondelete="CASCADE")
    team_id: int = Field(primary_key=True)
    source: str = Field(primary_key=True, max_length=30)
    external_key: str = Field(primary_key=True, max_length=100)
    week: date | None = None
    updated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    item: dict[str, Any] = Field(sa_type=sa.JSON)
    logged: dict[str, float] = Field(sa_type=sa.JSON)
    copies: int = 1


class AnswerConfirmation(Base, table=True):
    """A run said the same as the answer that stood: so it stays when the run that brought it is undone.

    `after` is the run's own time, `before` the one that the answer had; the later of them counts. Those of undone runs
    are `withdrawn_at` a moment and kept, as is that an undone run had brought what stays: who imported it knows it.
    """

    __tablename__ = "answer_confirmation"
    __table_args__ = ({"sqlite_with_rowid": False},)

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    respondent: str = Field(primary_key=True, max_length=100)
    run_id: int = Field(primary_key=True, foreign_key="import_run.id", index=True)
    revision: int
    before: datetime | None = Field(default=None, sa_type=UtcDateTime)
    after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ItemConfirmation(Base, table=True):
    """A run said the same as the item that stood, as for answers."""

    __tablename__ = "item_confirmation"
    __table_args__ = ({"sqlite_with_rowid": False},)

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    source: str = Field(primary_key=True, max_length=30)
    external_key: str = Field(primary_key=True, max_length=100)
    run_id: int = Field(primary_key=True, foreign_key="import_run.id", index=True)
    revision: int
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ItemRevision(Base, table=True):
    """An item, with its hours by week, as it was before an import changed it, or as an undone import had made it."""

    __tablename__ = "item_revision"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    source: str = Field(primary_key=True, max_length=30)
    external_key: str = Field(primary_key=True, max_length=100)
    revision: int = Field(primary_key=True)
    item: dict[str, Any] = Field(sa_type=sa.JSON)
    logged: dict[str, float] = Field(sa_type=sa.JSON)
    run_id: int | None = Field(default=None, foreign_key="import_run.id", index=True)
    replaced_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RememberedMapping(Base, table=True):
    """What was said about files with these headers: by a team's imports, or by a person's that name no team."""

    __tablename__ = "remembered_mapping"
    __table_args__ = (sa.Index(None, "what", "team_id", "person_id"),)

    id: int = Field(default=None, primary_key=True)
    what: str = Field(max_length=20)
    fingerprint: str = Field(max_length=64)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    tool: str = Field(max_length=60)
    header: list[str] = Field(sa_type=sa.JSON)
    columns: dict[str, str] = Field(sa_type=sa.JSON)
    mapping: dict[str, Any] = Field(sa_type=sa.JSON)
    people: dict[str, str] = Field(sa_type=sa.JSON)
    saved_at: datetime = Field(sa_type=UtcDateTime)


class DefinitionBreak(Base, table=True):
    """From a week on, a team's figures come from other questions than before; `words` says which."""

    __tablename__ = "definition_break"

    team_id: int = Field(primary_key=True, foreign_key="team.id")
    week: date = Field(primary_key=True)
    run_id: int = Field(primary_key=True, foreign_key="import_run.id")
    words: str = Field(max_length=1000)
