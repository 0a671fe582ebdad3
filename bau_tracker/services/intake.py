"""Decides whose team and which person the rows of a file belong to, and which rows can't be taken.

Reading a file is left to `formats`, storing to `storage.importing` and `storage.items`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlmodel import Session

from bau_tracker.domain.classification import classify
from bau_tracker.domain.errors import InvalidInput, NotFound
from bau_tracker.domain.importing import AnswerRecord, ItemRecord, Layout, Problem
from bau_tracker.domain.importing import Mapping as ColumnMapping
from bau_tracker.domain.items import ItemTimes, decide_origin, hours_by_week, week_of_item
from bau_tracker.domain.people import same_address
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.weeks import Week
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.storage import importing, surveys, teams
from bau_tracker.storage.tables import ImportRun, Item, Team

BATCH: Final = 2000
A_DAY: Final = timedelta(days=1)
LONGEST_KEY: Final = 100
MOST_PROBLEMS: Final = 1000
"""How many problems a result carries; all of them are kept with the run."""

Record = TypeVar("Record", AnswerRecord, ItemRecord)


@dataclass(frozen=True, slots=True)
class Request:
    """Which file is to be imported, and how.

    `file_name` is what its owner calls it, `team` the slug of the team it is of (None: the file says so), `people`
    turns a file's addresses into ours; `dry_run` only compares.
    """

    path: Path
    file_name: str
    team: str | None = None
    week: Week | None = None
    mapping: ColumnMapping | None = None
    people: Mapping[str, str] = field(default_factory=dict)
    dry_run: bool = False
    on_reject: Callable[[Problem], None] = lambda _: None
    on_progress: Callable[[int], None] = lambda _: None


@dataclass(slots=True)
class Result:
    """What became of a file's rows: rows = accepted + unchanged + replaced + rejected. Hours are those of the file.

    `run` is None when nothing was to be stored.
    """

    layout: Layout
    run: int | None = None
    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    replaced: int = 0
    rejected: int = 0
    people: int = 0
    people_unknown: list[str] = field(default_factory=list)
    weeks: list[Week] = field(default_factory=list)
    least_hours: float | None = None
    most_hours: float | None = None
    total_hours: float = 0.0
    problems: list[Problem] = field(default_factory=list)


class Intake:
    """Sorts the rows of one file: to a team and a person, or to the problems."""

    def __init__(
        self, session: Session, request: Request, team: Team | None, run: ImportRun, *, actor: Actor, now: datetime
    ) -> None:
        allowed = teams_allowing(session, Action.IMPORT, actor=actor, now=now)
        self.result = Result(Layout(run.recognised, tuple(run.header)))
        self.teams = {team.id: team for team in allowed}
        self._session, self._request, self._given, self._run = session, request, team, run
        self._by_name = {team.name.casefold(): team for team in allowed} | {team.slug: team for team in allowed}
        self._people: dict[int, dict[str, int]] = {}
        self._elsewhere: dict[int, set[Week]] = {}
        self._actor, self._now = actor, now
        self._schedules = {team.id: teams.schedule_of(team) for team in allowed}
        self._aliases = {same_address(theirs): same_address(ours) for theirs, ours in request.people.items()}
        self._newest = Week.containing(now.date())
        self._rejects: list[Problem] = []
        self.run_id = None if request.dry_run else importing.add_run(session, run)

    def taken(self, source: Iterable[Record | Problem]) -> Iterator[Record]:
        """Go through the records that can be taken; put the others to the problems."""
        for entry in source:
            self.result.rows += 1
            if self.result.rows % BATCH == 0:
                self._request.on_progress(self.result.rows)
            problem = entry if isinstance(entry, Problem) else self._objection(entry)
            if problem is not None:
                self._reject(problem)
            elif not isinstance(entry, Problem):
                yield entry
        self._keep_rejects()

    def answer_row(self, record: AnswerRecord) -> dict[str, Any]:
        """Lay an answer out in columns."""
        team = self._team(record.team)
        person_id = self._person(team, record.email) if record.email else None
        key = surveys.respondent_key(person_id) if person_id else surveys.anonymous_key(record.respondent)
        return {
            "team_id": team.id,
            "week": record.week.monday,
            "respondent": key,
            "person_id": person_id,
            "answered_at": record.answered_at,
            "run_id": self.run_id,
            **surveys.columns_of(record.answer),
        }

    def item_row(self, record: ItemRecord) -> tuple[Item, dict[Week, float]]:
        """Give the item of a record with its kind, its origin and the hours logged on it by week."""
        team = self._team(record.team)
        found = classify(record.title, text=record.text, labels=record.labels, item_type=record.item_type)
        zone = self._schedules[team.id].zone
        times = ItemTimes(zone, record.created, record.started, record.closed, record.sprint_started)
        origin, why = decide_origin(
            found.item_class, labels=record.labels, item_type=record.item_type, incident=record.incident, times=times
        )
        week = week_of_item(record.created, record.closed, zone=zone)
        item = Item(
            team_id=team.id,
            source=record.source,
            external_key=record.external_key,
            week=week.monday if week else None,
            title=record.title[:500],
            text=record.text[:4000],
            item_type=record.item_type[:100],
            status=record.status[:100],
            priority=record.priority[:100],
            labels=list(record.labels),
            component=record.component[:200],
            url=record.url[:1000],
            item_class=found.item_class,
            confidence=found.confidence,
            class_reason=found.reason[:500],
            origin=origin,
            origin_reason=why[:500],
            created_at=record.created,
            updated_at=record.updated,
            closed_at=record.closed,
            run_id=self.run_id,
        )
        return item, hours_by_week(record.logged)

    def finish(self) -> None:
        """Write the counts into the run."""
        result, run = self.result, self._run
        run.rows, run.accepted, run.unchanged = result.rows, result.accepted, result.unchanged
        run.replaced, run.rejected = result.replaced, result.rejected
        result.run = self.run_id
        self._session.add(run)
        self._session.flush()

    def _objection(self, record: AnswerRecord | ItemRecord) -> Problem | None:
        """Say why a record can't be taken; None when it can."""
        try:
            team = self._team(record.team)
            if isinstance(record, AnswerRecord):
                self._check_answer(record, team)
            else:
                _check_item(record)
        except (NotFound, InvalidInput) as error:
            return Problem(record.line, "", error.message, record.row)
        return None

    def _check_answer(self, record: AnswerRecord, team: Team) -> None:
        if record.week > self._newest:
            raise NotFound(f"The week {record.week} lies in the future.")
        if record.answered_at and record.answered_at > self._now + A_DAY:
            raise InvalidInput(f"The answer was given in the future, on {record.answered_at:%Y-%m-%d}.")
        if not self._actor.is_admin and self._schedules[team.id].freezes(record.week) > self._now:
            raise NotFound(
                f"{record.week} isn't published yet, so its members still answer it in the form; only an administrator "
                "imports into it."
            )
        if not self._actor.is_admin and record.week in self._weeks_answered_elsewhere(team):
            raise NotFound(
                f"{record.week} has answers of the form or of others; only an administrator imports into it."
            )
        if record.email:
            self._person(team, record.email)
        elif not record.respondent:
            raise NotFound("The row has neither an e-mail address nor a response id.")

    def _team(self, name: str) -> Team:
        given, named = self._given, self._by_name.get(name.strip().casefold())
        if given is not None and name and (named is None or named.id != given.id):
            raise NotFound(f"The row is of the team “{name}”, and the import is for {given.name}.")
        team = given or named
        if team is None and not name:
            raise NotFound("The file doesn't say which team this is. Choose one (--team SLUG).")
        if team is None:
            raise NotFound(f"There is no team “{name}”, or you may not import for it.")
        return team

    def _weeks_answered_elsewhere(self, team: Team) -> set[Week]:
        """Give the weeks that a lead can't import into.

        Else an upload could overwrite what members said, or tell by “known already” whether a guess at it was right.
        """
        if team.id not in self._elsewhere:
            found = surveys.weeks_answered_elsewhere(self._session, team.id, self._actor.person_id)
            self._elsewhere[team.id] = found
        return self._elsewhere[team.id]

    def _person(self, team: Team, email: str) -> int:
        address = same_address(email)
        address = self._aliases.get(address, address)
        people = self._people.get(team.id)
        if people is None:
            people = self._people[team.id] = teams.people_of(self._session, team.id)
        person_id = people.get(address)
        if person_id is None:
            if address not in self.result.people_unknown and len(self.result.people_unknown) < MOST_PROBLEMS:
                self.result.people_unknown.append(address)
            raise NotFound(
                f"{address} is not a member of {team.name}. Have them added (bau-tracker member add), or import on the "
                "command line with the address mapped to one of ours (--people)."
            )
        return person_id

    def _reject(self, problem: Problem) -> None:
        self.result.rejected += 1
        self._request.on_reject(problem)
        if len(self.result.problems) < MOST_PROBLEMS:
            self.result.problems.append(problem)
        self._rejects.append(problem)
        if len(self._rejects) >= BATCH:
            self._keep_rejects()

    def _keep_rejects(self) -> None:
        if self.run_id is not None:
            importing.keep_rejects(self._session, self.run_id, self._rejects)
        self._rejects.clear()


def _check_item(record: ItemRecord) -> None:
    if len(record.external_key) > LONGEST_KEY:
        raise InvalidInput(f"The item's key has {len(record.external_key)} characters; {LONGEST_KEY} is the most.")
