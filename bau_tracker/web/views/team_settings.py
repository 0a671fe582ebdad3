"""A team's settings, what others would have shown, its channel, and its history."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import available_timezones

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bau_tracker.charts.figures import figure_json
from bau_tracker.charts.preview import preview_figure, preview_note
from bau_tracker.domain.errors import ChangedMeanwhile, InvalidInput
from bau_tracker.domain.permissions import Action
from bau_tracker.domain.previews import comparison_words
from bau_tracker.domain.team_settings import (
    BY_WEEK,
    SETTINGS,
    default_of,
    differing_words,
    origin_words,
    setting_words,
)
from bau_tracker.domain.verdict_settings import VERDICT_SETTINGS, clash_words, measured_words, rota_words
from bau_tracker.services import history, previews, team_settings
from bau_tracker.services.team_settings import SettingsPage
from bau_tracker.storage.availability import holiday_regions
from bau_tracker.web.auth import actor, requires
from bau_tracker.web.clock import now
from bau_tracker.web.database import database
from bau_tracker.web.forms.fields import STALE, blame
from bau_tracker.web.forms.team_settings import ChannelForm, SettingsForm
from bau_tracker.web.forms.verdict_settings import in_address, read_tried

blueprint = Blueprint("team_settings", __name__, url_prefix="/teams/<slug>/settings")
_CODE = 2
"""Letters of a country; longer codes are the same countries again."""


@blueprint.get("")
@requires(Action.MANAGE_TEAM)
def show(slug: str) -> ResponseReturnValue:
    """Show a team's settings with their defaults, and its history; an address may hold what was tried."""
    page, form = _settings(slug), SettingsForm()
    tried = read_tried(request.args) if "tried" in request.args else None
    form.fill_all(replace(page.settings, verdicts=tried or page.settings.verdicts))
    form.revision.data = page.revision
    return _page(page, form, ChannelForm(prefix="channel"), tried=tried is not None)


@blueprint.post("")
@requires(Action.MANAGE_TEAM)
def change(slug: str) -> ResponseReturnValue:
    """Set what differs."""
    page, form = _settings(slug), SettingsForm()
    if not form.validate():
        return _page(page, form, ChannelForm(formdata=None, prefix="channel"))
    try:
        changed = _change(slug, form)
    except ChangedMeanwhile as error:
        database().rollback()
        return _changed_meanwhile(slug, form, error)
    except InvalidInput as error:
        database().rollback()
        form.blame(error)
        return _page(_settings(slug), form, ChannelForm(formdata=None, prefix="channel"))
    if short := _shortfall(slug, changed):
        flash(short, "warning")
    database().commit()
    flash(_said(changed, page), "success" if changed else "info")
    return redirect(url_for("team_settings.show", slug=slug))


@blueprint.post("/preview")
@requires(Action.MANAGE_TEAM)
def ask_preview(slug: str) -> ResponseReturnValue:
    """Lead to the preview of what was typed, whose address can be passed on; nothing is stored."""
    page, form = _settings(slug), SettingsForm()
    try:
        if form.validate():
            tried = form.verdict_settings()
            tried.check(page.organisation)
            return redirect(url_for("team_settings.preview", slug=slug, **in_address(tried)))
    except InvalidInput as error:
        form.blame(error)
    return _page(page, form, ChannelForm(formdata=None, prefix="channel"))


@blueprint.get("/preview")
@requires(Action.MANAGE_TEAM)
def preview(slug: str) -> ResponseReturnValue:
    """Show what past verdicts the settings in the address would have given."""
    tried = read_tried(request.args)
    found = previews.preview_team(database(), slug, tried, actor=actor(), now=now())
    return render_template(
        "team_settings/preview.html",
        preview=found,
        sentence=comparison_words(found.found),
        figure=figure_json(preview_figure(found.found.weeks)),
        note=preview_note(found.found.weeks),
        differing=differing_words(found.standing, found.tried),
        address=in_address(tried),
    )


