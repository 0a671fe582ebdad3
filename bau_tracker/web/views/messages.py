"""What is sent to people: leaving a list by a link, choosing on a page, and the development mailbox."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectChoice

from bau_tracker.domain.alerts import Wish
from bau_tracker.domain.errors import NotFound
from bau_tracker.domain.permissions import Action
from bau_tracker.services import messages, subscriptions
from bau_tracker.settings import MAILBOX
from bau_tracker.web.auth import actor, public, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.messages import MessagesForm
from bau_tracker.web.mail import current_settings
from bau_tracker.web.security import csrf

blueprint = Blueprint("messages", __name__)
AGAIN: Final = "again"


@blueprint.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show the button that stops the messages about a team; changes nothing, since mail scanners open links."""
    found = subscriptions.find_subscription(database(), token, secret=current_app.config["SECRET_KEY"])
    return render_template("messages/unsubscribe.html", bare=True, found=found, token=token)


@blueprint.post("/unsubscribe/<token>")
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf has no types
def change(token: str) -> ResponseReturnValue:
    """Stop the messages about a team, or send them again; the token of the address is the authority.

    Mail programs post here by themselves when somebody presses their button (RFC 8058), and follow no redirect.
    """
    found = subscriptions.find_subscription(database(), token, secret=current_app.config["SECRET_KEY"])
    wanted = request.form.get("action") == AGAIN
    changed = subscriptions.change_subscription(database(), found, wanted=wanted, now=now())
    database().commit()
    return render_template("messages/unsubscribe.html", bare=True, found=changed, token=token, done=True)


@blueprint.get("/alert-mail/<token>")
@public
def alert_mail(token: str) -> ResponseReturnValue:
    """Show how a person hears of alerts; changes nothing, since mail scanners open links."""
    found = subscriptions.find_wish(database(), token, secret=current_app.config["SECRET_KEY"])
    return render_template("messages/alerts.html", bare=True, found=found)


@blueprint.post("/alert-mail/<token>")
@public
@csrf.exempt  # type: ignore[untyped-decorator]  # flask-wtf has no types
def change_alert_mail(token: str) -> ResponseReturnValue:
    """Keep how a person wants to hear of alerts; the token of the address is the authority.

    A mail program that posts here by itself (RFC 8058) says no choice, and means none.
    """
    found = subscriptions.find_wish(database(), token, secret=current_app.config["SECRET_KEY"])
    word = request.form.get("wish", Wish.NONE.value)
    changed = subscriptions.choose_wish(database(), found.person_id, word, now=now())
    database().commit()
    return render_template("messages/alerts.html", bare=True, found=changed, done=True)


@blueprint.post("/messages/alerts")
@requires(Action.MANAGE_ACCOUNT)
def choose_alerts() -> ResponseReturnValue:
    """Keep how the person signed in wants to hear of alerts."""
    person_id = actor().person_id or 0
    subscriptions.choose_wish(database(), person_id, request.form.get("wish", ""), now=now())
    database().commit()
    flash("Kept. It counts for every alert from now on.", "success")
    return redirect(url_for("messages.choose"))


@blueprint.route("/messages", methods=["GET", "POST"])
@requires(Action.MANAGE_ACCOUNT)
def choose() -> ResponseReturnValue:
    """Choose about which of the own teams messages are sent."""
    own = subscriptions.own_subscriptions(database(), actor=actor(), now=now())
    form = MessagesForm(wanted=[one.team.slug for one in own if one.wanted])
    form.wanted.choices = [SelectChoice(one.team.slug, one.team.name) for one in own]
    if not form.validate_on_submit():
        wish = subscriptions.own_wish(database(), actor=actor(), now=now())
        return render_template("messages/choose.html", form=form, own=own, wish=wish)
    subscriptions.choose_subscriptions(database(), form.wanted.data, actor=actor(), now=now())
    database().commit()
    flash("Kept. It counts for everything that is sent from now on.", "success")
    return redirect(url_for("messages.choose"))


@blueprint.get("/mailbox")
@requires(Action.ADMINISTER)
def mailbox() -> ResponseReturnValue:
    """Show the mail that is kept instead of being sent."""
    settings = current_settings()
    if settings.mail != MAILBOX:
        raise NotFound("This installation keeps no mail: BAU_TRACKER_MAIL is not “mailbox”.")
    mails = messages.mailbox(settings.mailbox_dir, actor=actor())
    return render_template("messages/mailbox.html", mails=mails, most=messages.NEWEST_MAILS)
