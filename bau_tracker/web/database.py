"""Decides how a request reaches the database: one session for each, rolled back unless the view committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Flask, current_app, g, request
from sqlmodel import Session

from bau_tracker.storage.engine import writing

if TYPE_CHECKING:
    import sqlalchemy as sa

ENGINE = "bau_tracker.engine"
_READING = {"GET", "HEAD", "OPTIONS"}


def database() -> Session:
    """Give the request's session; one that may write takes SQLite's write lock when it begins."""
    if "database" not in g:
        engine = cast("sa.Engine", current_app.extensions[ENGINE])
        g.database = Session(engine if request.method in _READING else writing(engine), expire_on_commit=False)
    return cast("Session", g.database)


def register(app: Flask, engine: sa.Engine) -> None:
    """Tie sessions to requests."""
    app.extensions[ENGINE] = engine
    app.teardown_appcontext(_close)


def _close(_error: BaseException | None) -> None:
    session = g.pop("database", None)
    if session is not None:
        session.close()
