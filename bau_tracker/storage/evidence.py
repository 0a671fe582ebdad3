"""Gives what verdicts on teams are reached on: each published week, and what its people answered by name.

Verdicts are the same for every reader, so a week that not everybody outside the team may see is no evidence at all.
What a reader may see of a verdict is decided where it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bau_tracker.domain.evidence import Evidence, Said
from bau_tracker.domain.privacy import ANONYMOUS, Release
from bau_tracker.domain.statistics import WeekTotals, planned_share
from bau_tracker.domain.taxonomy import Kind
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import tables
from bau_tracker.storage.availability import asked_in_weeks
from bau_tracker.storage.publishing import releases
from bau_tracker.storage.surveys import respondent_key
from bau_tracker.storage.teams import newest_frozen
from bau_tracker.storage.trends import breaks_of


def evidence_of(session: Session, team: tables.Team, now: datetime) -> list[Evidence]:
    """Give a team's weeks from the first published one to the newest frozen one, oldest first, empty ones included.

    Answers are those that stand published; a week with fewer than the minimum counts as one without any.
    """
    found = releases(session, [team], now).get(team.id, {})
    if not found:
        return []
    weeks = list(min(found).until(max(newest_frozen(team, now), *found)))
    asked = asked_in_weeks(session, [team], weeks)
    members = {
        week: frozenset(respondent_key(person_id) for person_id in asked.get((team.id, week), {})) for week in weeks
    }
    said = _said(session, team.id, {week: release for week, release in found.items() if _is_evidence(release)})
    anew = {one.week for one in breaks_of(session, [team.id]).get(team.id, [])}
    return [
        _evidence(week, found.get(week), said.get(week, {}), members[week], asked_anew=week in anew) for week in weeks
    ]


def _is_evidence(release: Release) -> bool:
    return len(release.group) >= release.minimums.time_split


def _evidence(
    week: Week, release: Release | None, said: Mapping[str, Said], members: frozenset[str], *, asked_anew: bool
) -> Evidence:
    if release is None or not _is_evidence(release):
        return Evidence(WeekTotals(week, expected=len(members)), {}, members, asked_anew)
    return Evidence(release.totals, said, members, asked_anew)


def _said(session: Session, team_id: int, weeks: Mapping[Week, Release]) -> dict[Week, dict[str, Said]]:
    said: dict[Week, dict[str, Said]] = defaultdict(dict)
    for week, respondent, revision, planned, bau in _answers(session, team_id, weeks):
        share = planned_share(planned, bau)
        if share is not None and weeks[week].group.get(respondent) == revision:
            said[week][respondent] = Said(share, planned + bau)
    return said


def _answers(session: Session, team_id: int, weeks: Collection[Week]) -> Iterator[tuple[Week, str, int, float, float]]:
    """Give (week, respondent, revision, planned hours, BAU hours) of named answers, replaced ones included."""
    mondays = [week.monday for week in weeks]
    for answer in (tables.Answer, tables.AnswerRevision):
        kinds = [getattr(answer, kind.value) for kind in Kind]
        columns: Sequence[object] = (answer.week, answer.respondent, answer.revision, answer.planned, sum(kinds))
        found = select(*columns).where(  # type: ignore[call-overload]  # a row of computed columns
            col(answer.team_id) == team_id,
            col(answer.week).in_(mondays),
            col(answer.respondent).not_like(f"{ANONYMOUS}%"),
        )
        for monday, respondent, revision, planned, bau in session.exec(found):
            yield Week(monday), respondent, revision, planned, bau
