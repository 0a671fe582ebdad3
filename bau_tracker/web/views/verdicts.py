"""What was said of a team when: its verdict history, as a page and as a table."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, render_template, stream_with_context
from flask.typing import ResponseReturnValue

from bau_tracker.domain.permissions import Action
from bau_tracker.domain.verdict_data import BECAUSE
from bau_tracker.formats.exports import csv_chunks
from bau_tracker.services import lifecycle
from bau_tracker.services.verdict_history import COLUMNS, history_rows, verdict_history
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.settling import settle_team

blueprint = Blueprint("verdicts", __name__, url_prefix="/teams/<slug>")
SHOWN_WEEKS: Final = 104


@blueprint.get("/verdicts")
@requires(Action.VIEW_TEAM)
def index(slug: str) -> ResponseReturnValue:
    """Show each week's verdict, newest first, with those that were said before."""
    settle_team(slug)
    found = verdict_history(database(), slug, actor=actor(), now=now())
    where = lifecycle.standing(database(), slug, actor=actor(), now=now())
    return render_template(
        "verdicts/index.html",
        found=found,
        weeks=found.weeks[:SHOWN_WEEKS],
        older=max(0, len(found.weeks) - SHOWN_WEEKS),
        because=BECAUSE,
        standing=where,
    )


@blueprint.get("/verdicts.csv")
@requires(Action.VIEW_TEAM)
def table(slug: str) -> ResponseReturnValue:
    """Send all that was said of a team."""
    settle_team(slug)
    found = verdict_history(database(), slug, actor=actor(), now=now())
    rows = history_rows(database(), [found.team], actor=actor(), now=now())
    response = Response(stream_with_context(csv_chunks(COLUMNS, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}-verdicts.csv"'
    return response
