"""A team's beginning and end in the browser, and a published week that is opened again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from bau_tracker.domain.errors import Conflict, InvalidInput
from bau_tracker.domain.permissions import Action
from bau_tracker.domain.surveys import Step
from bau_tracker.domain.weeks import Week
from bau_tracker.services import lifecycle, reopening
from bau_tracker.services.lifecycle import NewTeam
from bau_tracker.services.permissions import check_administers
from bau_tracker.services.reopening import Reopenable
from bau_tracker.storage.tables import Team
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.fields import blame
from bau_tracker.web.forms.lifecycle import ArchiveForm, BringBackForm, MergeForm, ReopenForm
from bau_tracker.web.forms.team_settings import NewTeamForm
from bau_tracker.web.views.team_settings import name_lists

blueprint = Blueprint("lifecycle", __name__)


@blueprint.route("/new-team", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def new() -> ResponseReturnValue:
    """Add a team, and go on to its people."""
    check_administers(actor())
    form = NewTeamForm()
    if not form.validate_on_submit():
        return _page("lifecycle/new.html", form, **name_lists())
    wanted = NewTeam(
        form.name.data,
        form.timezone.data.strip(),
        form.hours.data or 0.0,
        Step(form.step.data),
        form.holidays.data or "",
    )
    try:
        team = lifecycle.create_team(database(), wanted, actor=actor(), now=now())
    except (InvalidInput, Conflict) as error:
        blame(form, error, "name")
        return _page("lifecycle/new.html", form, **name_lists())
    database().commit()
    flash(f"{team.name} is added. Add its people next.", "success")
    return redirect(url_for("members.add", slug=team.slug))


@blueprint.get("/archived-teams")
@requires(Action.VIEW_OVERVIEW)
def archived() -> ResponseReturnValue:
    """Show the archived teams that the person may still see."""
    return render_template(
        "lifecycle/archived.html", teams=lifecycle.archived_teams(database(), actor=actor(), now=now())
    )


@blueprint.route("/teams/<slug>/archive", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def archive(slug: str) -> ResponseReturnValue:
    """Archive a team from a last day on."""
    team, today, _ = lifecycle.team_to_end(database(), slug, actor=actor(), now=now())
    form = ArchiveForm(data={"last_day": today})
    if not form.validate_on_submit():
        return _page("lifecycle/archive.html", form, team=team)
    try:
        lifecycle.archive_team(database(), slug, form.last_day.data, actor=actor(), now=now())
    except InvalidInput as error:
        blame(form, error, "last_day")
        return _page("lifecycle/archive.html", form, team=team)
    database().commit()
    flash(f"{team.name} is archived.", "success")
    return redirect(url_for("lifecycle.archived"))


@blueprint.route("/teams/<slug>/merge", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def merge(slug: str) -> ResponseReturnValue:
    """Merge a team into another from a day on."""
    team, today, others = lifecycle.team_to_end(database(), slug, actor=actor(), now=now())
    form = MergeForm(data={"first_day": today})
    form.offer(others)
    if not form.validate_on_submit():
        return _page("lifecycle/merge.html", form, team=team, others=others)
    try:
        into, first_day = form.into.data, form.first_day.data
        target = lifecycle.merge_team(database(), slug, into, first_day, actor=actor(), now=now())
    except InvalidInput as error:
        blame(form, error, "first_day")
        return _page("lifecycle/merge.html", form, team=team, others=others)
    database().commit()
    flash(f"{team.name} is merged into {target.name}.", "success")
    return redirect(url_for("members.index", slug=target.slug))


@blueprint.route("/teams/<slug>/bring-back", methods=["GET", "POST"])
@requires(Action.ADMINISTER)
def bring_back(slug: str) -> ResponseReturnValue:
    """Bring an archived team back, after saying who comes with it."""
    standing = lifecycle.team_to_bring_back(database(), slug, actor=actor(), now=now())
    form = BringBackForm()
    if not form.validate_on_submit():
        return _page("lifecycle/bring_back.html", form, standing=standing)
    team = lifecycle.bring_back(database(), slug, actor=actor(), now=now())
    database().commit()
    flash(f"{team.name} is back. See who is in it.", "success")
    return redirect(url_for("members.index", slug=slug))


@blueprint.route("/teams/<slug>/reopen", methods=["GET", "POST"])
@requires(Action.MANAGE_TEAM)
def reopen(slug: str) -> ResponseReturnValue:
    """Open a published week again."""
    found = reopening.reopenable(database(), slug, actor=actor(), now=now())
    form = ReopenForm()
    form.offer(found.weeks)
    if not form.validate_on_submit():
        return _page("lifecycle/reopen.html", form, found=found)
    return _reopen(found, form)


def _reopen(found: Reopenable, form: ReopenForm) -> ResponseReturnValue:
    team: Team = found.team
    week, days, why = Week.parse(form.week.data), int(form.days.data), form.reason.data or ""
    try:
        reopening.reopen_week(database(), team.slug, week, why, days=days, actor=actor(), now=now())
    except InvalidInput as error:
        blame(form, error, "reason")
        return _page("lifecycle/reopen.html", form, found=found)
    database().commit()
    flash(f"{week.label} is open again. Tell the people who should answer.", "success")
    return redirect(url_for("teams.show", slug=team.slug))


def _page(template: str, form: FlaskForm, **values: object) -> ResponseReturnValue:
    return render_template(template, form=form, **values), 400 if form.errors else 200
