"""What administrators set for all teams about verdicts, which history they see of it, and what counts for a team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.revisions import check_revision, revision_of
from bau_tracker.domain.team_settings import decision_words
from bau_tracker.domain.verdict_settings import VERDICT_SETTINGS, VerdictSettings, read_verdict_settings
from bau_tracker.domain.verdicts import DEFAULTS, Thresholds
from bau_tracker.services.history import SHOWN, Change, who
from bau_tracker.services.permissions import check_administers
from bau_tracker.storage import organisation, teams
from bau_tracker.storage.tables import Team


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """What is set for all teams, the newest changes, newest first, and the teams that decided otherwise, by name."""

    settings: VerdictSettings
    changes: Sequence[Change]
    deciding: Sequence[Team]

    @property
    def revision(self) -> str:
        """Give the mark of these settings, by which a form says what it was made from."""
        return revision_of(self.settings)


def thresholds_of(session: Session, team: Team) -> Thresholds:
    """Give the thresholds that count for a team: its own decisions over those of the organisation."""
    return read_verdict_settings(team.thresholds).over(organisation_thresholds(session))


def organisation_thresholds(session: Session) -> Thresholds:
    """Give the thresholds that count where a team has decided nothing."""
    return organisation.organisation_settings(session).over(DEFAULTS)


def organisation_page(session: Session, *, actor: Actor) -> OrganisationPage:
    """Give what is set for all teams to an administrator; raises Forbidden for anybody else."""
    check_administers(actor)
    events = organisation.newest_for_all(session, limit=SHOWN)
    changes = [Change(event.happened_at, f"{who(person)} {event.words}") for event, person in events]
    deciding = [team for team in teams.all_teams(session) if team.thresholds and team.archived_on is None]
    return OrganisationPage(organisation.organisation_settings(session), changes, deciding)


def newest_change(session: Session) -> Change | None:
    """Give the newest change for all teams, without who made it, for those whose team may follow it."""
    events = organisation.newest_for_all(session, limit=1)
    return next((Change(event.happened_at, f"An administrator {event.words}") for event, _ in events), None)


def change_organisation(
    session: Session, wanted: VerdictSettings, *, based_on: str | None = None, actor: Actor, now: datetime
) -> list[str]:
    """Set for all teams everything that differs, and give the names of what did; `based_on` is the revision shown.

    Raises Forbidden for all but administrators, ChangedMeanwhile when `based_on` doesn't stand any more, InvalidInput
    naming the setting that can't be right; then nothing is changed.
    """
    check_administers(actor)
    organisation.lock_organisation(session)
    before = organisation.organisation_settings(session)
    if wanted != before:
        check_revision(based_on, revision_of(before), "The settings were")
    wanted.check(DEFAULTS)
    changed = [name for name in VERDICT_SETTINGS if getattr(before, name) != getattr(wanted, name)]
    organisation.keep_organisation_settings(session, wanted)
    for name in changed:
        said = decision_words(name, getattr(before, name), getattr(wanted, name), DEFAULTS, "the default")
        organisation.record_for_all(session, said, person_id=actor.person_id, now=now)
    return changed
