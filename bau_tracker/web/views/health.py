"""Says whether the program can serve: the database answers and has the newest schema."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from bau_tracker.storage.migrate import current_revision, newest_revision
from bau_tracker.web.auth import public
from bau_tracker.web.database import database

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer 200 when the program can serve, 503 when the database wants `bau-tracker migrate`."""
    if current_revision(database().connection()) != newest_revision():
        return {"status": "migrate", "message": "Run bau-tracker migrate."}, 503
    return {"status": "ok"}
