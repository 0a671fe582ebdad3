"""Gives and stores work items and the hours logged on them. Commits nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.taxonomy import Kind, bau_kind
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import tables

_COMPARED: Final = tuple(set(tables.Item.model_fields) - {"team_id", "source", "external_key", "run_id"})
_BATCH: Final = 1000

Key = tuple[int, str, str]


@dataclass(slots=True)
class ItemWeek:
    """What arrived and what was logged in a week: items by kind of BAU (None: planned), hours likewise."""

    week: Week
    counts: dict[Kind | None, int] = field(default_factory=dict)
    hours: dict[Kind | None, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many items of a batch were new, changed and known as they are."""

    accepted: int
    replaced: int
    unchanged: int


def keep_items(session: Session, items: Sequence[tables.Item], logged: Mapping[Key, Mapping[Week, float]]) -> Kept:
    """Store items by their key, updating those that say something else; `logged` holds hours by item key and week.

    A stored item that was updated later in its tracker than the one given stands.
    """
    stored = _stored(session, items)
    hours_before = _logged(session, items)
    counts = {"accepted": 0, "replaced": 0, "unchanged": 0}
    for item in items:
        key = key_of(item)
        hours, known = dict(logged.get(key, {})), stored.get(key)
        known_hours = hours_before.get(key, {})
        if known is not None and (_is_older(item, known) or (known_hours == hours and _same(item, known))):
            counts["unchanged"] += 1
            continue
        counts["accepted" if known is None else "replaced"] += 1
        stored[key] = _update(session, known, item)
        hours_before[key] = hours
    session.flush()
    _log(session, {key: hours for key, hours in hours_before.items() if key in stored})
    return Kept(**counts)


def key_of(item: tables.Item) -> Key:
    """Give what tells an item from all others: team number, source, key in the source."""
    return item.team_id, item.source, item.external_key


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


def _is_older(item: tables.Item, stored: tables.Item) -> bool:
    return item.updated_at is not None and stored.updated_at is not None and item.updated_at < stored.updated_at


def _same(item: tables.Item, stored: tables.Item) -> bool:
    return all(getattr(item, name) == getattr(stored, name) for name in _COMPARED)


def _stored(session: Session, items: Sequence[tables.Item]) -> dict[Key, tables.Item]:
    return {key_of(row): row for row in session.scalars(sa.select(tables.Item).where(_among(tables.Item, items)))}


def _logged(session: Session, items: Sequence[tables.Item]) -> dict[Key, dict[Week, float]]:
    hours: dict[Key, dict[Week, float]] = {}
    for row in session.scalars(sa.select(tables.LoggedTime).where(_among(tables.LoggedTime, items))):
        hours.setdefault((row.team_id, row.source, row.external_key), {})[Week(row.week)] = row.hours
    return hours


def _update(session: Session, known: tables.Item | None, item: tables.Item) -> tables.Item:
    if known is None:
        session.add(item)
        return item
    for name in (*_COMPARED, "run_id"):
        setattr(known, name, getattr(item, name))
    return known


def _log(session: Session, hours: Mapping[Key, Mapping[Week, float]]) -> None:
    """Put the hours of items in place of those logged before."""
    for table_rows in _by_source(hours):
        session.execute(sa.delete(tables.LoggedTime).where(table_rows))
    rows = [
        {"team_id": key[0], "source": key[1], "external_key": key[2], "week": week.monday, "hours": logged}
        for key, by_week in hours.items()
        for week, logged in by_week.items()
    ]
    if rows:
        session.execute(sa.insert(tables.LoggedTime), rows)


def _among(table: Any, items: Iterable[tables.Item]) -> sa.ColumnElement[bool]:  # noqa: ANN401  (either table)
    return sa.or_(sa.false(), *_by_source([key_of(item) for item in items], table))


def _by_source(keys: Iterable[Key], table: Any = tables.LoggedTime) -> list[sa.ColumnElement[bool]]:  # noqa: ANN401
    """Give the conditions that a row is one of those keys, one for each team and source."""
    groups: dict[tuple[int, str], list[str]] = {}
    for team_id, source, external_key in keys:
        groups.setdefault((team_id, source), []).append(external_key)
    return [
        sa.and_(table.team_id == team_id, table.source == source, table.external_key.in_(external_keys))
        for (team_id, source), external_keys in groups.items()
    ]
