"""Who is in a team: the list, adding people after a check, and one person's page with its dated changes."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.domain.errors import ChangedMeanwhile, Conflict, InvalidInput
from bau_tracker.domain.permissions import Action, Role
from bau_tracker.services import joining, memberships
from bau_tracker.services.joining import Outcome, Plan
from bau_tracker.services.memberships import Member
from bau_tracker.storage.tables import Team
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.fields import STALE, blame
from bau_tracker.web.forms.members import JoinForm, LeaveForm, MoveForm, PlaceForm, TermsForm

blueprint = Blueprint("members", __name__, url_prefix="/teams/<slug>/members")
NAMED = 5
"""So many lines that were left out are named."""
PERSON = "/<int(max=2147483647):person_id>"


class Forms(NamedTuple):
    """The three forms of one person's page."""

    terms: TermsForm
    leave: LeaveForm
    move: MoveForm


@blueprint.get("")
@requires(Action.VIEW_TEAM)
def index(slug: str) -> ResponseReturnValue:
    """Show who is in a team."""
    return render_template("members/index.html", page=memberships.members(database(), slug, actor=actor(), now=now()))


@blueprint.route("/add", methods=["GET", "POST"])
@requires(Action.MANAGE_TEAM)
def add(slug: str) -> ResponseReturnValue:
    """Take addresses in and say what adding them would do; nothing is stored."""
    team, first_day = joining.team_to_join(database(), slug, actor=actor(), now=now())
    form = JoinForm(data={"starts_on": first_day})
    if request.form.get("again") or not form.validate_on_submit():
        return _add_page(form, team)
    try:
        plan = _plan(form, slug, store=False)
    except InvalidInput as error:
        blame(form, error, "people")
        return _add_page(form, team)
    database().rollback()
    return render_template("members/check.html", plan=plan, form=form, Outcome=Outcome)


@blueprint.post("/add/confirm")
@requires(Action.MANAGE_TEAM)
def confirm(slug: str) -> ResponseReturnValue:
    """Add the people that were checked."""
    form = JoinForm()
    if not form.validate():
        return _add_page(form, joining.team_to_join(database(), slug, actor=actor(), now=now())[0])
    plan = _plan(form, slug, store=True)
    database().commit()
    flash(_said(plan), "success" if plan.added else "info")
    return redirect(url_for("members.index", slug=slug))


@blueprint.get(PERSON)
@requires(Action.MANAGE_TEAM)
def show(slug: str, person_id: int) -> ResponseReturnValue:
    """Show one person's time in a team, and what can be changed."""
    page = _member(slug, person_id)
    return _page(page, _forms(page))


@blueprint.post(f"{PERSON}/terms")
@requires(Action.MANAGE_TEAM)
def change(slug: str, person_id: int) -> ResponseReturnValue:
    """Give a member another role or other hours from a day on."""
    page = _member(slug, person_id)
    forms = _forms(page, "terms")
    if not forms.terms.validate():
        return _page(page, forms)
    try:
        terms = forms.terms.terms
        replaced = memberships.change_member(database(), slug, person_id, terms, actor=actor(), now=now())
    except (InvalidInput, Conflict) as error:
        return _refused(page, forms, forms.terms, error, "starts_on")
    database().commit()
    flash(f"Changed. {replaced}".strip(), "success")
    return redirect(url_for("members.index", slug=slug))


@blueprint.post(f"{PERSON}/leave")
@requires(Action.MANAGE_TEAM)
def leave(slug: str, person_id: int) -> ResponseReturnValue:
    """Let a person leave on a day."""
    page = _member(slug, person_id)
    forms = _forms(page, "leave")
    if not forms.leave.validate():
        return _page(page, forms)
    leaving = forms.leave.leave
    try:
        memberships.end_membership(database(), slug, person_id, leaving, actor=actor(), now=now())
    except (InvalidInput, Conflict) as error:
        return _refused(page, forms, forms.leave, error, "last_day")
    database().commit()
    flash("The last day is set." if leaving.last_day else "There is no last day any more.", "success")
    return redirect(url_for("overview.index") if leaving.sure else url_for("members.index", slug=slug))


