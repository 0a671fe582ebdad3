"""What can be taken out: a team's weeks and items for leads, whole answers for whoever runs the server.

Columns are stable and documented in docs/exports.md; new ones are added at the end. How they are written is left to
`formats.exports`. Weeks pass the privacy minimums like every page.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session

from bau_tracker.domain.importing import AnswerRecord
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.privacy import ANONYMOUS
from bau_tracker.domain.statistics import WeekTotals
from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.domain.taxonomy import KINDS, Chip, Kind, bau_kind
from bau_tracker.domain.verdicts import SIGNALS, Verdict
from bau_tracker.domain.weeks import Week
from bau_tracker.formats.exports import Line
from bau_tracker.services.permissions import team_for, teams_allowing
from bau_tracker.services.trends import TeamTrend, team_trend
from bau_tracker.storage import items, surveys
from bau_tracker.storage.items import ItemWeek
from bau_tracker.storage.tables import Item, Team

_ITEM_COLUMNS: Final[dict[str, Kind | None]] = {**{kind.value: kind for kind in KINDS}, "planned": None}
WEEK_COLUMNS: Final = (
    "team",
    "week",
    "week_start",
    "week_end",
    "answered",
    "expected",
    "away",
    "planned_share",
    *(f"{name}_hours" for name in CATEGORIES),
    "callout_hours",
    "complaining",
    "complaint_answers",
    *(f"excessive_{chip.value}" for chip in Chip),
    "deferred",
    "figures",
    "signal",
    "state",
    "level",
    "low_confidence",
    "median_planned_share",
    "change",
    "revision",
    *(f"items_{name}" for name in _ITEM_COLUMNS),
    *(f"logged_{name}_hours" for name in _ITEM_COLUMNS),
)
ITEM_COLUMNS: Final = (
    "team",
    "week",
    "source",
    "key",
    "title",
    "type",
    "status",
    "priority",
    "labels",
    "component",
    "class",
    "class_confidence",
    "class_reason",
    "origin",
    "origin_reason",
    "bau_kind",
    "created",
    "closed",
    "logged_hours",
    "url",
)


def teams_to_export(session: Session, slug: str | None, *, actor: Actor, now: datetime) -> list[Team]:
    """Give the one team named, or every team whose figures the actor may take out; raises like `team_for`."""
    if slug:
        return [team_for(session, slug, Action.EXPORT_TEAM, actor=actor, now=now)]
    return teams_allowing(session, Action.EXPORT_TEAM, actor=actor, now=now)


def week_rows(
    session: Session,
    teams: Iterable[Team],
    *,
    actor: Actor,
    now: datetime,
    since: Week | None = None,
    until: Week | None = None,
) -> Iterator[Line]:
    """Go through the published weeks of teams that the caller has checked, in WEEK_COLUMNS."""
    for team in teams:
        trend = team_trend(session, team, actor=actor, now=now)
        arrived = _items_by_week(session, team, trend)
        for totals, verdict in zip(trend.weeks, trend.verdicts, strict=True):
            if (since is None or totals.week >= since) and (until is None or totals.week <= until):
                yield (*_week_row(team.slug, totals, verdict), *_item_cells(arrived.get(totals.week)))


def item_rows(
    session: Session, teams: Iterable[Team], *, since: Week | None = None, until: Week | None = None
) -> Iterator[Line]:
    """Go through the items of teams that the caller has checked, in ITEM_COLUMNS."""
    found = items.stream_items(session, [team.id for team in teams], since=since, until=until)
    return (_item_row(slug, item, hours) for slug, item, hours in found)


def answer_records(
    session: Session,
    teams: Iterable[Team],
    *,
    pseudonyms: str | None = None,
    since: Week | None = None,
    until: Week | None = None,
) -> Iterator[AnswerRecord]:
    """Go through whole answers, for whoever runs the server only.

    With a secret for `pseudonyms` people are named by a code, the same in every team and week, that can't be turned
    back without the secret, and comments are left out.
    """
    found = surveys.stream_answers(session, [team.id for team in teams], since=since, until=until)
    for line, (slug, email, row) in enumerate(found, 1):
        record = _answer_record(line, slug, email, row)
        yield _pseudonymous(record, pseudonyms) if pseudonyms else record


def own_answer_records(session: Session, *, actor: Actor) -> Iterator[AnswerRecord]:
    """Go through the actor's own answers in all teams."""
    found = surveys.stream_answers_of(session, actor.person_id) if actor.person_id is not None else iter(())
    return (_answer_record(line, slug, email, row) for line, (slug, email, row) in enumerate(found, 1))


