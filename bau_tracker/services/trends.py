"""What a person can see of teams: the overview, worst first, and one team's trend with what it means.

Figures come from `storage.trends`, which applies the privacy minimums. Verdicts are those that were reached when each
week froze (`verdicts`), the same for everybody; of their figures one sees what one sees of the weeks behind them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.adjusted_line import shown_line
from bau_tracker.domain.advice import Advice, advise
from bau_tracker.domain.looks import Adjusted, Answers
from bau_tracker.domain.memberships import today_of
from bau_tracker.domain.permissions import Action, Actor, Role, allows
from bau_tracker.domain.privacy import Minimums, Pool
from bau_tracker.domain.shown_verdicts import shown_verdict
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdict_data import read_thresholds, read_verdict
from bau_tracker.domain.verdict_settings import read_verdict_settings
from bau_tracker.domain.verdicts import (
    DEFAULTS,
    DefinitionBreak,
    Missing,
    Signal,
    State,
    Thresholds,
    Verdict,
)
from bau_tracker.domain.weeks import Week
from bau_tracker.services.measuring import Measuring, measuring_of
from bau_tracker.services.organisation import organisation_thresholds
from bau_tracker.services.permissions import roles_in, team_for, teams_allowing
from bau_tracker.storage import items, publishing, teams, trends
from bau_tracker.storage.evidence import evidence_of
from bau_tracker.storage.items import ItemWeek
from bau_tracker.storage.tables import Item, Team
from bau_tracker.storage.verdict_tables import StoredVerdict
from bau_tracker.storage.verdicts import standing_verdicts

SHOWN_WEEKS: Final = 52
OVERVIEW_WEEKS: Final = 26
NEWEST_ITEMS: Final = 10
_OPEN_AGAIN: Final = 12
"""So many weeks may be missing among those shown, as they are open again, and some to spare."""
_RANK: Final = {signal: rank for rank, signal in enumerate(Signal)}


@dataclass(frozen=True, slots=True)
class OpenWeek:
    """What may be known of a week before it freezes: how many have answered, of how many.

    `missing` names who hasn't, where the team has decided to see it; None elsewhere. `again` says that the week was
    published before; `zone` is the one that its moments are told in.
    """

    week: Week
    answers: int
    expected: int
    freezes_at: datetime
    zone: str
    missing: Sequence[str] | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class TeamTrend:
    """A team's published weeks, oldest first, with the verdict at the end of each.

    `pools` are the weeks that are too small alone, together; `breaks` those from which on the questions are others.
    `thresholds` are the lines by which the newest verdict was reached; before there is any, those that count now.
    `adjusted` is the line like for like, on a team's page only.
    """

    team: Team
    weeks: Sequence[WeekTotals]
    verdicts: Sequence[Verdict]
    pools: Sequence[Pool] = ()
    breaks: Sequence[DefinitionBreak] = ()
    thresholds: Thresholds = DEFAULTS
    adjusted: Sequence[Adjusted] = ()

    @property
    def verdict(self) -> Verdict | None:
        """Give the newest verdict; None before the first published week."""
        return self.verdicts[-1] if self.verdicts else None

    @property
    def newest(self) -> WeekTotals | None:
        """Give the newest published week."""
        return self.weeks[-1] if self.weeks else None

    @property
    def newest_shown(self) -> WeekTotals | None:
        """Give the newest published week that has a figure."""
        return next((week for week in reversed(self.weeks) if week.planned_share is not None), None)

    @property
    def signal(self) -> Signal:
        """Name what is shown of the team."""
        return self.verdict.signal if self.verdict else Signal.NOT_ENOUGH_DATA

    def last(self, weeks: int) -> TeamTrend:
        """Give the same trend with its newest weeks only."""
        kept = self.weeks[-weeks:]
        pools = [pool for pool in self.pools if kept and pool.last >= kept[0].week]
        adjusted = [one for one in self.adjusted if kept and one.week >= kept[0].week]
        return replace(self, weeks=kept, verdicts=self.verdicts[-weeks:], pools=pools, adjusted=adjusted)


@dataclass(frozen=True, slots=True)
class TeamPage:
    """Everything that a team's page shows; `comments` is None for a viewer to whom none are shown."""

    trend: TeamTrend
    open_weeks: Sequence[OpenWeek]
    advice: Sequence[Advice]
    comments: Sequence[str] | None
    item_weeks: Sequence[ItemWeek]
    newest_items: Sequence[Item]
    measuring: Measuring
    may_export: bool
    minimums: Minimums


def overview(session: Session, *, actor: Actor, now: datetime) -> list[TeamTrend]:
    """Give the teams that go on and an actor may see, the worst first: by signal, then by planned share."""
    seen = teams_allowing(session, Action.VIEW_TEAM, actor=actor, now=now)
    since = Week.containing(now.date()).shift(-OVERVIEW_WEEKS - _OPEN_AGAIN)
    found = _trends(session, [team for team in seen if not _is_over(team, now)], actor, now, since=since)
    return [trend.last(OVERVIEW_WEEKS) for trend in sorted(found, key=badness)]


