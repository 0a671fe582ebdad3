"""The survey by a personal link: the token in the address is the authority, for this form and nothing else.

Nobody is signed in or out by it, and no session is read, so that it works in any browser, whoever is signed in there.
Opening it changes nothing: mail scanners open links.
"""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.domain.errors import BauTrackerError, Expired
from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.services import invitations
from bau_tracker.services.invitations import Invited
from bau_tracker.web.auth import public
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.errors import TITLES, status_of
from bau_tracker.web.forms.surveys import typed_values
from bau_tracker.web.security import csrf
from bau_tracker.web.views import answering
from bau_tracker.web.views.answering import Desk

blueprint = Blueprint("links", __name__, url_prefix="/answer/<token>")

_REVOKED: Final = (
    "Nobody can answer by it any more. Nothing that was sent is lost, and the next message brings a new link to whom "
    "it was meant for. You can close this page."
)
_LABELS: Final = {**CATEGORIES, "callouts": "Out-of-hours callouts", "comment": "Comment"}
_TITLES: Final = TITLES | {400: "This link doesn't work", 410: "This link is over"}


@blueprint.get("")
@public
def form(token: str) -> ResponseReturnValue:
    """Show the form of the link's week."""
    return answering.show(_desk(token))


@blueprint.post("")
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf has no types
def answer(token: str) -> ResponseReturnValue:
    """Take what was typed into it."""
    return answering.take(_desk(token))


@blueprint.get("/sent")
@public
def sent(token: str) -> ResponseReturnValue:
    """Say thanks; the own history needs a session."""
    desk = _desk(token)
    survey = desk.open_survey()
    if survey.answer is None:
        return redirect(desk.form_url)
    return render_template("surveys/sent.html", bare=True, survey=survey, desk=desk, places=())


@blueprint.post("/revoke")
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf has no types
def revoke(token: str) -> ResponseReturnValue:
    """Make the link worthless, for somebody who got it by mistake."""
    invitations.revoke_invitation(database(), _invited(token), now=now())
    database().commit()
    return redirect(url_for("links.revoked", token=token))


@blueprint.get("/revoked")
@public
def revoked(token: str) -> ResponseReturnValue:
    """Confirm that the link is worthless; leads to the form of one that isn't."""
    try:
        _invited(token)
    except Expired:
        return render_template(
            "surveys/link_over.html", bare=True, title="This link is worthless now", message=_REVOKED, typed=()
        )
    return redirect(url_for("links.form", token=token))


@blueprint.errorhandler(BauTrackerError)
def refuse(error: BauTrackerError) -> ResponseReturnValue:
    """Say why a link doesn't work and what to do; what was typed stands on the page."""
    typed = typed_values(request.form)
    said = [(label, typed[name][0]) for name, label in _LABELS.items() if any(typed.get(name, ()))]
    code = status_of(error)
    return render_template(
        "surveys/link_over.html", bare=True, title=_TITLES[code], message=error.message, typed=said
    ), code


def _invited(token: str) -> Invited:
    return invitations.open_invitation(database(), token, secret=current_app.config["SECRET_KEY"], now=now())


def _desk(token: str) -> Desk:
    invited = _invited(token)
    person = invitations.invited_person(database(), invited)
    addresses = (url_for(f"links.{name}", token=token) for name in ("form", "sent", "revoke"))
    return Desk(Actor(person.id, person.name or person.email), invited.team.slug, invited.week, *addresses)
