"""What leads and administrators can set for a team, and what only administrators can: the address of its channel.

Settings of the weekly ritual and of privacy count from the first week that hasn't opened; all changes are kept in the
team's history.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlmodel import Session

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.revisions import check_revision, revision_of
from bau_tracker.domain.rules import WeekRules, stored_rules
from bau_tracker.domain.team_settings import BY_WEEK, SETTINGS, THRESHOLDS, TeamSettings, setting_words, thresholds_of
from bau_tracker.domain.weeks import MOMENTS, Week
from bau_tracker.outbound.chat import LONGEST, check_webhook
from bau_tracker.services.history import record
from bau_tracker.services.permissions import check_administers, managed_team, team_for
from bau_tracker.services.teams import namesake, refresh_open_weeks, sound_name, sound_week
from bau_tracker.storage import availability, teams
from bau_tracker.storage.tables import Team

LONGEST_ADDRESS: Final = LONGEST


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """A team's settings as they are to be from `counts_from` on; `webhook` is masked, None for who may not set it."""

    team: Team
    settings: TeamSettings
    counts_from: Week
    pending: bool
    webhook: str | None

    @property
    def revision(self) -> str:
        """Give the mark of these settings, by which a form says what it was made from."""
        return revision_of(self.settings)


def settings_page(session: Session, slug: str, *, actor: Actor, now: datetime) -> SettingsPage:
    """Give a team's settings to somebody who may manage it; raises like `team_for`."""
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    rules = teams.rules_of(team)
    counts_from = rules.counts_from(now)
    pending = rules.versions[-1][0] == counts_from
    return SettingsPage(team, settings_of(team), counts_from, pending, _masked(team) if actor.is_admin else None)


def settings_of(team: Team) -> TeamSettings:
    """Give the settings that were decided last, which may count from the next week only."""
    newest, thresholds = teams.rules_of(team).newest, thresholds_of(team.thresholds)
    return TeamSettings(
        name=team.name,
        timezone=newest.times.zone.key,
        hours_per_week=team.hours_per_week,
        step=team.step,
        holidays=team.holidays,
        **{name: getattr(newest.times, name) for name in MOMENTS},
        time_split=newest.minimums.time_split,
        comments=newest.minimums.comments,
        shows_missing=newest.shows_missing,
        **{name: getattr(thresholds, name) for name in THRESHOLDS},
    )


def change_settings(
    session: Session, slug: str, wanted: TeamSettings, *, based_on: str | None = None, actor: Actor, now: datetime
) -> list[str]:
    """Set everything that differs, and give the names of what did; `based_on` is the revision that was shown.

    Raises ChangedMeanwhile when that doesn't stand any more, InvalidInput naming the setting that can't be right, and
    then nothing is changed; otherwise like `managed_team`.
    """
    team = managed_team(session, slug, actor=actor, now=now)
    before = settings_of(team)
    if wanted != before:
        check_revision(based_on, revision_of(before), "The settings were")
    rules, thresholds = wanted.week_rules(), wanted.stored_thresholds()
    name, hours = _free_name(session, team, wanted.name), sound_week(wanted.hours_per_week)
    region = availability.check_region(wanted.holidays)
    _set_rules(team, rules, now)
    counts_from = teams.rules_of(team).counts_from(now)
    team.name, team.hours_per_week, team.step, team.holidays = name, hours, wanted.step, region
    team.thresholds = thresholds
    session.add(team)
    session.flush()
    changed = _changed(before, settings_of(team))
    for setting in changed:
        record(session, team, _words(setting, before, settings_of(team), counts_from), actor=actor, now=now)
    if changed:
        refresh_open_weeks(session, team, now)
    return changed


def shortfall(session: Session, slug: str, *, actor: Actor, now: datetime) -> str:
    """Say what would never be shown, because it needs more people than a team asks in its next week; empty if nothing.

    Raises like `team_for`.
    """
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    minimums = teams.rules_of(team).newest.minimums
    week = teams.schedule_of(team).newest_started(now).shift(1)
    asked = availability.members_in_weeks(session, [team], [week]).get((team.id, week), 0)
    people = "1 person is" if asked == 1 else f"{asked} people are"
    if 0 < asked < minimums.time_split:
        return f"No figure will ever show: it needs {minimums.time_split} answers, and {people} asked."
    if 0 < asked < minimums.comments:
        return f"No comment will ever show: it needs {minimums.comments} answers, and {people} asked."
    return ""


def set_webhook(session: Session, slug: str, address: str, *, actor: Actor, now: datetime) -> None:
    """Set the address of a team's channel, or none for an empty one; raises Forbidden for all but administrators.

    Raises InvalidInput for an address that `outbound.chat` doesn't take.
    """
    check_administers(actor)
    team = managed_team(session, slug, actor=actor, now=now)
    typed = check_webhook(address)
    if typed == team.webhook:
        return
    words = "set the address of the team's channel." if typed else "removed the address of the team's channel."
    team.webhook = typed
    session.add(team)
    session.flush()
    record(session, team, words, actor=actor, now=now)


def _free_name(session: Session, team: Team, typed: str) -> str:
    name = sound_name(typed)
    other = namesake(session, name)
    if other is not None and other.id != team.id:
        raise InvalidInput(f"There is another team {other.name} already. Choose another name.", "name")
    return name


def _set_rules(team: Team, wanted: WeekRules, now: datetime) -> None:
    rules = teams.rules_of(team)
    if rules.newest != wanted:
        team.rules = stored_rules(rules.changed(wanted, now))
    team.timezone = wanted.times.zone.key


def _changed(before: TeamSettings, after: TeamSettings) -> list[str]:
    old, new = asdict(before), asdict(after)
    return [name for name in SETTINGS if old[name] != new[name]]


def _words(name: str, before: TeamSettings, after: TeamSettings, counts_from: Week) -> str:
    old, new = (setting_words(name, getattr(settings, name)) for settings in (before, after))
    if name == "name":
        return f"renamed the team from {old} to {new}."
    since = f" from {counts_from.label} on" if name in BY_WEEK else ""
    if name == "shows_missing":
        return f"switched {SETTINGS[name].phrase} {'on' if after.shows_missing else 'off'}{since}."
    return f"changed {SETTINGS[name].phrase} from {old} to {new}{since}."


def _masked(team: Team) -> str:
    """Give so much of the channel's address that an administrator knows which it is; the rest is a secret."""
    if not team.webhook:
        return ""
    found = urlsplit(team.webhook)
    return f"{found.scheme}://{(found.hostname or '') if found.scheme == 'https' else ''}…"
