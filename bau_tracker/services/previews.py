"""What verdicts on past weeks would have been with other settings: of one team, and of all teams at a glance.

Nothing is stored. Weeks that the viewer may not see are left out: by trying many settings one could read their figures
off what they would be called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.detector import judge, tell
from bau_tracker.domain.memberships import today_of
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.previews import Comparison, compare
from bau_tracker.domain.verdict_settings import VerdictSettings, read_verdict_settings
from bau_tracker.domain.verdicts import DEFAULTS, Signal, Thresholds
from bau_tracker.services.organisation import organisation_thresholds, thresholds_of
from bau_tracker.services.permissions import check_administers, team_for
from bau_tracker.storage import teams, trends
from bau_tracker.storage.evidence import evidence_of
from bau_tracker.storage.tables import Team

TEAMS_A_PAGE: Final = 20
"""Looking at a team's year takes about a tenth of a second."""


@dataclass(frozen=True, slots=True)
class TeamPreview:
    """A team's weeks with the settings that stand and with those tried; `left_out` weeks may not be seen."""

    team: Team
    standing: Thresholds
    tried: Thresholds
    found: Comparison
    left_out: int

    @property
    def decided(self) -> int:
        """Count the settings that the team has decided for itself."""
        return len(read_verdict_settings(self.team.thresholds).stored())

    @property
    def now(self) -> Signal:
        """Name what is shown of the newest week compared."""
        return self.found.weeks[-1].now if self.found.weeks else Signal.NOT_ENOUGH_DATA

    @property
    def then(self) -> Signal:
        """Name what would be shown of it."""
        return self.found.weeks[-1].tried if self.found.weeks else Signal.NOT_ENOUGH_DATA


@dataclass(frozen=True, slots=True)
class OrganisationPreview:
    """The previews of some teams, by name: those of `page` (from 1) of `pages`, of `total` teams."""

    teams: Sequence[TeamPreview]
    page: int
    pages: int
    total: int

    @property
    def alarms(self) -> tuple[int, int]:
        """Count the alarms of these teams with the settings that stand, and with those tried."""
        return sum(len(one.found.now) for one in self.teams), sum(len(one.found.tried) for one in self.teams)

    @property
    def differing(self) -> int:
        """Count the teams that would be called otherwise now."""
        return sum(one.now is not one.then for one in self.teams)


def preview_team(session: Session, slug: str, tried: VerdictSettings, *, actor: Actor, now: datetime) -> TeamPreview:
    """Try settings on a team's past, for somebody who may manage it; raises like `team_for`, and InvalidInput."""
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    organisation = organisation_thresholds(session)
    tried.check(organisation)
    return _preview(session, team, tried.over(organisation), actor, now)


def preview_organisation(
    session: Session, tried: VerdictSettings, *, page: int = 1, actor: Actor, now: datetime
) -> OrganisationPreview:
    """Try settings for all teams that go on; raises Forbidden for all but administrators, and InvalidInput.

    What a team has decided for itself stays as it is. There is always a page 1; a page that isn't there is the last.
    """
    check_administers(actor)
    tried.check(DEFAULTS)
    going_on = [team for team in teams.all_teams(session) if _goes_on(team, now)]
    pages = max(1, -(-len(going_on) // TEAMS_A_PAGE))
    number = min(max(1, page), pages)
    shown = going_on[(number - 1) * TEAMS_A_PAGE : number * TEAMS_A_PAGE]
    above = tried.over(DEFAULTS)
    previews = [
        _preview(session, team, read_verdict_settings(team.thresholds).over(above), actor, now) for team in shown
    ]
    return OrganisationPreview(previews, number, pages, len(going_on))


def _preview(session: Session, team: Team, tried: Thresholds, actor: Actor, now: datetime) -> TeamPreview:
    published = trends.published(session, [team], viewer_id=actor.person_id, now=now)[team.id].weeks
    shown = {totals.week for totals in published if not totals.hidden}
    standing, told = thresholds_of(session, team), tell(evidence_of(session, team, now))
    found = compare(judge(told, standing), judge(told, tried), shown)
    first = found.weeks[0].week if found.weeks else None
    left_out = sum(totals.hidden for totals in published if first is None or totals.week >= first)
    return TeamPreview(team, standing, tried, found, left_out)


def _goes_on(team: Team, now: datetime) -> bool:
    return team.archived_on is None or team.archived_on >= today_of(teams.schedule_of(team), now)
