"""Gives the published weeks of teams as a viewer may see them. This is where the rules of privacy are applied.

A week shows from its freeze on. Every page, export, message and API gets its figures from here, so none can forget.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from sqlmodel import Session, col, select

from bau_tracker.domain.privacy import Known, Pool, Release, may_show_comments, pools, shown_to
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.verdicts import DefinitionBreak
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import import_tables, tables
from bau_tracker.storage.availability import asked_in_weeks, members_in_weeks
from bau_tracker.storage.publishing import releases, weeks_open_again
from bau_tracker.storage.surveys import answers_known_to, respondent_key
from bau_tracker.storage.teams import newest_frozen, rules_of


@dataclass(frozen=True, slots=True)
class Published:
    """A team's frozen weeks as a viewer may see them, oldest first without gaps, and the hidden ones together."""

    weeks: Sequence[WeekTotals]
    pools: Sequence[Pool]


def published(
    session: Session, teams: Sequence[tables.Team], *, viewer_id: int | None, now: datetime
) -> dict[int, Published]:
    """Give each team's published weeks by team number, up to the newest frozen week.

    Figures that too few people (the viewer left out) stand behind are emptied and marked `hidden`, or rounded; a week
    without any answer has no respondents.
    """
    found = releases(session, teams, now)
    known = _known_to(session, viewer_id, teams)
    again = weeks_open_again(session, [team.id for team in teams], now)
    spans = {team.id: _span(team, found.get(team.id, {}), again.get(team.id, set()), now) for team in teams}
    gaps = {week for number, span in spans.items() for week in span if week not in found[number]}
    members = members_in_weeks(session, teams, gaps)
    shown: dict[int, Published] = {}
    for team in teams:
        weeks = [found[team.id].get(week) or _gap(week, members.get((team.id, week), 0)) for week in spans[team.id]]
        own = known.get(team.id, {})
        silent = _weeks_silent(session, team, weeks, own, viewer_id)
        shown[team.id] = _published(weeks, own, silent, again.get(team.id, set()))
    return shown


def published_weeks(
    session: Session, teams: Sequence[tables.Team], *, viewer_id: int | None, now: datetime
) -> dict[int, Sequence[WeekTotals]]:
    """Give the weeks alone of `published`."""
    return {team_id: one.weeks for team_id, one in published(session, teams, viewer_id=viewer_id, now=now).items()}


def published_comments(
    session: Session, team: tables.Team, *, viewer_id: int | None, now: datetime, since: Week
) -> list[str]:
    """Give the comments of published weeks with enough answers, all weeks together and shuffled.

    Their order comes from the text alone, so that it says nothing about who wrote one or when. What was published
    stands: a comment that came or was changed later waits with its figures.
    """
    known = _known_to(session, viewer_id, [team]).get(team.id, {})
    shown = {
        week: release.group
        for week, release in releases(session, [team], now).get(team.id, {}).items()
        if week >= since and may_show_comments(release, known)
    }
    comments = [
        comment
        for week, respondent, revision, comment in _comments(session, team.id, shown)
        if shown[week].get(respondent) == revision
    ]
    return sorted(comments, key=lambda comment: blake2b(comment.encode()).digest())


def breaks_of(session: Session, team_ids: Iterable[int]) -> dict[int, list[DefinitionBreak]]:
    """Give the weeks from which on a team's figures come from other questions, oldest first, by team number."""
    stored = import_tables.DefinitionBreak
    found = select(stored).where(col(stored.team_id).in_(list(team_ids))).order_by(col(stored.week), col(stored.run_id))
    breaks: dict[int, list[DefinitionBreak]] = {}
    for one in session.exec(found):
        breaks.setdefault(one.team_id, []).append(DefinitionBreak(Week(one.week), one.words))
    return breaks


def _comments(session: Session, team_id: int, weeks: Iterable[Week]) -> Iterator[tuple[Week, str, int, str]]:
    """Give (week, respondent, revision, comment) of all answers of some weeks, those that were replaced included."""
    mondays = [week.monday for week in weeks]
    for answer in (tables.Answer, tables.AnswerRevision):
        found = select(col(answer.week), col(answer.respondent), col(answer.revision), col(answer.comment)).where(
            col(answer.team_id) == team_id, col(answer.week).in_(mondays), col(answer.comment) != ""
        )
        for monday, respondent, revision, comment in session.exec(found):
            yield Week(monday), respondent, revision, comment


def answers_so_far(session: Session, team: tables.Team, week: Week) -> tuple[int, int]:
    """Count the answers of a week that is still open, and the people asked: all that may be known before it freezes."""
    row = session.get(tables.TeamWeek, (team.id, week.monday))
    answers = row.respondents + row.away if row else 0
    return answers, max(answers, members_in_weeks(session, [team], [week]).get((team.id, week), 0))


def people_missing(session: Session, team: tables.Team, week: Week) -> list[str] | None:
    """Name the people asked who haven't answered a week; None where the team hasn't decided to see them."""
    if not rules_of(team).of(week).shows_missing:
        return None
    asked = asked_in_weeks(session, [team], [week]).get((team.id, week), {})
    answered = select(col(tables.Answer.person_id)).where(
        col(tables.Answer.team_id) == team.id, col(tables.Answer.week) == week.monday
    )
    missing = set(asked).difference(session.exec(answered).all())
    people = session.exec(select(tables.Person).where(col(tables.Person.id).in_(missing)))
    return sorted(person.name or person.email for person in people)


def _known_to(session: Session, viewer_id: int | None, teams: Sequence[tables.Team]) -> dict[int, Known]:
    if viewer_id is None:
        return {}
    return {**answers_known_to(session, viewer_id, [team.id for team in teams])}


def _span(team: tables.Team, found: dict[Week, Release], again: set[Week], now: datetime) -> list[Week]:
    """Give the weeks from a team's first published one to the newest that has frozen; not those open again for now."""
    if not found:
        return []
    last = max(newest_frozen(team, now), *found)
    return [week for week in min(found).until(last) if week in found or week not in again]


def _gap(week: Week, expected: int) -> Release:
    return Release(WeekTotals(week, expected=expected), group={})


def _weeks_silent(
    session: Session, team: tables.Team, weeks: Sequence[Release], known: Known, viewer_id: int | None
) -> set[Week]:
    """Give the weeks in which the one answer that is missing is the viewer's."""
    if viewer_id is None:
        return set()
    own = respondent_key(viewer_id)
    unanswered = [
        release.totals.week
        for release in weeks
        if release.missing == 1 and all(name != own for name, _ in known.get(release.totals.week, ()))
    ]
    asked = asked_in_weeks(session, [team], unanswered)
    return {week for week in unanswered if viewer_id in asked.get((team.id, week), {})}


def _published(weeks: Sequence[Release], known: Known, silent: set[Week], again: set[Week]) -> Published:
    if not weeks:
        return Published((), ())
    together = pools(weeks, known, last_frozen=max([weeks[-1].totals.week, *again]), open_again=again)
    return Published(shown_to(weeks, known, silent), together)
