"""What is set for all teams, for administrators: the settings, what others would have shown, and the history."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.domain.errors import ChangedMeanwhile, InvalidInput
from bau_tracker.domain.permissions import Action
from bau_tracker.domain.previews import COMPARED_WEEKS, count_words
from bau_tracker.domain.team_settings import differing_words, origin_words
from bau_tracker.domain.verdict_settings import VERDICT_SETTINGS, VerdictSettings, measured_words
from bau_tracker.domain.verdicts import DEFAULTS
from bau_tracker.services import organisation, previews
from bau_tracker.services.organisation import OrganisationPage
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.fields import STALE, blame
from bau_tracker.web.forms.verdict_settings import VerdictSettingsForm, in_address, read_tried

_ROTA = "It leaves 1 - 1/n to a team of n people, 83 % to one of 6: the healthy line is at most that."
blueprint = Blueprint("organisation", __name__, url_prefix="/organisation")


@blueprint.get("")
@requires(Action.ADMINISTER)
def show() -> ResponseReturnValue:
    """Show what is set for all teams and its history; an address may hold what was tried."""
    page, form = _stands(), VerdictSettingsForm()
    tried = read_tried(request.args) if "tried" in request.args else None
    form.fill(tried or page.settings)
    form.revision.data = page.revision
    return _page(page, form, tried=tried is not None)


@blueprint.post("")
@requires(Action.ADMINISTER)
def change() -> ResponseReturnValue:
    """Set what differs, for all teams that follow."""
    page, form = _stands(), VerdictSettingsForm()
    if not form.validate():
        return _page(page, form)
    try:
        changed = _change(form)
    except ChangedMeanwhile as error:
        database().rollback()
        stands = _stands()
        form.revision.data = stands.revision
        return _page(stands, form, conflict=f"{error.message} {STALE}")
    except InvalidInput as error:
        database().rollback()
        blame(form, error, "healthy")
        return _page(_stands(), form)
    database().commit()
    flash(
        "Saved, for all teams that follow." if changed else "Nothing was different, so nothing is changed.", "success"
    )
    return redirect(url_for("organisation.show"))


@blueprint.post("/preview")
@requires(Action.ADMINISTER)
def ask_preview() -> ResponseReturnValue:
    """Lead to the preview of what was typed, whose address can be passed on; nothing is stored."""
    page, form = _stands(), VerdictSettingsForm()
    try:
        if form.validate():
            tried = form.verdict_settings()
            tried.check(DEFAULTS)
            return redirect(url_for("organisation.preview", **in_address(tried)))
    except InvalidInput as error:
        blame(form, error, "healthy")
    return _page(page, form)


@blueprint.get("/preview")
@requires(Action.ADMINISTER)
def preview() -> ResponseReturnValue:
    """Show what the settings in the address would have shown of every team."""
    tried = read_tried(request.args)
    page = request.args.get("page", 1, type=int)
    found = previews.preview_organisation(database(), tried, page=page, actor=actor(), now=now())
    return render_template(
        "organisation/preview.html",
        preview=found,
        alarms=count_words(*found.alarms),
        weeks=COMPARED_WEEKS,
        differing=differing_words(_stands().settings.over(DEFAULTS), tried.over(DEFAULTS)),
        address=in_address(tried),
    )


def _stands() -> OrganisationPage:
    return organisation.organisation_page(database(), actor=actor())


def _change(form: VerdictSettingsForm) -> list[str]:
    settings, based_on = form.verdict_settings(), form.revision.data or ""
    return organisation.change_organisation(database(), settings, based_on=based_on, actor=actor(), now=now())


def _page(
    page: OrganisationPage, form: VerdictSettingsForm, *, conflict: str = "", tried: bool = False
) -> ResponseReturnValue:
    form.follow(DEFAULTS, "The default", _origins(page.settings))
    rendered = render_template(
        "organisation/show.html",
        page=page,
        form=form,
        conflict=conflict,
        tried=tried,
        own=len(page.settings.stored()),
    )
    return rendered, 409 if conflict else 400 if form.errors else 200


def _origins(settings: VerdictSettings) -> dict[str, str]:
    """Give where each value comes from, and what it means."""
    more = {"false_alarms": measured_words(settings.over(DEFAULTS).false_alarms), "daily_rota": _ROTA}
    return {
        name: f"{origin_words(name, getattr(settings, name), DEFAULTS, of_team=False)} {more.get(name, '')}".strip()
        for name in VERDICT_SETTINGS
    }
