"""What belongs to one person: the page My week, days away, the own answers as a file, and deleting what was written."""

from __future__ import annotations

from datetime import date
from typing import Final

from flask import Blueprint, Response, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.charts.sparkline import Sparkline, sparkline
from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Action
from bau_tracker.domain.verdicts import DEFAULTS
from bau_tracker.formats.exports import csv_chunks
from bau_tracker.formats.own_answers import OWN_COLUMNS, answer_row
from bau_tracker.services import availability, exporting, surveys
from bau_tracker.services.surveys import OwnTeam
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.availability import DaysAwayForm

blueprint = Blueprint("own", __name__, url_prefix="/my-week")

_COUNT: Final = "Your days away are kept. They count in every team, in weeks that have not frozen."
_CHANGE_NOTHING: Final = "Your days away are kept. Their weeks are published already, so they change nothing there."


@blueprint.post("/days-away")
@requires(Action.VIEW_OWN_ANSWERS)
def add_days_away() -> ResponseReturnValue:
    """Enter days away."""
    form = DaysAwayForm()
    if not form.validate():
        return page(form)
    try:
        availability.add_days_away(database(), form.first.data, form.last_day, actor=actor(), now=now())
    except InvalidInput as error:
        form[error.field or "first"].errors = [error.message]
        return page(form)
    said = _COUNT
    if availability.are_published(database(), form.first.data, form.last_day, actor=actor(), now=now()):
        said = _CHANGE_NOTHING
    database().commit()
    flash(said, "success")
    return redirect(url_for("surveys.mine", _anchor="days-away"))


@blueprint.post("/days-away/<starts_on>/remove")
@requires(Action.VIEW_OWN_ANSWERS)
def remove_days_away(starts_on: str) -> ResponseReturnValue:
    """Take days away back."""
    try:
        first = date.fromisoformat(starts_on)
    except ValueError as error:
        raise InvalidInput(f"“{starts_on}” is not a day. Go to My week and remove the days there.") from error
    availability.remove_days_away(database(), first, actor=actor(), now=now())
    database().commit()
    flash("These days away are removed.", "success")
    return redirect(url_for("surveys.mine", _anchor="days-away"))


@blueprint.get("/answers.csv")
@requires(Action.VIEW_OWN_ANSWERS)
def answers_csv() -> ResponseReturnValue:
    """Send the own answers in all teams."""
    rows = map(answer_row, exporting.own_answer_records(database(), actor=actor()))
    response = Response(stream_with_context(csv_chunks(OWN_COLUMNS, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="my-answers.csv"'
    return response


@blueprint.get("/texts/delete")
@requires(Action.VIEW_OWN_ANSWERS)
def ask_delete_texts() -> ResponseReturnValue:
    """Ask whether what was written is to be deleted, for good."""
    return render_template("surveys/delete_texts.html")


@blueprint.post("/texts/delete")
@requires(Action.VIEW_OWN_ANSWERS)
def delete_texts() -> ResponseReturnValue:
    """Delete what was written."""
    count = surveys.delete_texts(database(), actor=actor())
    database().commit()
    words = "There was no text to delete." if not count else "The text of your answers is deleted."
    flash(f"{words} The hours stand as they were.", "success")
    return redirect(url_for("surveys.mine"))


def page(form: DaysAwayForm) -> ResponseReturnValue:
    """Show My week, with what was typed of days away."""
    found = surveys.own_teams(database(), actor=actor(), now=now())
    lines = {place.team.slug: own_line(place) for place in found if place.history}
    away = availability.days_away(database(), actor=actor())
    return render_template("surveys/mine.html", own=found, lines=lines, form=form, away=away), (
        400 if form.errors else 200
    )


def own_line(place: OwnTeam) -> Sparkline:
    """Draw the own trend in a team."""
    return sparkline([own.totals for own in reversed(place.history)], DEFAULTS.healthy)
