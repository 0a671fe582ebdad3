"""Stores work items with the hours logged on them, keeps what they replace, and takes imports of them back.

Commits nothing. An item's versions form one history, as those of an answer do (see `undoing`). What a person decided
about an item, its kind or its origin, stands through all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bau_tracker.domain.weeks import Week
from bau_tracker.storage.bulk import insert_many
from bau_tracker.storage.columns import Base
from bau_tracker.storage.import_tables import ItemConfirmation, ItemRevision
from bau_tracker.storage.tables import Item, LoggedTime
from bau_tracker.storage.undoing import hand_on

Key = tuple[int, str, str]
Hours = Mapping[Week, float]

_CONFIRMATION: Final = Base.metadata.tables[ItemConfirmation.__tablename__]
_KEY: Final = ("team_id", "source", "external_key")
_CONTENT: Final = tuple(set(Item.model_fields) - {*_KEY, "run_id", "revision"})
_BY_HAND: Final = {
    "class_by_id": ("item_class", "confidence", "class_reason", "class_by_id"),
    "origin_by_id": ("origin", "origin_reason", "origin_by_id"),
}
"""What goes with a decision by hand, by the column that says who decided."""


class Change(Enum):
    """What storing an item comes to."""

    NEW = "new"
    NEWER = "newer"
    NONE = "none"


def key_of(item: Item | ItemRevision) -> Key:
    """Give what tells an item from all others: team number, source, key in the source."""
    return item.team_id, item.source, item.external_key


def as_json(item: Item) -> dict[str, Any]:
    """Write an item down as it is kept while it waits, and when another version takes its place."""
    return item.model_dump(mode="json")


def of_json(said: Mapping[str, Any]) -> Item:
    """Read an item back that was written down."""
    return Item.model_validate(dict(said))


def compare_items(session: Session, items: Sequence[Item], logged: Mapping[Key, Hours]) -> list[Change]:
    """Say what `keep_items` would do, item by item."""
    keys = [key_of(item) for item in items]
    stored, hours_before = _stored(session, keys), _logged(session, keys)
    changes = []
    for item, key in zip(items, keys, strict=True):
        known = stored.get(key)
        _keep_decisions(item, known)
        same_hours = dict(logged.get(key, {})) == hours_before.get(key, {})
        changes.append(_change(item, known, same_hours=same_hours))
    return changes


def keep_items(session: Session, items: Sequence[Item], logged: Mapping[Key, Hours], now: datetime) -> list[Change]:
    """Store items, one for each key, updating those that say something else, and say what that came to item by item.

    `logged` holds hours by key and week. A stored item that was updated later in its tracker than the one given stands.
    That a run has said the same as the one that stands is noted, for the day on which another is undone.
    """
    keys = [key_of(item) for item in items]
    stored, hours_before, history = _stored(session, keys), _logged(session, keys), _Histories(session, keys)
    changed: dict[Key, Hours] = {}
    confirmed: list[tuple[Any, ...]] = []
    changes = []
    for item, key in zip(items, keys, strict=True):
        hours, known, known_hours = dict(logged.get(key, {})), stored.get(key), hours_before.get(key, {})
        _keep_decisions(item, known or history.newest(key))
        changes.append(_change(item, known, same_hours=hours == known_hours))
        if known is not None and changes[-1] is Change.NONE:
            if item.run_id and known.run_id and _is_same(item, known, same_hours=hours == known_hours):
                confirmed.append((*key, item.run_id, known.revision))
            continue
        if known is not None:
            history.add(known, known_hours, replaced_at=now)
        _put(session, known, item, revision=history.next_number(key))
        changed[key] = hours
    session.flush()
    insert_many(session, _CONFIRMATION, (*_KEY, "run_id", "revision"), confirmed)
    _log(session, changed)
    return changes


def hand_items_on(session: Session, run_id: int, now: datetime) -> dict[int, int]:
    """Give a run's items to those that said the same; count those that count, by whose they are now."""
    counting, others = (Base.metadata.tables[table.__tablename__] for table in (Item, ItemRevision))
    return hand_on(session, run_id, now, noted=_CONFIRMATION, counting=counting, others=others)


def take_back_items(session: Session, run_id: int, now: datetime, *, batch: int = 1000) -> tuple[int, int]:
    """Take a run's items out of their histories; give how many are gone, and how many of before stand again.

    What others said too is handed on before.
    """
    session.execute(sa.update(_CONFIRMATION).where(_CONFIRMATION.c.run_id == run_id).values(withdrawn_at=now))
    session.execute(
        sa.update(ItemRevision)
        .where(col(ItemRevision.run_id) == run_id, col(ItemRevision.withdrawn_at).is_(None))
        .values(withdrawn_at=now)
    )
    gone = back = 0
    while items := session.exec(select(Item).where(col(Item.run_id) == run_id).limit(batch)).all():
        keys = [key_of(item) for item in items]
        history, logged = _Histories(session, keys), _logged(session, keys)
        changed: dict[Key, Hours] = {}
        for item in items:
            key = key_of(item)
            history.add(item, logged.get(key, {}), replaced_at=now, withdrawn_at=now)
            before = history.pop_standing(key)
            changed[key] = _put_back(session, item, before)
            gone, back = gone + (before is None), back + (before is not None)
        _log(session, changed)
        session.flush()
    return gone, back


def teams_of_run(session: Session, run_id: int) -> list[int]:
    """Give the numbers of the teams that have items of a run, in order."""
    found = select(col(Item.team_id)).where(col(Item.run_id) == run_id).distinct()
    return list(session.exec(found.order_by(col(Item.team_id))))


