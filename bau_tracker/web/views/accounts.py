"""Everybody, for administrators: the list, adding and changing a person, signing out, a new sign-in link."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.domain.errors import Conflict, InvalidInput
from bau_tracker.domain.permissions import Action
from bau_tracker.services import accounts
from bau_tracker.services.accounts import Account
from bau_tracker.services.people import LINK_LASTS
from bau_tracker.services.permissions import check_administers
from bau_tracker.settings import Settings
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.accounts import ButtonForm, PersonForm
from bau_tracker.web.forms.fields import blame

blueprint = Blueprint("accounts", __name__, url_prefix="/people")
PERSON = "/<int(max=2147483647):person_id>"
SETTINGS = "bau_tracker.settings"


@blueprint.get("")
@requires(Action.ADMINISTER)
def index() -> ResponseReturnValue:
    """Show everybody."""
    found = accounts.everybody(database(), actor=actor(), now=now())
    return render_template("accounts/index.html", found=found)


@blueprint.route("/add", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def add() -> ResponseReturnValue:
    """Add a person."""
    check_administers(actor())
    form = PersonForm()
    if not form.validate_on_submit():
        return render_template("accounts/add.html", form=form), 400 if form.errors else 200
    try:
        person = accounts.add_account(database(), form.details, actor=actor(), now=now())
    except InvalidInput as error:
        blame(form, error, "email")
        return render_template("accounts/add.html", form=form), 400
    database().commit()
    flash(f"{person.name or person.email} is added. Make a sign-in link for them below.", "success")
    return redirect(url_for("accounts.show", person_id=person.id))


@blueprint.get(PERSON)
@requires(Action.ADMINISTER)
def show(person_id: int) -> ResponseReturnValue:
    """Show one person and what can be changed."""
    found = _account(person_id)
    person = found.person
    return _page(found, PersonForm(data={"name": person.name, "email": person.email, "is_admin": person.is_admin}))


@blueprint.post(PERSON)
@requires(Action.ADMINISTER)
def change(person_id: int) -> ResponseReturnValue:
    """Change name, address and administration."""
    found, form = _account(person_id), PersonForm()
    if not form.validate():
        return _page(found, form)
    try:
        accounts.change_account(database(), person_id, form.details, actor=actor(), now=now())
    except (InvalidInput, Conflict) as error:
        blame(form, error, "is_admin")
        database().rollback()
        return _page(found, form)
    database().commit()
    flash("Saved.", "success")
    gone = person_id == actor().person_id and not form.is_admin.data
    return redirect(url_for("overview.index") if gone else url_for("accounts.show", person_id=person_id))


@blueprint.post(f"{PERSON}/sign-out")
@requires(Action.ADMINISTER)
def sign_out(person_id: int) -> ResponseReturnValue:
    """End all sessions of a person."""
    person = accounts.sign_out_everywhere(database(), person_id, actor=actor())
    database().commit()
    flash(f"{person.name or person.email} is signed out everywhere.", "success")
    return redirect(url_for("accounts.show", person_id=person_id))


@blueprint.post(f"{PERSON}/survey-links")
@requires(Action.ADMINISTER)
def revoke(person_id: int) -> ResponseReturnValue:
    """Make the survey links of a person worthless."""
    person, count = accounts.revoke_survey_links(database(), person_id, actor=actor(), now=now())
    database().commit()
    links = "1 survey link" if count == 1 else f"{count} survey links"
    flash(f"{links} of {person.name or person.email} no longer {'works' if count == 1 else 'work'}.", "success")
    return redirect(url_for("accounts.show", person_id=person_id))


@blueprint.post(f"{PERSON}/link")
@requires(Action.ADMINISTER)
def link(person_id: int) -> ResponseReturnValue:
    """Make a sign-in link and show it, this once."""
    secret = current_app.config["SECRET_KEY"]
    person, token = accounts.new_link(database(), person_id, secret=secret, actor=actor(), now=now())
    database().commit()
    base = cast("Settings", current_app.extensions[SETTINGS]).base_url
    address = f"{base}{url_for('people.link', token=token)}"
    return render_template("accounts/link.html", person=person, address=address, days=LINK_LASTS.days)


def _account(person_id: int) -> Account:
    return accounts.account(database(), person_id, actor=actor(), now=now())


def _page(found: Account, form: PersonForm) -> ResponseReturnValue:
    own = found.person.id == actor().person_id
    page = render_template("accounts/show.html", account=found, form=form, button=ButtonForm(formdata=None), own=own)
    return page, 400 if form.errors else 200
