"""What leads and administrators can set for a team, and what only administrators can: the address of its channel.

Settings of the weekly ritual and of privacy count from the first week that hasn't opened; all changes are kept in the
team's history.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlmodel import Session

from bau_tracker.domain.errors import InvalidInput
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.revisions import check_revision, revision_of
from bau_tracker.domain.rules import WeekRules, stored_rules
from bau_tracker.domain.team_settings import BY_WEEK, SETTINGS, TeamSettings, decision_words, setting_words
from bau_tracker.domain.verdict_settings import VERDICT_SETTINGS, read_verdict_settings
from bau_tracker.domain.verdicts import Thresholds
from bau_tracker.domain.weeks import MOMENTS, Week
from bau_tracker.outbound.chat import LONGEST, check_webhook
from bau_tracker.services.history import Change, record
from bau_tracker.services.organisation import newest_change, organisation_thresholds
from bau_tracker.services.permissions import check_administers, managed_team, team_for
from bau_tracker.services.teams import namesake, refresh_open_weeks, sound_name, sound_week
from bau_tracker.storage import availability, teams
from bau_tracker.storage.tables import Team

LONGEST_ADDRESS: Final = LONGEST


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """A team's settings as they are to be from `counts_from` on; `webhook` is masked, None for who may not set it.

    `organisation` is what the team's verdicts follow where it has decided nothing, with its newest change; `people` are
    asked in its next week.
    """

    team: Team
    settings: TeamSettings
    organisation: Thresholds
    organisation_change: Change | None
    people: int
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
    return SettingsPage(
        team=team,
        settings=settings_of(team),
        organisation=organisation_thresholds(session),
        organisation_change=newest_change(session),
        people=_people_asked(session, team, now),
        counts_from=counts_from,
        pending=pending,
        webhook=_masked(team) if actor.is_admin else None,
    )


def settings_of(team: Team) -> TeamSettings:
    """Give the settings that were decided last, which may count from the next week only."""
    newest = teams.rules_of(team).newest
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
        verdicts=read_verdict_settings(team.thresholds),
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
    rules, organisation = wanted.week_rules(), organisation_thresholds(session)
    wanted.verdicts.check(organisation)
    name, hours = _free_name(session, team, wanted.name), sound_week(wanted.hours_per_week)
    region = availability.check_region(wanted.holidays)
    _set_rules(team, rules, now)
    counts_from = teams.rules_of(team).counts_from(now)
    team.name, team.hours_per_week, team.step, team.holidays = name, hours, wanted.step, region
    team.thresholds = wanted.verdicts.stored()
    session.add(team)
    session.flush()
    changed = _changed(before, settings_of(team))
    for setting in changed:
        said = _words(setting, before, settings_of(team), counts_from, organisation)
        record(session, team, said, actor=actor, now=now)
    if changed:
        refresh_open_weeks(session, team, now)
    return changed


def shortfall(session: Session, slug: str, *, actor: Actor, now: datetime) -> str:
    """Say what would never be shown, because it needs more people than a team asks in its next week; empty if nothing.

    Raises like `team_for`.
    """
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    minimums = teams.rules_of(team).newest.minimums
    asked = _people_asked(session, team, now)
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


def _people_asked(session: Session, team: Team, now: datetime) -> int:
    """Count the people that a team asks in its next week."""
    week = teams.schedule_of(team).newest_started(now).shift(1)
    return availability.members_in_weeks(session, [team], [week]).get((team.id, week), 0)


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
    old, new = before.values(), after.values()
    return [name for name in SETTINGS if old[name] != new[name]]


def _words(name: str, before: TeamSettings, after: TeamSettings, counts_from: Week, organisation: Thresholds) -> str:
    values = before.values()[name], after.values()[name]
    if name in VERDICT_SETTINGS:
        return decision_words(name, *values, organisation, "the organisation's")
    old, new = (setting_words(name, value) for value in values)
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