def _answer_record(line: int, slug: str, email: str | None, row: Mapping[str, Any]) -> AnswerRecord:
    return AnswerRecord(
        line=line,
        team=slug,
        week=Week(row["week"]),
        email=email or "",
        respondent="" if email else row["respondent"].removeprefix(ANONYMOUS),
        answer=surveys.answer_of(row),
        answered_at=row["answered_at"],
    )


def _pseudonymous(record: AnswerRecord, secret: str) -> AnswerRecord:
    who = record.email or f"{record.team} {record.respondent}"
    code = hmac.new(secret.encode(), b"pseudonym " + who.encode(), hashlib.sha256).hexdigest()[:16]
    return replace(record, email="", respondent=code, answer=replace(record.answer, comment=""))


def _week_row(slug: str, totals: WeekTotals, verdict: Verdict) -> Line:
    shown = not totals.hidden and totals.respondents > 0
    counted = shown and not totals.rounded
    return (
        slug,
        str(totals.week),
        totals.week.monday,
        totals.week.sunday,
        totals.respondents,
        totals.expected,
        totals.away,
        _rounded(totals.planned_share),
        *(totals.hours[name] if shown else None for name in CATEGORIES),
        totals.callouts if counted else None,
        totals.complaining if counted else None,
        totals.complaint_answers if counted else None,
        *(totals.chips.get(chip, 0) if counted else None for chip in Chip),
        totals.deferred if counted else None,
        _what_shows(totals),
        SIGNALS[verdict.signal].label,
        verdict.state.value,
        verdict.level.value if verdict.level else None,
        "yes" if verdict.low_confidence else "no",
        _rounded(verdict.planned_share),
        _rounded(verdict.change),
        totals.revision,
    )


def _what_shows(totals: WeekTotals) -> str:
    if totals.hidden:
        return "too few answers"
    if totals.respondents == 0:
        return "no answers"
    return "rounded" if totals.rounded else "shown"


def _items_by_week(session: Session, team: Team, trend: TeamTrend) -> dict[Week, ItemWeek]:
    if not trend.weeks:
        return {}
    return {week.week: week for week in items.item_weeks(session, team.id, since=trend.weeks[0].week)}


def _item_cells(week: ItemWeek | None) -> Line:
    """Give the counts of items by kind, then the hours logged; zeros for a week without items."""
    counts, hours = (week.counts, week.hours) if week else ({}, {})
    return (
        *(counts.get(kind, 0) for kind in _ITEM_COLUMNS.values()),
        *(hours.get(kind, 0.0) for kind in _ITEM_COLUMNS.values()),
    )


def _item_row(slug: str, item: Item, hours: float) -> Line:
    kind = bau_kind(item.item_class, item.origin)
    return (
        slug,
        str(Week(item.week)) if item.week else None,
        item.source,
        item.external_key,
        item.title,
        item.item_type,
        item.status,
        item.priority,
        "; ".join(item.labels),
        item.component,
        item.item_class.value,
        round(item.confidence, 4),
        item.class_reason,
        item.origin.value,
        item.origin_reason,
        kind.value if kind else None,
        item.created_at,
        item.closed_at,
        hours,
        item.url,
    )


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
