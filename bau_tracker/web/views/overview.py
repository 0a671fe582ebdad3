"""The overview: the teams that somebody may see, worst first."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from bau_tracker.charts.sparkline import sparkline
from bau_tracker.domain.permissions import Action
from bau_tracker.services import surveys, trends
from bau_tracker.services.alerts import shown_alerts
from bau_tracker.services.first_steps import first_steps
from bau_tracker.services.lifecycle import archived_teams
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.settling import settle_seen

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
@requires(Action.VIEW_OVERVIEW)
def index() -> ResponseReturnValue:
    """Show every team that the person may see, and the surveys that wait for an answer."""
    settle_seen()
    found = trends.overview(database(), actor=actor(), now=now())
    opened = shown_alerts(database(), found, actor=actor(), now=now())
    rows = [(trend, sparkline(trend.weeks, trend.thresholds.healthy)) for trend in found]
    own = surveys.own_teams(database(), actor=actor(), now=now())
    steps = first_steps(database(), actor=actor(), now=now())
    archived = archived_teams(database(), actor=actor(), now=now())
    return render_template("overview/index.html", rows=rows, own=own, steps=steps, archived=archived, alerts=opened)
