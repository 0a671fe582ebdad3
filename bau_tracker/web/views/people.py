"""Pages by which people get in and out: password, one-time link, the first person, the own password."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from flask_wtf import FlaskForm

from bau_tracker.domain.errors import Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import Action
from bau_tracker.services import people
from bau_tracker.storage.people import is_empty
from bau_tracker.web.auth import public, requires
from bau_tracker.web.auth import sign_in as begin_session
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.people import AskForLinkForm, FirstPersonForm, LinkForm, PasswordForm, SignInForm
from bau_tracker.web.mail import current_settings, in_background, link_sender

blueprint = Blueprint("people", __name__)
_LINK: Final = "link"
"""Begins the names of the second form's fields, so that each name on the page stands once."""


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in by password, or say how to get a link."""
    if is_empty(database()):
        return redirect(url_for("people.first"))
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form)
    try:
        person = people.sign_in_by_password(
            database(), form.email.data, form.password.data, address=request.remote_addr or "", now=now()
        )
    except Forbidden as error:
        form.email.errors = [error.message]
        return _sign_in_page(form)
    database().commit()
    if person is None:
        form.email.errors = ["This address and password don't go together. Try again, or ask for a sign-in link."]
        return _sign_in_page(form)
    begin_session(person)
    return redirect(_safe_target(request.args.get("next")))


@blueprint.post("/sign-in-link")
@public
def mail_link() -> ResponseReturnValue:
    """Mail a sign-in link; the answer is the same, and as fast, whether anybody has the address or not."""
    if not current_settings().mail:
        raise NotFound("This installation sends no mail. Ask whoever runs it for a sign-in link.")
    form = AskForLinkForm(prefix=_LINK)
    if not form.validate_on_submit():
        return _sign_in_page(SignInForm(formdata=None), form)
    try:
        email = people.ask_for_link(database(), form.address.data, address=request.remote_addr or "", now=now())
    except (Forbidden, InvalidInput) as error:
        form.address.errors = [error.message]
        return _sign_in_page(SignInForm(formdata=None), form)
    database().commit()
    flash(f"If {email} is known here, a link is on its way to it. Look into your mail.", "info")
    response = redirect(url_for("people.sign_in", next=request.args.get("next")))
    response.call_on_close(in_background(link_sender(email, now(), target=_local_path(request.args.get("next")))))
    return response


@blueprint.route("/sign-in/<token>", methods=["GET", "POST"])
@public
def link(token: str) -> ResponseReturnValue:
    """Show the button of a sign-in link; only pressing it uses the link up, since mail scanners open links."""
    form, secret = LinkForm(), current_app.config["SECRET_KEY"]
    try:
        people.check_link(database(), token, secret=secret, now=now())
        if not form.validate_on_submit():
            return render_template("people/link.html", form=form)
        person = people.sign_in_by_link(database(), token, secret=secret, now=now())
    except InvalidInput as error:
        flash(error.message, "error")
        return redirect(url_for("people.sign_in", next=request.args.get("next")))
    database().commit()
    begin_session(person)
    return redirect(_safe_target(request.args.get("next")))


@blueprint.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    flash("You are signed out.", "success")
    return redirect(url_for("people.sign_in"))


@blueprint.route("/first", methods=["GET", "POST"])
@public
def first() -> ResponseReturnValue:
    """Set up the first person of an empty installation."""
    if not is_empty(database()):
        return redirect(url_for("people.sign_in"))
    form = FirstPersonForm()
    if not form.validate_on_submit():
        return _page("people/first.html", form)
    try:
        person = people.set_up_first(
            database(),
            form.code.data,
            form.email.data,
            form.password.data,
            secret=current_app.config["SECRET_KEY"],
            now=now(),
        )
    except InvalidInput as error:
        form[error.field].errors = [error.message]
        return _page("people/first.html", form)
    database().commit()
    begin_session(person)
    return redirect(url_for("overview.index"))


@blueprint.route("/account", methods=["GET", "POST"])
@requires(Action.MANAGE_ACCOUNT)
def account() -> ResponseReturnValue:
    """Set the own password."""
    form, person = PasswordForm(), current_user.person
    if person.password_hash is None:
        del form.current
    if not form.validate_on_submit():
        return _page("people/account.html", form)
    current = form.current.data if "current" in form else ""
    try:
        people.set_password(database(), person, form.password.data, current=current)
    except InvalidInput as error:
        form[error.field].errors = [error.message]
        return _page("people/account.html", form)
    database().commit()
    begin_session(person)
    flash("Your password is set. Other places where you were signed in are signed out.", "success")
    return redirect(url_for("people.account"))


def _sign_in_page(form: SignInForm, asking: AskForLinkForm | None = None) -> ResponseReturnValue:
    link_form = asking or AskForLinkForm(formdata=None, prefix=_LINK)
    code = 400 if form.errors or link_form.errors else 200
    return render_template("people/sign_in.html", form=form, link_form=link_form), code


def _page(template: str, form: FlaskForm) -> ResponseReturnValue:
    return render_template(template, form=form), 400 if form.errors else 200


def _safe_target(target: str | None) -> str:
    """Give the page to go to after signing in: one of ours, else the overview."""
    return _local_path(target) or url_for("overview.index")


def _local_path(target: str | None) -> str:
    """Give a target when it is a page of ours, else nothing.

    Browsers read a backslash as a slash and drop control characters, so neither may stand in it.
    """
    path = target or ""
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if ours else ""