def items_replaced_later(session: Session, run_id: int) -> dict[int | None, int]:
    """Count the items of a run that others count in place of, by the run of those."""
    same = [getattr(ItemRevision, name) == getattr(Item, name) for name in _KEY]
    found = select(col(Item.run_id), sa.func.count()).where(
        *same,
        col(ItemRevision.run_id) == run_id,
        col(ItemRevision.withdrawn_at).is_(None),
        col(Item.run_id).is_distinct_from(run_id),
    )
    return dict(session.exec(found.group_by(col(Item.run_id))).all())


class _Histories:
    """The versions of some items that don't count, those of undone imports included."""

    def __init__(self, session: Session, keys: Iterable[Key]) -> None:
        self._session = session
        self._of: dict[Key, list[ItemRevision]] = {}
        found = sa.select(ItemRevision).where(_among(ItemRevision, keys)).order_by(col(ItemRevision.revision))
        for row in session.scalars(found):
            self._of.setdefault(key_of(row), []).append(row)

    def next_number(self, key: Key) -> int:
        """Number a version after all others."""
        return max((row.revision for row in self._of.get(key, ())), default=0) + 1

    def newest(self, key: Key) -> Item | None:
        """Give the newest version of an item that is gone, which may say what a person had decided."""
        versions = self._of.get(key)
        return of_json(versions[-1].item) if versions else None

    def add(self, item: Item, hours: Hours, *, replaced_at: datetime, withdrawn_at: datetime | None = None) -> None:
        """Put an item's present version to those that don't count."""
        row = ItemRevision(
            team_id=item.team_id,
            source=item.source,
            external_key=item.external_key,
            revision=item.revision,
            item=as_json(item),
            logged={str(week.monday): spent for week, spent in hours.items()},
            run_id=item.run_id,
            replaced_at=replaced_at,
            withdrawn_at=withdrawn_at,
        )
        self._session.add(row)
        self._of.setdefault(key_of(item), []).append(row)

    def pop_standing(self, key: Key) -> ItemRevision | None:
        """Take the newest version out that no undone import brought."""
        standing = [row for row in self._of.get(key, ()) if row.withdrawn_at is None]
        if not standing:
            return None
        newest = max(standing, key=lambda row: row.revision)
        self._of[key].remove(newest)
        self._session.delete(newest)
        return newest


def _keep_decisions(item: Item, known: Item | None) -> None:
    """Let what a person decided about an item stand."""
    for who, names in _BY_HAND.items():
        if known is not None and getattr(known, who) is not None:
            for name in names:
                setattr(item, name, getattr(known, name))


def _change(item: Item, stored: Item | None, *, same_hours: bool) -> Change:
    """Say whether an item is new, or differs from the stored one and isn't older."""
    if stored is None:
        return Change.NEW
    older = item.updated_at is not None and stored.updated_at is not None and item.updated_at < stored.updated_at
    return Change.NONE if older or _is_same(item, stored, same_hours=same_hours) else Change.NEWER


def _is_same(item: Item, stored: Item, *, same_hours: bool) -> bool:
    return same_hours and all(getattr(item, name) == getattr(stored, name) for name in _CONTENT)


def _put(session: Session, known: Item | None, item: Item, *, revision: int) -> Item:
    item.revision = revision
    if known is None:
        session.add(item)
        return item
    for name in (*_CONTENT, "run_id", "revision"):
        setattr(known, name, getattr(item, name))
    return known


def _put_back(session: Session, item: Item, before: ItemRevision | None) -> Hours:
    """Make an item what it was before, or delete it; give the hours that were logged on it then."""
    if before is None:
        session.delete(item)
        return {}
    was = of_json(before.item)
    was.run_id = before.run_id
    _keep_decisions(was, item)
    _put(session, item, was, revision=before.revision)
    return {Week(date.fromisoformat(monday)): hours for monday, hours in before.logged.items()}


def _stored(session: Session, keys: Iterable[Key]) -> dict[Key, Item]:
    return {key_of(row): row for row in session.scalars(sa.select(Item).where(_among(Item, keys)))}


def _logged(session: Session, keys: Iterable[Key]) -> dict[Key, dict[Week, float]]:
    hours: dict[Key, dict[Week, float]] = {}
    for row in session.scalars(sa.select(LoggedTime).where(_among(LoggedTime, keys))):
        hours.setdefault((row.team_id, row.source, row.external_key), {})[Week(row.week)] = row.hours
    return hours


def _log(session: Session, hours: Mapping[Key, Hours]) -> None:
    """Put the hours of items in place of those logged before."""
    session.execute(sa.delete(LoggedTime).where(_among(LoggedTime, hours)))
    rows = [
        {**dict(zip(_KEY, key, strict=True)), "week": week.monday, "hours": logged}
        for key, by_week in hours.items()
        for week, logged in by_week.items()
    ]
    if rows:
        session.execute(sa.insert(LoggedTime), rows)


def _among(table: Any, keys: Iterable[Key]) -> sa.ColumnElement[bool]:  # noqa: ANN401  (any table with an item's key)
    """Give the condition that a row has one of those keys."""
    groups: dict[tuple[int, str], list[str]] = {}
    for team_id, source, external_key in keys:
        groups.setdefault((team_id, source), []).append(external_key)
    return sa.or_(
        sa.false(),
        *(
            sa.and_(table.team_id == team_id, table.source == source, table.external_key.in_(external_keys))
            for (team_id, source), external_keys in groups.items()
        ),
    )
