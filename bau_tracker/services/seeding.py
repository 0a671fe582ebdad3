"""Loads the example data into an empty database, as it would stand at a moment: the newest whole week is the last one.

What lies after the moment hasn't happened yet and is left out, so that a week that is still open has some answers and
lacks others, as in life. Work items go through the same doors as an import.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from bau_tracker.domain.importing import AnswerRecord, ItemRecord, RunState
from bau_tracker.domain.weeks import Week
from bau_tracker.formats import seeding as seed
from bau_tracker.services.intake import item_of
from bau_tracker.services.people import add_person
from bau_tracker.services.teams import add_team
from bau_tracker.services.verdicts import settle
from bau_tracker.storage import alerts, rollups, runs, surveys, teams, verdicts
from bau_tracker.storage.item_history import keep_items, key_of
from bau_tracker.storage.seeding import seed_folder
from bau_tracker.storage.tables import AgreedAction, ImportRun, Membership, Team

_RUNNING: Final = "In Progress"


@dataclass(frozen=True, slots=True)
class Seeded:
    """How much was loaded, and the people to try the program as: what they are -> e-mail address."""

    people: int
    teams: int
    answers: int
    items: int
    demo_people: dict[str, str]


def load_seed(session: Session, *, now: datetime) -> Seeded:
    """Load the example data; the caller has made sure that nobody is there yet."""
    folder, newest = seed_folder(), _newest(now)
    roster = seed.read_roster(folder, newest)
    ids = _load_people(session, roster)
    stored = {team.slug: _load_team(session, team, ids) for team in roster.teams}
    answers = _load_answers(session, folder, roster, stored, ids, now)
    loaded = [_load_items(session, folder, team, stored[team.slug], now) for team in roster.teams]
    for team in stored.values():
        _settle_as_it_came(session, team, now)
    return Seeded(len(ids), len(stored), answers, sum(loaded), roster.demo_people)


def _settle_as_it_came(session: Session, team: Team, now: datetime) -> None:
    """Reach all verdicts at once, and keep them and their alarm as if each had been reached when its week froze."""
    settle(session, team, now)
    for of_week in verdicts.verdicts_of(session, team.id).values():
        for verdict in of_week:
            verdict.reached_at = teams.freezes_at(session, team, Week(verdict.week))
    for alert in alerts.open_alerts(session, [team.id]):
        alert.found_week = alert.week
        alert.raised_at = teams.freezes_at(session, team, Week(alert.week))


def demo_people() -> dict[str, str]:
    """Give the people of the example data to try the program as: what they are -> e-mail address."""
    anywhen = Week.parse("2026-W01")
    return seed.read_roster(seed_folder(), anywhen).demo_people


def _newest(now: datetime) -> Week:
    return Week.containing(now.astimezone(UTC).date()).shift(-1)


def _load_people(session: Session, roster: seed.Roster) -> dict[str, int]:
    first = datetime.combine(_founded(*roster.teams), time(), tzinfo=UTC)
    people = (add_person(session, one.email, name=one.name, admin=one.is_admin, now=first) for one in roster.people)
    return {person.email: person.id for person in people}


def _load_team(session: Session, team: seed.SeedTeam, ids: dict[str, int]) -> Team:
    first = datetime.combine(_founded(team), time(), tzinfo=UTC)
    stored = add_team(
        session,
        team.name,
        timezone=team.timezone,
        hours_per_week=team.hours_per_week,
        step=team.step,
        holidays=team.holidays,
        now=first,
    )
    session.add_all(
        AgreedAction(
            team_id=stored.id,
            number=number,
            text=action.text,
            agreed_at=datetime.combine(action.agreed_on, time(10), tzinfo=team.zone),
            done_on=action.done_on,
        )
        for number, action in enumerate(team.agreed, 1)
    )
    session.add_all(
        Membership(
            team_id=stored.id,
            person_id=ids[member.email],
            starts_on=member.starts_on,
            ends_on=member.ends_on,
            role=member.role,
            hours_per_week=member.hours,
        )
        for member in team.members
    )
    session.flush()
    return stored


def _founded(*found: seed.SeedTeam) -> date:
    return min(member.starts_on for team in found for member in team.members)


def _load_answers(
    session: Session, folder: Path, roster: seed.Roster, stored: dict[str, Team], ids: dict[str, int], now: datetime
) -> int:
    rows = [
        _answer_row(record, stored[team.slug].id, ids[record.email])
        for team in roster.teams
        for record in seed.read_answers(folder, team, _newest(now))
        if record.answered_at is not None and record.answered_at <= now
    ]
    surveys.add_answers(session, rows)
    weeks: dict[int, set[date]] = defaultdict(set)
    for row in rows:
        weeks[row["team_id"]].add(row["week"])
    rollups.refresh_weeks(session, stored.values(), weeks, now)
    return len(rows)


def _answer_row(record: AnswerRecord, team_id: int, person_id: int) -> dict[str, Any]:
    return {
        "team_id": team_id,
        "week": record.week.monday,
        "respondent": surveys.respondent_key(person_id),
        "person_id": person_id,
        "answered_at": record.answered_at,
        **surveys.columns_of(record.answer),
    }


def _load_items(session: Session, folder: Path, team: seed.SeedTeam, stored: Team, now: datetime) -> int:
    path = folder / "items" / f"{team.slug}.csv"
    records = list(_so_far(seed.read_items(folder, team, _newest(now)), now))
    run = ImportRun(
        what="items",
        state=RunState.IMPORTED,
        file_name=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        recognised="example data",
        header=list(seed.ITEM_HEADER),
        started_at=now,
        imported_at=now,
        rows=len(records),
        accepted=len(records),
    )
    run_id = runs.add_run(session, run)
    rows = [item_of(record, stored, run_id) for record in records]
    keep_items(session, [row for row, _ in rows], {key_of(row): hours for row, hours in rows}, now)
    return len(rows)


def _so_far(records: Iterator[ItemRecord], now: datetime) -> Iterator[ItemRecord]:
    """Leave out what hasn't happened yet: items not created, not closed, hours not worked."""
    for record in records:
        if record.created is None or record.created > now:
            continue
        logged = tuple(entry for entry in record.logged if entry[0] <= now.date())
        if record.closed is not None and record.closed > now:
            yield replace(record, closed=None, updated=record.created, status=_RUNNING, logged=logged)
        else:
            yield replace(record, logged=logged)
