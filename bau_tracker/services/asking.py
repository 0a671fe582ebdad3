"""What a member is told beside the form: what became of the last answers, what was agreed since, what was logged.

Lack of visible results is the main cause of survey fatigue, so the last figure stands above the form. Logged hours are
kept by team and item, never by person: they may jog a memory and can't fill in anybody's form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.permissions import Actor
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.taxonomy import KINDS, Kind
from bau_tracker.services.surveys import Survey
from bau_tracker.storage import actions, items, teams, trends
from bau_tracker.storage.tables import AgreedAction, Team

_LOOK_BACK: Final = 12
"""Weeks after which a figure is no longer news (judgement)."""


@dataclass(frozen=True, slots=True)
class Background:
    """The newest published week with a figure that this member may see, the newest action under way, hours logged.

    `agreed_since` says that the action is younger than the figure. `logged` are the team's hours by kind of BAU.
    """

    published: WeekTotals | None
    action: AgreedAction | None
    agreed_since: bool
    logged: Mapping[Kind, float]


def background(session: Session, survey: Survey, *, actor: Actor, now: datetime) -> Background:
    """Give what stands beside a survey that the caller opened for this actor."""
    team = survey.team
    published = _published(session, survey, actor, now)
    action = next(iter(actions.open_actions(session, team.id)), None)
    since = published is not None and action is not None and action.agreed_at >= _published_at(session, team, published)
    return Background(published, action, since, _logged(session, survey))


def _published(session: Session, survey: Survey, actor: Actor, now: datetime) -> WeekTotals | None:
    first = survey.week.shift(-_LOOK_BACK)
    weeks = trends.published_weeks(session, [survey.team], viewer_id=actor.person_id, now=now)[survey.team.id]
    shown = (totals for totals in reversed(weeks) if totals.week >= first and totals.planned_share is not None)
    return next(shown, None)


def _published_at(session: Session, team: Team, totals: WeekTotals) -> datetime:
    return teams.freezes_at(session, team, totals.week)


def _logged(session: Session, survey: Survey) -> dict[Kind, float]:
    found = items.item_weeks(session, survey.team.id, since=survey.week)
    hours = next((week.hours for week in found if week.week == survey.week), {})
    return {kind: hours[kind] for kind in KINDS if hours.get(kind)}
