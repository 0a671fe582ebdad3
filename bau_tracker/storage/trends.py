"""Gives the published weeks of teams as a viewer may see them. This is where the privacy minimums are applied.

A week shows from its freeze on. Every page, export and API gets its figures from here, so none can forget.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bau_tracker.domain.privacy import Minimums, may_show_comments, shown_to
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import tables
from bau_tracker.storage.availability import members_in_weeks
from bau_tracker.storage.rollups import totals_of
from bau_tracker.storage.surveys import answers_known_to
from bau_tracker.storage.teams import schedule_of


def published_weeks(
    session: Session,
    teams: Sequence[tables.Team],
    *,
    viewer_id: int | None,
    now: datetime,
    since: Week | None = None,
    minimums: Minimums = Minimums(),  # noqa: B008  (frozen)
) -> dict[int, list[WeekTotals]]:
    """Give each team's frozen weeks by team number, oldest first, without gaps up to the newest frozen week.

    Figures that too few people (the viewer left out) stand behind are emptied and marked `hidden`; a week without any
    answer has no respondents.
    """
    ids = [team.id for team in teams]
    known = answers_known_to(session, viewer_id, ids) if viewer_id is not None else {}
    found: dict[int, dict[Week, WeekTotals]] = defaultdict(dict)
    for row in _frozen_rows(session, ids, now, since):
        week = Week(row.week)
        shown = shown_to(totals_of(row), minimums, known=known.get((row.team_id, week), 0))
        found[row.team_id][week] = shown
    return _without_gaps(session, teams, found, now)


def published_comments(
    session: Session,
    team_id: int,
    *,
    viewer_id: int | None,
    now: datetime,
    since: Week,
    minimums: Minimums = Minimums(),  # noqa: B008  (frozen)
) -> list[tuple[Week, str]]:
    """Give the comments of frozen weeks with enough answers, newest week first, within a week in order of their text.

    The order of the text says nothing about who wrote it or when.
    """
    known = answers_known_to(session, viewer_id, [team_id]) if viewer_id is not None else {}
    weeks = [
        row.week
        for row in _frozen_rows(session, [team_id], now, since)
        if may_show_comments(row.respondents, minimums, known=known.get((team_id, Week(row.week)), 0))
    ]
    found = select(col(tables.Answer.week), col(tables.Answer.comment)).where(
        col(tables.Answer.team_id) == team_id, col(tables.Answer.week).in_(weeks), col(tables.Answer.comment) != ""
    )
    comments = [(Week(monday), comment) for monday, comment in session.exec(found)]
    return sorted(sorted(comments, key=lambda pair: pair[1]), key=lambda pair: pair[0], reverse=True)


def answers_so_far(session: Session, team: tables.Team, week: Week) -> tuple[int, int]:
    """Count the answers of a week that is still open, and the people asked: all that may be known before it freezes."""
    row = session.get(tables.TeamWeek, (team.id, week.monday))
    members = members_in_weeks(session, [team], [week]).get((team.id, week), 0)
    return (row.respondents + row.away if row else 0), members


def _frozen_rows(
    session: Session, team_ids: Sequence[int], now: datetime, since: Week | None
) -> Sequence[tables.TeamWeek]:
    found = select(tables.TeamWeek).where(
        col(tables.TeamWeek.team_id).in_(team_ids), col(tables.TeamWeek.freezes_at) <= now
    )
    if since is not None:
        found = found.where(col(tables.TeamWeek.week) >= since.monday)
    return session.exec(found.order_by(col(tables.TeamWeek.team_id), col(tables.TeamWeek.week))).all()


def _without_gaps(
    session: Session, teams: Sequence[tables.Team], found: dict[int, dict[Week, WeekTotals]], now: datetime
) -> dict[int, list[WeekTotals]]:
    spans: dict[int, list[Week]] = {}
    for team in teams:
        if not (weeks := found.get(team.id)):
            continue
        schedule = schedule_of(team)
        newest = schedule.newest_started(now)
        last = newest if schedule.freezes(newest) <= now else newest.shift(-1)
        spans[team.id] = list(min(weeks).until(max(last, *weeks)))
    gaps = {week for number, span in spans.items() for week in span if week not in found[number]}
    members = members_in_weeks(session, teams, gaps)
    return {
        number: [found[number].get(week) or WeekTotals(week, expected=members.get((number, week), 0)) for week in span]
        for number, span in spans.items()
    } | {team.id: [] for team in teams if team.id not in spans}
