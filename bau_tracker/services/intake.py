"""Decides whose team and which person the rows of a file belong to, and which rows can't be taken.

Reading a file is left to `formats`, staging and taking over to `importing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from sqlmodel import Session

from bau_tracker.domain.classification import classify
from bau_tracker.domain.errors import InvalidInput, NotFound
from bau_tracker.domain.importing import AnswerRecord, ItemRecord, Problem
from bau_tracker.domain.items import ItemTimes, decide_origin, hours_by_week, week_of_item
from bau_tracker.domain.people import same_address
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.weeks import Week
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.storage import surveys, teams
from bau_tracker.storage.importing import StagedAnswer
from bau_tracker.storage.tables import Item, Team

A_DAY: Final = timedelta(days=1)
LONGEST_KEY: Final = 100
MOST_UNKNOWN: Final = 1000
"""How many addresses that belong to nobody are named; their rows are rejected, all of them."""
SKIP: Final = ""
"""What stands for somebody whose rows are left out on purpose."""

Record = TypeVar("Record", AnswerRecord, ItemRecord)


@dataclass(slots=True)
class Sorted:
    """What became of so many rows: laid out to be staged, or problems."""

    rows: int = 0
    answers: list[StagedAnswer] = field(default_factory=list)
    items: list[tuple[Item, dict[Week, float]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Intake:
    """Sorts the rows of one file: to a team and a person, or to the problems.

    `given` is the team that all rows are of, None where the file says it; `people` turns a file's addresses into ours,
    or into SKIP. `unknown` gathers addresses that belong to nobody in the team.
    """

    def __init__(
        self, session: Session, given: Team | None, people: Mapping[str, str], *, actor: Actor, now: datetime
    ) -> None:
        allowed = teams_allowing(session, Action.IMPORT, actor=actor, now=now)
        self.teams = {team.id: team for team in allowed}
        self.unknown: dict[str, None] = {}
        self._session, self._given, self._actor = session, given, actor
        self._now, self._latest, self._this_week = now, now + A_DAY, Week.containing(now.date())
        self._by_name = teams.teams_by_name(allowed)
        self._schedules = {team.id: teams.schedule_of(team) for team in allowed}
        self._aliases = {same_address(theirs): same_address(ours) for theirs, ours in people.items()}
        self._people: dict[int, dict[str, int]] = {}
        self._whose: dict[tuple[str, str], tuple[Team, int, int, str]] = {}
        self._elsewhere: dict[int, set[Week]] = {}
        self._objections: dict[tuple[int, date], str] = {}

    def sort(self, entries: Iterable[AnswerRecord | ItemRecord | Problem], run_id: int) -> Sorted:
        """Lay out what can be taken of some rows, and name what can't.

        Goes through them one by one and keeps none: a record weighs far more than what it comes to.
        """
        found = Sorted()
        for entry in entries:
            found.rows += 1
            try:
                if isinstance(entry, Problem):
                    found.problems.append(entry)
                elif isinstance(entry, AnswerRecord):
                    found.answers.append(self._answer(entry))
                else:
                    found.items.append(self._item(entry, run_id))
            except (NotFound, InvalidInput) as error:
                line, row = (entry.line, entry.row) if not isinstance(entry, Problem) else (0, ())
                found.problems.append(Problem(line, "", error.message, row))
        return found

    def objection_to_week(self, team: Team, week: Week) -> str:
        """Say why a week of a team can't be imported into; empty when it can.

        Else a lead could speak for members before they answer, overwrite what they said, or tell by “known already”
        whether a guess at an answer was right.
        """
        key = team.id, week.monday
        if key not in self._objections:
            self._objections[key] = self._objection(team, week)
        return self._objections[key]

    def _answer(self, record: AnswerRecord) -> StagedAnswer:
        known = self._whose.get((record.team, record.email))
        if known is not None:
            team, team_id, person_id, respondent = known
        else:
            team = self._team(record.team)
            team_id, person_id, respondent = team.id, None, ""
        at, monday = record.answered_at, record.week.monday
        objection = self._objections.get((team_id, monday))
        if objection is None:
            objection = self.objection_to_week(team, record.week)
        if objection:
            raise NotFound(objection)
        if at and at > self._latest:
            raise InvalidInput(f"The answer was given in the future, on {at:%Y-%m-%d}.")
        if not respondent:
            person_id, respondent = self._respondent(team, record)
        return team_id, monday, respondent, person_id, at, record.answer

    def _respondent(self, team: Team, record: AnswerRecord) -> tuple[int | None, str]:
        """Give the person of a row, None for nobody known, and the key under which its answer is kept."""
        if not record.email:
            if not record.respondent:
                raise NotFound("The row has neither an e-mail address nor a response id.")
            return None, surveys.anonymous_key(record.respondent)
        person_id = self._person(team, record.email)
        respondent = surveys.respondent_key(person_id)
        self._whose[record.team, record.email] = team, team.id, person_id, respondent
        return person_id, respondent

    def _item(self, record: ItemRecord, run_id: int) -> tuple[Item, dict[Week, float]]:
        team = self._team(record.team)
        if len(record.external_key) > LONGEST_KEY:
            raise InvalidInput(f"The item's key has {len(record.external_key)} characters; {LONGEST_KEY} is the most.")
        return item_of(record, team, run_id)

    def _objection(self, team: Team, week: Week) -> str:
        if week > self._this_week:
            return f"The week {week} lies in the future."
        if self._actor.is_admin:
            return ""
        if self._schedules[team.id].freezes(week) > self._now:
            return (
                f"{week} isn't published yet, so its members still answer it in the form; only an administrator "
                "imports into it."
            )
        if teams.reopened_until(self._session, team.id, week):  # whoever answered since, or nobody: it must not show
            return f"{week} was opened again, so only an administrator imports into it."
        if week in self._weeks_answered_elsewhere(team):
            return f"{week} has answers of the form or of others; only an administrator imports into it."
        return ""

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
        if team.id not in self._elsewhere:
            found = surveys.weeks_answered_elsewhere(self._session, team.id, self._actor.person_id)
            self._elsewhere[team.id] = found
        return self._elsewhere[team.id]

    def _person(self, team: Team, email: str) -> int:
        """Give the member whose address it is, else the one whom it was said to be."""
        address = same_address(email)
        people = self._people.get(team.id)
        if people is None:
            people = self._people[team.id] = teams.people_of(self._session, team.id)
        if address in people:
            return people[address]
        ours = self._aliases.get(address)
        if ours == SKIP:
            raise NotFound(f"{address} is left out, as you said.")
        if ours is not None and ours in people:
            return people[ours]
        if len(self.unknown) < MOST_UNKNOWN:
            self.unknown[address] = None
        if ours is not None:
            raise NotFound(f"{address} stands for {ours}, as you said, who is not a member of {team.name}.")
        raise NotFound(
            f"{address} is not a member of {team.name}. Say whose address it is, or add them to the team first."
        )


def item_of(record: ItemRecord, team: Team, run_id: int | None) -> tuple[Item, dict[Week, float]]:
    """Give the item of a record with its kind, its origin and the hours logged on it by week."""
    zone = teams.schedule_of(team).zone
    found = classify(record.title, text=record.text, labels=record.labels, item_type=record.item_type)
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
        started_at=record.started,
        closed_at=record.closed,
        run_id=run_id,
    )
    return item, hours_by_week(record.logged)