@blueprint.post(f"{PERSON}/move")
@requires(Action.MANAGE_TEAM)
def move(slug: str, person_id: int) -> ResponseReturnValue:
    """Move a person to another team from a day on."""
    page = _member(slug, person_id)
    forms = _forms(page, "move")
    if not forms.move.validate():
        return _page(page, forms)
    try:
        target = memberships.move_member(database(), slug, person_id, forms.move.move, actor=actor(), now=now())
    except (InvalidInput, Conflict) as error:
        return _refused(page, forms, forms.move, error, "starts_on")
    database().commit()
    flash(f"Moved to {target.name}.", "success")
    return redirect(url_for("members.index", slug=target.slug))


def _plan(form: JoinForm, slug: str, *, store: bool) -> Plan:
    what = joining.add_members if store else joining.plan_members
    role, starts_on = Role(form.role.data), form.starts_on.data
    return what(database(), slug, form.people.data, role=role, starts_on=starts_on, actor=actor(), now=now())


def _said(plan: Plan) -> str:
    added, there, refused = len(plan.added), len(plan.of(Outcome.MEMBER)), len(plan.of(Outcome.REFUSED))
    words = [f"{added} {'person' if added == 1 else 'people'} added."]
    words += [f"{there} already {'was' if there == 1 else 'were'} in the team."] if there else []
    words += (
        [f"{refused} {'line was' if refused == 1 else 'lines were'} left out: {_left_out(plan)}."] if refused else []
    )
    return " ".join(words)


def _left_out(plan: Plan) -> str:
    """Name the first lines that were left out, since the page that showed them is gone."""
    lines = [f"“{one.line.text[:60]}”" for one in plan.of(Outcome.REFUSED)]
    more = f" and {len(lines) - NAMED} more" if len(lines) > NAMED else ""
    return ", ".join(lines[:NAMED]) + more


def _add_page(form: JoinForm, team: Team) -> ResponseReturnValue:
    return render_template("members/add.html", form=form, team=team), 400 if form.errors else 200


def _member(slug: str, person_id: int) -> Member:
    return memberships.member(database(), slug, person_id, actor=actor(), now=now())


def _forms(page: Member, sent: str = "") -> Forms:
    """Give the forms, the one that was sent with what was typed into it."""
    newest, today = page.newest, page.today
    hours = newest.hours if newest.own_hours else None
    start, made_from = max(today, newest.starts_on), {"revision": page.revision}
    typed = {name: request.form if name == sent else None for name in Forms._fields}
    terms = {"role": newest.role, "hours": hours, "starts_on": start}
    forms = Forms(
        TermsForm(typed["terms"], prefix="terms", data=terms | made_from),
        LeaveForm(typed["leave"], prefix="leave", data={"last_day": newest.ends_on or start} | made_from),
        MoveForm(typed["move"], prefix="move", data={"starts_on": start} | made_from),
    )
    forms.move.offer(page.targets)
    return forms


def _refused(
    page: Member, forms: Forms, form: PlaceForm, error: InvalidInput | Conflict, otherwise: str
) -> ResponseReturnValue:
    database().rollback()
    if isinstance(error, ChangedMeanwhile):
        page = _member(page.team.slug, page.person.id)
        form.revision.data = page.revision
        return _page(page, forms, conflict=f"{error.message} {STALE}")
    blame(form, error, otherwise)
    return _page(page, forms)


def _page(page: Member, forms: Forms, *, conflict: str = "") -> ResponseReturnValue:
    at_stake = page.is_self and page.newest.role is Role.LEAD and not actor().is_admin
    wrong = any(form.errors for form in forms)
    rendered = render_template("members/show.html", page=page, forms=forms, at_stake=at_stake, conflict=conflict)
    return rendered, 409 if conflict else 400 if wrong else 200
