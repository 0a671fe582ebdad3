"""Gives work items and the hours logged on them; storing is left to `item_history`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.taxonomy import Kind, bau_kind
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import tables

_BATCH: Final = 1000


@dataclass(slots=True)
class ItemWeek:
    """What arrived and what was logged in a week: items by kind of BAU (None: planned), hours likewise."""

    week: Week
    counts: dict[Kind | None, int] = field(default_factory=dict)
    hours: dict[Kind | None, float] = field(default_factory=dict)


def item_weeks(session: Session, team_id: int, *, since: Week) -> list[ItemWeek]:
    """Give a team's weeks with items or logged hours from a week on, oldest first.

    An item counts in the week in which it arrived, its hours in the weeks for which they were logged.
    """
    weeks: dict[Week, ItemWeek] = {}
    item, time = tables.Item, tables.LoggedTime
    counted = select(col(item.week), col(item.item_class), col(item.origin), sa.func.count()).where(
        col(item.team_id) == team_id, col(item.week) >= since.monday
    )
    for monday, item_class, origin, count in session.exec(
        counted.group_by(col(item.week), col(item.item_class), col(item.origin))
    ):
        if monday is not None:
            _add(_week(weeks, Week(monday)).counts, bau_kind(item_class, origin), count)
    summed = select(col(time.week), col(item.item_class), col(item.origin), sa.func.sum(time.hours)).join(
        time,
        sa.and_(
            col(time.team_id) == col(item.team_id),
            col(time.source) == col(item.source),
            col(time.external_key) == col(item.external_key),
        ),
    )
    chosen = summed.where(col(time.team_id) == team_id, col(time.week) >= since.monday)
    for monday, item_class, origin, hours in session.exec(
        chosen.group_by(col(time.week), col(item.item_class), col(item.origin))
    ):
        _add(_week(weeks, Week(monday)).hours, bau_kind(item_class, origin), hours)
    return [weeks[week] for week in sorted(weeks)]


def newest_items(session: Session, team_id: int, *, limit: int) -> list[tables.Item]:
    """Give a team's items that arrived last."""
    found = select(tables.Item).where(col(tables.Item.team_id) == team_id)
    newest = found.order_by(col(tables.Item.week).desc().nulls_last(), col(tables.Item.created_at).desc())
    return list(session.exec(newest.order_by(col(tables.Item.external_key)).limit(limit)))


def stream_items(
    session: Session, team_ids: Sequence[int], *, since: Week | None, until: Week | None
) -> Iterator[tuple[str, tables.Item, float]]:
    """Go through items with their team's slug and all hours logged on them, by team, week and key."""
    item, time = tables.Item, tables.LoggedTime
    logged = sa.select(sa.func.coalesce(sa.func.sum(time.hours), 0.0)).where(
        col(time.team_id) == col(item.team_id),
        col(time.source) == col(item.source),
        col(time.external_key) == col(item.external_key),
    )
    found = sa.select(col(tables.Team.slug), item, logged.scalar_subquery()).join(
        tables.Team, col(tables.Team.id) == col(item.team_id)
    )
    found = found.where(col(item.team_id).in_(team_ids))
    if since is not None:
        found = found.where(col(item.week) >= since.monday)
    if until is not None:
        found = found.where(col(item.week) <= until.monday)
    ordered = found.order_by(col(tables.Team.slug), col(item.week).nulls_last(), col(item.source), item.external_key)
    for row in session.execute(ordered.execution_options(yield_per=_BATCH)):
        yield row[0], row[1], row[2]


def _week(weeks: dict[Week, ItemWeek], week: Week) -> ItemWeek:
    return weeks.setdefault(week, ItemWeek(week))


def _add(figures: dict[Kind | None, Any], kind: Kind | None, value: float) -> None:
    figures[kind] = figures.get(kind, 0) + value