@blueprint.post("/channel")
@requires(Action.ADMINISTER)
def channel(slug: str) -> ResponseReturnValue:
    """Set the address of a team's channel."""
    form = ChannelForm(prefix="channel")
    address = (form.address.data or "") if form.validate() else ""
    try:
        if not form.errors:
            team_settings.set_webhook(database(), slug, address, actor=actor(), now=now())
    except InvalidInput as error:
        blame(form, error, "address")
    if form.errors:
        page, settings = _settings(slug), SettingsForm(formdata=None)
        settings.fill_all(page.settings)
        settings.revision.data = page.revision
        return _page(page, settings, form)
    database().commit()
    flash("The address of the channel is saved." if address else "The team has no channel now.", "success")
    return redirect(url_for("team_settings.show", slug=slug))


def name_lists() -> dict[str, list[str]]:
    """Give the time zones and countries that a form offers while one types."""
    countries = [region for region in holiday_regions() if len(region) == _CODE]
    return {"zones": sorted(available_timezones()), "regions": countries}


def _settings(slug: str) -> SettingsPage:
    return team_settings.settings_page(database(), slug, actor=actor(), now=now())


def _change(slug: str, form: SettingsForm) -> list[str]:
    based_on = form.revision.data or ""
    return team_settings.change_settings(database(), slug, form.settings(), based_on=based_on, actor=actor(), now=now())


def _shortfall(slug: str, changed: list[str]) -> str:
    if not {"time_split", "comments"} & set(changed):
        return ""
    return team_settings.shortfall(database(), slug, actor=actor(), now=now())


def _changed_meanwhile(slug: str, form: SettingsForm, error: ChangedMeanwhile) -> ResponseReturnValue:
    """Show what was typed beside what stands now; saving again is knowing."""
    page = _settings(slug)
    form.revision.data = page.revision
    channel_form = ChannelForm(formdata=None, prefix="channel")
    return _page(page, form, channel_form, conflict=f"{error.message} {STALE}")


def _said(changed: list[str], page: SettingsPage) -> str:
    if not changed:
        return "Nothing was different, so nothing is changed."
    later = [SETTINGS[name].label for name in changed if name in BY_WEEK]
    since = f" From {page.counts_from.label} on: {', '.join(later)}." if later else ""
    return f"Saved.{since}"


def _page(
    page: SettingsPage, form: SettingsForm, channel_form: ChannelForm, *, conflict: str = "", tried: bool = False
) -> ResponseReturnValue:
    form.follow(page.organisation, "As the organisation", _origins(page))
    rendered = render_template(
        "team_settings/show.html",
        page=page,
        form=form,
        channel_form=channel_form,
        changes=history.changes_of(database(), page.team.slug, actor=actor(), now=now()),
        conflict=conflict,
        tried=tried,
        words=SETTINGS,
        **_defaults(page),
        **name_lists(),
    )
    return rendered, 409 if conflict else 400 if form.errors or channel_form.errors else 200


def _defaults(page: SettingsPage) -> dict[str, object]:
    """Give the defaults in words, and which settings are the team's own."""
    values = page.settings.values()
    own = {name for name in values if name not in VERDICT_SETTINGS and values[name] != default_of(name)}
    decided = {name for name in VERDICT_SETTINGS if values[name] is not None}
    return {
        "defaults": {name: setting_words(name, default_of(name)) for name in SETTINGS},
        "differing": (own | decided) - {"name"},
    }


def _origins(page: SettingsPage) -> dict[str, str]:
    """Give where each setting of verdicts comes from, and what it means for this team."""
    decided, above = page.settings.verdicts, page.organisation
    counts = decided.over(above)
    more = {
        "excessive": clash_words(decided, above),
        "false_alarms": measured_words(counts.false_alarms),
        "daily_rota": rota_words(page.people, counts),
    }
    return {
        name: f"{origin_words(name, getattr(decided, name), above, of_team=True)} {more.get(name, '')}".strip()
        for name in VERDICT_SETTINGS
    }
