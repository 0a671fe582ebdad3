"""What a team agreed to do about its unplanned work: the list, adding to it, done and not done after all."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Action
from bau_tracker.services import actions, lifecycle
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.actions import ActionForm
from bau_tracker.web.forms.fields import blame

blueprint = Blueprint("actions", __name__, url_prefix="/teams/<slug>/actions")
NUMBER = "/<int(max=2147483647):number>"


@blueprint.get("")
@requires(Action.VIEW_TEAM)
def index(slug: str) -> ResponseReturnValue:
    """Show what a team agreed to do, and what of it is done."""
    return _page(slug, ActionForm())


@blueprint.post("")
@requires(Action.AGREE)
def agree(slug: str) -> ResponseReturnValue:
    """Write an action down."""
    form = ActionForm()
    try:
        actions.agree_action(database(), slug, form.text.data or "", actor=actor(), now=now())
    except InvalidInput as error:
        blame(form, error, "text")
        return _page(slug, form)
    database().commit()
    flash("Added to what is agreed.", "success")
    return redirect(url_for("teams.show", slug=slug, _anchor="agreed"))


@blueprint.post(f"{NUMBER}/done")
@requires(Action.AGREE)
def done(slug: str, number: int) -> ResponseReturnValue:
    """Mark an action as done."""
    action = actions.finish_action(database(), slug, number, actor=actor(), now=now())
    database().commit()
    flash(f"Done: {action.text}", "success")
    return redirect(url_for("teams.show", slug=slug, _anchor="agreed"))


@blueprint.post(f"{NUMBER}/resume")
@requires(Action.AGREE)
def resume(slug: str, number: int) -> ResponseReturnValue:
    """Take back that an action is done."""
    action = actions.resume_action(database(), slug, number, actor=actor(), now=now())
    database().commit()
    flash(f"Under way again: {action.text}", "success")
    return redirect(url_for("teams.show", slug=slug, _anchor="agreed"))


def _page(slug: str, form: ActionForm) -> ResponseReturnValue:
    agreed = actions.team_actions(database(), slug, actor=actor(), now=now())
    where = lifecycle.standing(database(), slug, actor=actor(), now=now())
    page = render_template("actions/index.html", agreed=agreed, agree_form=form, standing=where)
    return page, 400 if form.errors else 200
