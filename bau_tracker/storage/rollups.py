"""Keeps `team_week`, what a team's answers of a week add up to, in step with the answers. Commits nothing.

The database adds up, for one week after an answer and for many after an import alike; `domain.statistics.add_up` states
what the sums mean.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session

from bau_tracker.domain.privacy import ANONYMOUS, POOLED_WEEKS, block_of
from bau_tracker.domain.surveys import CATEGORIES
from bau_tracker.domain.weeks import Week
from bau_tracker.storage import tables
from bau_tracker.storage.availability import asked_in_weeks
from bau_tracker.storage.bulk import insert_many
from bau_tracker.storage.columns import Base
from bau_tracker.storage.publishing import block_is_over, keep_nothing, keep_sums
from bau_tracker.storage.surveys import CHIP_COLUMNS, respondent_key
from bau_tracker.storage.teams import freezes_of, rules_of

_ANSWERS: Final = Base.metadata.tables["answer"]
_WEEKS: Final = Base.metadata.tables["team_week"]
_PUBLISHED: Final = Base.metadata.tables["published_week"]
_ROUNDED: Final = (*CATEGORIES, "callouts")
_BATCH: Final = 1000


def refresh_week(session: Session, team: tables.Team, week: Week, now: datetime) -> None:
    """Add one week's answers up again."""
    refresh_weeks(session, [team], {team.id: [week.monday]}, now)


def refresh_weeks(
    session: Session, teams: Iterable[tables.Team], weeks: Mapping[int, Collection[date]], now: datetime
) -> list[tuple[int, Week]]:
    """Add up again some weeks of teams, given by their numbers; give the (team number, week) that changed.

    A week whose sums change after its freeze counts a revision, so that the change can be seen.
    """
    refresh = _Refresh(session, teams, now)
    rows: list[dict[str, Any]] = []
    for team_id, mondays in weeks.items():
        rows += _sums(session, team_id, set(mondays))
        if len(rows) >= _BATCH:
            refresh.store(rows)
            rows = []
    refresh.store(rows)
    session.expire_all()
    return refresh.changed


def refresh_after_loss(
    session: Session, teams: Iterable[tables.Team], weeks: Mapping[int, Collection[date]], now: datetime
) -> None:
    """Add up again some weeks, given by team number, from which answers were taken; what nobody answers any more goes.

    A week that lost all of its answers differs in all of them from what was published, so nothing of it is kept back.
    """
    refresh_weeks(session, teams, weeks, now)
    for team_id, mondays in weeks.items():
        for table in (_WEEKS, _PUBLISHED):
            answered = sa.exists().where(_ANSWERS.c.team_id == team_id, _ANSWERS.c.week == table.c.week)
            session.execute(
                sa.delete(table).where(
                    table.c.team_id == team_id, table.c.week.in_(mondays), sa.not_(answered.correlate(table))
                )
            )
    session.expire_all()


def has_sums(session: Session, team_id: int, week: Week) -> bool:
    """Say whether anything was ever answered in a week."""
    return session.get(tables.TeamWeek, (team_id, week.monday)) is not None


def weeks_with_sums(session: Session, team_id: int, first: Week, last: Week) -> list[Week]:
    """Give the weeks of a span in which anything was ever answered, oldest first."""
    week = _WEEKS.c.week
    found = sa.select(week).where(_WEEKS.c.team_id == team_id, week.between(first.monday, last.monday))
    return [Week(monday) for monday in session.execute(found.order_by(week)).scalars()]


def any_sums(session: Session) -> bool:
    """Say whether anything was ever answered at all."""
    return session.execute(sa.select(_WEEKS.c.team_id).limit(1)).first() is not None


def _sums(session: Session, team_id: int, mondays: Collection[date]) -> list[dict[str, Any]]:
    """Add up the answers of some of a team's weeks, oldest first.

    The database goes through the weeks between them too: in their order, which is faster than to each by itself.
    """
    if not mondays:
        return []
    answer = _ANSWERS.c
    span = sa.and_(answer.team_id == team_id, answer.week.between(min(mondays), max(mondays)))
    found = session.execute(_SUMS.where(span).group_by(answer.team_id, answer.week).order_by(answer.week))
    names = list(found.keys())
    return [row for values in found if (row := dict(zip(names, values, strict=True)))["week"] in mondays]


def _adding_up() -> sa.Select[Any]:
    """Give the query that adds answers up, of whichever weeks."""
    answer = _ANSWERS.c
    present = sa.not_(answer.away)
    asked = sa.and_(answer.excessive_asked, present)
    ticked = sa.or_(*(answer[column] for column in CHIP_COLUMNS.values()))
    return sa.select(
        answer.team_id,
        answer.week,
        _names(answer.respondent + "=" + sa.cast(answer.revision, sa.Text), present).label("made_of"),
        _names(answer.respondent, answer.away).label("away_by"),
        _count(present).label("respondents"),
        _count(answer.away).label("away"),
        *(sa.func.sum(answer[name]).label(name) for name in CATEGORIES),
        sa.func.coalesce(sa.func.sum(answer.callouts).filter(present), 0.0).label("callouts"),
        _count(asked).label("complaint_answers"),
        _count(sa.and_(asked, ticked)).label("complaining"),
        # What is rarely so stands first: the database goes no further then.
        *(_count(sa.and_(answer[column], asked)).label(column) for column in CHIP_COLUMNS.values()),
        _count(sa.and_(answer.deferred, present)).label("deferred"),
        _count(sa.and_(answer.deferred.is_not(None), present)).label("deferred_answers"),
    )