def team_page(session: Session, slug: str, *, actor: Actor, now: datetime) -> TeamPage:
    """Give a team's page to somebody who may see it; raises like `team_for`."""
    team = team_for(session, slug, Action.VIEW_TEAM, actor=actor, now=now)
    (trend,) = _trends(session, [team], actor, now)
    shown = adjusted_line(session, trend, now).last(SHOWN_WEEKS)
    roles = roles_in(session, actor, team, now)
    since = shown.weeks[0].week if shown.weeks else Week.containing(now.date()).shift(-SHOWN_WEEKS)
    return TeamPage(
        trend=shown,
        open_weeks=_open_weeks(session, team, now),
        advice=advise(shown.weeks[-DEFAULTS.recent_weeks :]),
        comments=_comments(session, team, roles, actor, now),
        item_weeks=items.item_weeks(session, team.id, since=since),
        newest_items=items.newest_items(session, team.id, limit=NEWEST_ITEMS),
        measuring=measuring_of(session, team, _settled(session, shown, now), viewer_id=actor.person_id),
        may_export=allows(Action.EXPORT_TEAM, roles),
        minimums=teams.rules_of(team).newest.minimums,
    )


def adjusted_line(session: Session, trend: TeamTrend, now: datetime) -> TeamTrend:
    """Give a trend with its line like for like, as whoever sees its weeks may see it."""
    adjusted = Answers(evidence_of(session, trend.team, now)).adjusted()
    return replace(trend, adjusted=shown_line(adjusted, trend.weeks))


def team_trend(session: Session, team: Team, *, actor: Actor, now: datetime) -> TeamTrend:
    """Give all published weeks of a team that the caller has checked, with their verdicts."""
    (trend,) = _trends(session, [team], actor, now)
    return trend


def _trends(
    session: Session, found: Sequence[Team], actor: Actor, now: datetime, *, since: Week | None = None
) -> list[TeamTrend]:
    """Give the trends of some teams; with `since` those verdicts only that are of that week or later."""
    published = trends.published(session, found, viewer_id=actor.person_id, now=now)
    breaks = trends.breaks_of(session, published)
    standing = standing_verdicts(session, [team.id for team in found], since=since)
    for_all = organisation_thresholds(session)
    return [
        _trend(
            team,
            published[team.id],
            breaks.get(team.id, ()),
            standing.get(team.id, {}),
            read_verdict_settings(team.thresholds).over(for_all),
        )
        for team in found
    ]


def _trend(
    team: Team,
    published: trends.Published,
    breaks: Sequence[DefinitionBreak],
    standing: Mapping[Week, StoredVerdict],
    set_now: Thresholds,
) -> TeamTrend:
    weeks = published.weeks
    secret = secret_weeks(team, weeks)
    verdicts = [_verdict(standing.get(totals.week), totals.week, weeks, secret) for totals in weeks]
    newest = standing.get(weeks[-1].week) if weeks else None
    thresholds = read_thresholds(newest.thresholds) if newest else set_now
    return TeamTrend(team, weeks, verdicts, published.pools, breaks, thresholds)


def secret_weeks(team: Team, weeks: Sequence[WeekTotals]) -> set[Week]:
    """Give the weeks that count in a team's verdicts and that somebody may not see who sees of them what these tell."""
    rules = teams.rules_of(team)
    hidden = [totals for totals in weeks if totals.hidden]
    return {one.week for one in hidden if one.respondents >= rules.of(one.week).minimums.time_split}


def _verdict(
    stands: StoredVerdict | None, week: Week, weeks: Sequence[WeekTotals], secret: Collection[Week]
) -> Verdict:
    """Give a week's verdict as it may be shown; one that isn't reached yet follows."""
    if stands is None:
        return Verdict(week, State.NOT_ENOUGH_DATA, missing=Missing.FOLLOWS)
    return shown_verdict(read_verdict(week, stands.told), weeks, secret)


def _is_over(team: Team, now: datetime) -> bool:
    return team.archived_on is not None and team.archived_on < today_of(teams.schedule_of(team), now)


def badness(trend: TeamTrend) -> tuple[int, float, str]:
    """Rank teams worst first: by signal, then by planned share."""
    share = trend.verdict.planned_share if trend.verdict else None
    return _RANK[trend.signal], 1.0 if share is None else share, trend.team.name


def _settled(session: Session, trend: TeamTrend, now: datetime) -> list[WeekTotals]:
    """Give the weeks of a trend that aren't open again."""
    again = publishing.weeks_open_again(session, [trend.team.id], now).get(trend.team.id, set())
    return [totals for totals in trend.weeks if totals.week not in again]


def _open_weeks(session: Session, team: Team, now: datetime) -> list[OpenWeek]:
    """Give the week that can be answered now, if any, and those that are open again."""
    newest = teams.schedule_of(team).open_week(now)
    again = publishing.weeks_open_again(session, [team.id], now).get(team.id, set())
    found = [_open_week(session, team, week, again=True) for week in sorted(again, reverse=True)]
    if newest is not None and not _is_over(team, now):
        found.insert(0, _open_week(session, team, newest, again=False))
    return [week for week in found if week.expected]


def _open_week(session: Session, team: Team, week: Week, *, again: bool) -> OpenWeek:
    answers, expected = trends.answers_so_far(session, team, week)
    return OpenWeek(
        week=week,
        answers=answers,
        expected=expected,
        freezes_at=teams.freezes_at(session, team, week),
        zone=teams.rules_of(team).of(week).times.zone.key,
        missing=trends.people_missing(session, team, week),
        again=again,
    )


def _comments(session: Session, team: Team, roles: set[Role], actor: Actor, now: datetime) -> Sequence[str] | None:
    if not allows(Action.VIEW_COMMENTS, roles):
        return None
    since = Week.containing(now.date()).shift(-DEFAULTS.recent_weeks - 1)
    return trends.published_comments(session, team, viewer_id=actor.person_id, now=now, since=since)
