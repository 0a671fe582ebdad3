"""What a lead does about an open alert: say that it was seen, or be reminded later. Links in mails lead to its page."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.domain.permissions import Action
from bau_tracker.services import alerts
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database

blueprint = Blueprint("alerts", __name__, url_prefix="/teams/<slug>/alerts/<int(max=2147483647):number>")
OVERVIEW: Final = "overview"


@blueprint.post("/seen")
@requires(Action.MANAGE_TEAM)
def seen(slug: str, number: int) -> ResponseReturnValue:
    """Keep that an alert was seen."""
    alerts.acknowledge(database(), slug, number, actor=actor(), now=now())
    database().commit()
    flash("Kept: all leads of the team see that you have seen it, and nobody is reminded of it.", "success")
    return _back(slug)


@blueprint.post("/remind")
@requires(Action.MANAGE_TEAM)
def remind(slug: str, number: int) -> ResponseReturnValue:
    """Keep when the person wants to be reminded of an alert."""
    weeks = request.form.get("weeks", 0, type=int)
    until = alerts.snooze(database(), slug, number, weeks, actor=actor(), now=now())
    database().commit()
    flash(
        f"You hear of it again on {until:%-d %b %Y}, if the team still stands so, or at once if it gets worse.",
        "success",
    )
    return _back(slug)


def _back(slug: str) -> ResponseReturnValue:
    if request.form.get("back") == OVERVIEW:
        return redirect(url_for("overview.index", _anchor="alerts"))
    return redirect(url_for("teams.show", slug=slug, _anchor="alerts"))