def _names(entry: sa.ColumnElement[str], condition: sa.ColumnElement[bool]) -> sa.ColumnElement[str]:
    return sa.func.coalesce(sa.func.aggregate_strings(entry, "\n").filter(condition), "")


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.count().filter(condition)


_SUMS: Final = _adding_up()


class _Refresh:
    """Stores sums that are new or changed, without the ORM: after an import there are many."""

    def __init__(self, session: Session, teams: Iterable[tables.Team], now: datetime) -> None:
        self.changed: list[tuple[int, Week]] = []
        self._session, self._now = session, now
        self._teams = {team.id: team for team in teams}
        self._rules = {team.id: rules_of(team) for team in self._teams.values()}
        self._freezes = freezes_of(session, self._teams.values())
        self._added: set[tuple[int, Week]] = set()

    def store(self, rows: list[dict[str, Any]]) -> None:
        """Store the sums of some weeks, in the order of teams and weeks."""
        if not rows:
            return
        stored = _stored(self._session, rows)
        teams = [self._teams[number] for number in {row["team_id"] for row in rows}]
        weeks = {monday: Week(monday) for monday in {row["week"] for row in rows}}
        asked = asked_in_weeks(self._session, teams, weeks.values())
        added = {}
        for row in rows:
            key = row["team_id"], weeks[row["week"]]
            for name in _ROUNDED:
                row[name] = _rounded(row[name])
            row["made_of"] = "\n".join(sorted(row["made_of"].split("\n")))
            row["expected"] = _expected(row["respondents"], row.pop("away_by"), asked.get(key, {}))
            if key not in stored:
                added[key] = row | {"freezes_at": self._freezes(*key), "revision": 0}
                self.changed.append(key)
            elif any(stored[key][name] != value for name, value in row.items()):
                self._change(stored[key], row)
                self.changed.append(key)
        self._add(added, stored)

    def _change(self, before: Mapping[str, Any], row: dict[str, Any]) -> None:
        published = before["freezes_at"] <= self._now
        if published:
            keep_sums(self._session, before, self._rules[row["team_id"]], self._now)
        values = row | {"revision": before["revision"] + published}
        self._session.execute(sa.update(_WEEKS).where(_is_week(row["team_id"], row["week"])).values(values))

    def _add(self, added: Mapping[tuple[int, Week], dict[str, Any]], stored: Mapping[tuple[int, Week], Any]) -> None:
        """Add new weeks; a few late answers to an empty week wait where weeks near it were there to be shown with it.

        Weeks that are added together don't count as having been there.
        """
        names = list(next(iter(added.values()), ()))
        insert_many(self._session, _WEEKS, names, [list(row.values()) for row in added.values()])
        blocks = {(team_id, block_of(week)) for team_id, week in stored.keys() - self._added}
        self._added.update(added)
        for (team_id, week), row in added.items():
            if (team_id, block_of(week)) in blocks and row["freezes_at"] <= self._now:
                rules = self._rules[team_id]
                small = row["respondents"] < rules.of(week).minimums.time_split
                if small and block_is_over(rules, week, self._now):
                    keep_nothing(self._session, team_id, week, row["expected"])


def _rounded(hours: float) -> float:
    """Take off what adding up has left behind a sum: nothing where only whole, half and quarter hours were added."""
    return hours if hours % 0.25 == 0 else round(hours, 6)


def _expected(respondents: int, away_by: str, asked: Mapping[int, float]) -> int:
    """Count the people asked who didn't say that they were away; at least those who answered.

    Who of them answered makes no difference, so that taking somebody out of the team doesn't tell whether they have.
    Somebody away without a name stands for one of those asked.
    """
    if not away_by:
        return max(respondents, len(asked))
    away = away_by.split("\n")
    present = {respondent_key(person) for person in asked}.difference(away)
    return max(respondents, len(present) - sum(name.startswith(ANONYMOUS) for name in away))


def _is_week(team_id: int, monday: date) -> sa.ColumnElement[bool]:
    return sa.and_(_WEEKS.c.team_id == team_id, _WEEKS.c.week == monday)


def _stored(session: Session, rows: list[dict[str, Any]]) -> dict[tuple[int, Week], Mapping[str, Any]]:
    """Give the sums that stand, for the span of teams and weeks that rows in order cover, and some weeks around."""
    teams, weeks = {row["team_id"] for row in rows}, [row["week"] for row in rows]
    reach = timedelta(weeks=POOLED_WEEKS)
    span = _WEEKS.c.week.between(min(weeks) - reach, max(weeks) + reach)
    found = sa.select(_WEEKS).where(_WEEKS.c.team_id.in_(teams), span)
    return {(row["team_id"], Week(row["week"])): dict(row) for row in session.execute(found).mappings()}
