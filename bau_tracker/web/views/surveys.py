"""The weekly survey: the form, what was sent, and the own history.

A form carries a signed ticket that says whose it is. When a session has ended before a form is sent, the ticket lets
what was typed be kept as that person's draft: nothing is lost, and nothing is answered without signing in.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from bau_tracker.charts.sparkline import Sparkline, sparkline
from bau_tracker.domain.errors import BauTrackerError, Conflict, InvalidInput
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.surveys import LONGEST_COMMENT, Answer, AnswerStatus
from bau_tracker.domain.trends import DEFAULTS
from bau_tracker.domain.weeks import Phase, Week
from bau_tracker.services import surveys
from bau_tracker.services.surveys import OwnTeam, Survey
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.errors import error_page
from bau_tracker.web.forms.surveys import SurveyForm, typed_values

blueprint = Blueprint("surveys", __name__)
_TICKET_SECONDS: Final = 30 * 24 * 3600
_AWAY: Final = Answer(away=True)


@blueprint.get("/my-week")
@requires(Action.VIEW_OWN_ANSWERS)
def mine() -> ResponseReturnValue:
    """Show the surveys that wait, and the own history in every team."""
    own = surveys.own_teams(database(), actor=actor(), now=now())
    lines = {place.team.slug: _own_line(place) for place in own if place.history}
    return render_template("surveys/mine.html", own=own, lines=lines)


@blueprint.get("/teams/<slug>/weeks/<week>")
@requires(Action.ANSWER)
def form(slug: str, week: str) -> ResponseReturnValue:
    """Show the form: what was typed and not sent, else what was sent, else empty."""
    survey = _survey(slug, week)
    filled = SurveyForm(MultiDict(_pairs(survey))) if survey.typed else SurveyForm()
    if survey.answer and not survey.typed and not survey.answer.away:
        filled.fill(survey.answer)
    return _page(survey, filled)


@blueprint.post("/teams/<slug>/weeks/<week>")
@requires(Action.ANSWER)
def answer(slug: str, week: str) -> ResponseReturnValue:
    """Do what the pressed button says: send, keep as a draft, be away, or fill in an earlier week."""
    survey, given = _survey(slug, week), SurveyForm()
    match request.form.get("action"):
        case "draft":
            return _keep_draft(survey)
        case "same":
            return _fill_in(survey, given)
        case "away":
            return _send(survey, given, _AWAY)
        case _:
            return _send(survey, given, given.answer())


@blueprint.get("/teams/<slug>/weeks/<week>/sent")
@requires(Action.ANSWER)
def sent(slug: str, week: str) -> ResponseReturnValue:
    """Say thanks and show the own history."""
    survey = _survey(slug, week)
    if survey.answer is None:
        return redirect(url_for("surveys.form", slug=slug, week=week))
    own = [place for place in surveys.own_teams(database(), actor=actor(), now=now()) if place.team.slug == slug]
    lines = {place.team.slug: _own_line(place) for place in own}
    return render_template("surveys/sent.html", survey=survey, own=own, lines=lines)


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
    try:
        person_id, slug, week = _tickets().loads(request.form.get("ticket", ""), max_age=_TICKET_SECONDS)
        owner = Actor(person_id)
        surveys.save_draft(database(), slug, Week.parse(week), typed_values(request.form), actor=owner, now=now())
    except BadData:
        return None
    except BauTrackerError as error:
        return error_page(400, error.message)
    database().commit()
    flash("Your session had ended, and what you typed was kept. Look through it and press Send.", "warning")
    target = url_for("surveys.form", slug=slug, week=week)
    return redirect(target if current_user.is_authenticated else url_for("people.sign_in", next=target))


def _own_line(place: OwnTeam) -> Sparkline:
    return sparkline([own.totals for own in reversed(place.history)], DEFAULTS.healthy)


def _survey(slug: str, week: str) -> Survey:
    return surveys.open_survey(database(), slug, Week.parse(week), actor=actor(), now=now())


def _send(survey: Survey, given: SurveyForm, said: Answer | None) -> ResponseReturnValue:
    if said is None:
        return _page(survey, given)
    slug, week = survey.team.slug, survey.week
    try:
        surveys.send_answer(database(), slug, week, said, based_on=given.based_on, actor=actor(), now=now())
    except InvalidInput as error:
        given.blame(error)
        return _page(survey, given)
    except Conflict as error:
        database().rollback()
        return _page(_survey(slug, str(week)), given, conflict=error.message)
    database().commit()
    return redirect(url_for("surveys.sent", slug=slug, week=week))


def _keep_draft(survey: Survey) -> ResponseReturnValue:
    typed = typed_values(request.form)
    surveys.save_draft(database(), survey.team.slug, survey.week, typed, actor=actor(), now=now())
    database().commit()
    flash("Kept as a draft. It counts once you send it.", "success")
    return redirect(url_for("surveys.form", slug=survey.team.slug, week=survey.week))


def _fill_in(survey: Survey, given: SurveyForm) -> ResponseReturnValue:
    if survey.earlier is not None:
        week, earlier = survey.earlier
        comment = given.comment.data
        given.fill(earlier)
        given.comment.data = comment
        flash(f"Filled in from {week.label}. Change what was different, then send.", "info")
    return _page(survey, given)


def _page(survey: Survey, given: SurveyForm, conflict: str = "") -> ResponseReturnValue:
    """Show the form with what it holds; the revision is the newest, so that sending again replaces knowingly."""
    if given.hours_available.data is None and not given.hours_available.raw_data:
        given.hours_available.data = survey.hours_available
    given.revision.data = str(survey.revision)
    given.ticket.data = _tickets().dumps([actor().person_id, survey.team.slug, str(survey.week)])
    page = render_template(
        "surveys/form.html",
        survey=survey,
        form=given,
        conflict=conflict,
        most_comment=LONGEST_COMMENT,
        open=survey.phase is Phase.OPEN,
        AnswerStatus=AnswerStatus,
    )
    return page, 409 if conflict else 400 if given.errors else 200


def _pairs(survey: Survey) -> list[tuple[str, str]]:
    typed = survey.typed or {}
    return [(name, str(value)) for name, values in typed.items() if isinstance(values, list) for value in values]


def _tickets() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="survey ticket")
