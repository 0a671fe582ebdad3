"""Runs the migrations on the connection that `bau_tracker.storage.migrate` hands over, inside its transaction."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from bau_tracker.storage import alert_tables, import_tables, organisation_tables, verdict_tables
from bau_tracker.storage.columns import Base, UtcDateTime

TABLES = (alert_tables, import_tables, organisation_tables, verdict_tables)
"""Loaded so that the metadata knows all tables; the first loads `tables` too."""


def plain_types(kind: str, item: Any, _context: object) -> str | Literal[False]:  # noqa: ANN401  (whatever alembic has)
    """Write a new migration's columns with SQLAlchemy's own types, so that it stands when the models move on."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length})"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection: sa.Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain_types,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
