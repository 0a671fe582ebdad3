"""The weekly survey of somebody signed in: the form, what was sent, and the own history.

A form carries a signed ticket that says whose it is. When a session has ended before a form is sent, the ticket lets
what was typed be kept as that person's draft: nothing is lost, and nothing is answered without signing in.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from bau_tracker.domain.errors import BauTrackerError
from bau_tracker.domain.permissions import Action
from bau_tracker.domain.weeks import Week
from bau_tracker.services import surveys
from bau_tracker.web import tickets
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.errors import error_page
from bau_tracker.web.forms.availability import DaysAwayForm
from bau_tracker.web.views import answering, own
from bau_tracker.web.views.answering import Desk

blueprint = Blueprint("surveys", __name__)


@blueprint.get("/my-week")
@requires(Action.VIEW_OWN_ANSWERS)
def mine() -> ResponseReturnValue:
    """Show the surveys that wait, and the own history in every team."""
    return own.page(DaysAwayForm(formdata=None))


@blueprint.get("/teams/<slug>/weeks/<week>")
@requires(Action.ANSWER)
def form(slug: str, week: str) -> ResponseReturnValue:
    """Show the form of the own week."""
    return answering.show(_desk(slug, week))


@blueprint.post("/teams/<slug>/weeks/<week>")
@requires(Action.ANSWER)
def answer(slug: str, week: str) -> ResponseReturnValue:
    """Take what was typed into it."""
    return answering.take(_desk(slug, week))


@blueprint.get("/teams/<slug>/weeks/<week>/sent")
@requires(Action.ANSWER)
def sent(slug: str, week: str) -> ResponseReturnValue:
    """Say thanks, name other surveys that wait, and show the own history."""
    desk = _desk(slug, week)
    survey = desk.open_survey()
    if survey.answer is None:
        return redirect(desk.form_url)
    places = surveys.own_teams(database(), actor=actor(), now=now())
    lines = {place.team.slug: own.own_line(place) for place in places if place.team.slug == slug}
    return render_template("surveys/sent.html", survey=survey, desk=desk, places=places, lines=lines)


@blueprint.before_request
def rescue_signed_out() -> ResponseReturnValue | None:
    """Keep what was typed when its author was signed out in the meantime, before asking to sign in."""
    if request.endpoint == "surveys.answer" and not current_user.is_authenticated:
        return _rescue()
    return None


@blueprint.errorhandler(CSRFError)
def rescue(_error: CSRFError) -> ResponseReturnValue:
    """Keep what was typed when the session ended before it was sent."""
    expired = "This page can't be sent any more. Go back, load it again and send it once more."
    return _rescue() or error_page(400, expired)


def _rescue() -> ResponseReturnValue | None:
    """Keep a draft for whom the form's ticket names; None without a ticket of ours."""
    ticket = tickets.read(request.form.get("ticket", ""), by_link=False)
    if ticket is None:
        return None
    try:
        answering.rescued(ticket)
    except BauTrackerError as error:
        return error_page(400, error.message)
    database().commit()
    flash("Your session had ended, and what you typed was kept. Look through it and press Send.", "warning")
    target = url_for("surveys.form", slug=ticket.slug, week=ticket.week)
    return redirect(target if current_user.is_authenticated else url_for("people.sign_in", next=target))


def _desk(slug: str, week: str) -> Desk:
    form_url, sent_url = (url_for(f"surveys.{name}", slug=slug, week=week) for name in ("form", "sent"))
    return Desk(actor(), slug, Week.parse(week), form_url, sent_url)
