"""What somebody is shown of an import before it is taken over: its first rows, what was rejected and why.

What the rows come to is told by `importing.result_of`; everything here looks and changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.importing import AnswerRecord, Problem
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.surveys import CATEGORIES, Answer
from bau_tracker.domain.weeks import Week
from bau_tracker.services import recognising
from bau_tracker.services.intake import item_of
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.services.recognising import FIRST_ROWS, Look
from bau_tracker.storage import importing as stage
from bau_tracker.storage import people, rejects, runs, surveys, teams
from bau_tracker.storage.staged_items import staged_items
from bau_tracker.storage.tables import ImportRun, Item, Team

MOST_REASONS: Final = 1000
"""How many messages are told apart before those that say the same of other values are put together."""
LINES: Final = 5
_VALUE: Final = re.compile(r"“[^”]*”|\S+@\S+|\d+(?:[.,:/-]\d+)*")


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """An answer as it will be stored; `who` is the member's address, empty for an anonymous one."""

    team: str
    week: Week
    who: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class FirstItem:
    """A work item as it will be stored, with the hours logged on it."""

    team: str
    item: Item
    hours: float


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file as they would be stored, and those of them that can't be taken."""

    rows: list[FirstAnswer | FirstItem]
    problems: list[Problem]


@dataclass(slots=True)
class Reason:
    """Why rows were rejected: one message of those that say the same, how many rows have it, and the first lines."""

    message: str
    rows: int = 0
    lines: list[int] = field(default_factory=list)


def team_of(session: Session, run: ImportRun) -> Team | None:
    """Give the team that a run's file is for; None where the file says so itself."""
    return teams.team_with_id(session, run.team_id) if run.team_id else None


def first_rows(session: Session, run: ImportRun) -> list[FirstAnswer] | list[FirstItem]:
    """Give some of the rows that a run has read, as they will be stored."""
    names = {team.id: team.name for team in teams.all_teams(session)}
    if run.what == "items":
        batches = list(staged_items(session, run.id, limit=FIRST_ROWS))
        staged = [one for batch in batches for one in batch]
        return [FirstItem(names[item.team_id], item, sum(hours.values())) for item, hours, _ in staged]
    rows = stage.first_staged(session, run.id, FIRST_ROWS)
    return [
        FirstAnswer(
            names[row["team_id"]], Week(row["week"]), _address(session, row["person_id"]), surveys.answer_of(dict(row))
        )
        for row in rows
    ]


def preview(session: Session, look: Look, *, actor: Actor, now: datetime) -> Preview:
    """Read the first rows of a file as it is understood, as they would be stored; raises like `recognising.preview`."""
    allowed = teams_allowing(session, Action.IMPORT, actor=actor, now=now)
    named = teams.teams_by_name(allowed)
    given = named.get(look.request.team or "")
    found = Preview([], [])
    for entry in recognising.preview(session, look.request, actor=actor, now=now):
        if isinstance(entry, Problem):
            found.problems.append(entry)
        elif isinstance(entry, AnswerRecord):
            found.rows.append(FirstAnswer(entry.team, entry.week, entry.email, entry.answer))
        else:
            item, hours = item_of(entry, named.get(entry.team.strip().casefold()) or given or allowed[0], None)
            found.rows.append(FirstItem(entry.team, item, sum(hours.values())))
    return found


def categories_of(rows: Sequence[FirstAnswer | FirstItem]) -> dict[str, str]:
    """Give name and label of the parts of a week that any of some answers has hours in."""
    answers = [row.answer for row in rows if isinstance(row, FirstAnswer)]
    return {name: label for name, label in CATEGORIES.items() if any(answer.split.hours(name) for answer in answers)}


def reasons(session: Session, run: ImportRun, problems: Sequence[Problem]) -> list[Reason]:
    """Give why rows were rejected, the most frequent first; `problems` are the first of them, for the lines."""
    found: dict[str, Reason] = {}
    for message, rows in rejects.reasons_of(session, run.id, limit=MOST_REASONS):
        found.setdefault(_shape(message), Reason(message)).rows += rows
    for problem in problems:
        reason = found.get(_shape(problem.message))
        if reason and len(reason.lines) < LINES:
            reason.lines.append(problem.line)
    ordered = sorted(found.values(), key=lambda reason: -reason.rows)
    left = run.rejected - sum(reason.rows for reason in ordered)
    return [*ordered, Reason("Other reasons; the list of the rejected rows has them all.", left)] if left else ordered


def imported_before(session: Session, run: ImportRun, *, actor: Actor) -> list[ImportRun]:
    """Give the other imports of the same file that stand, newest first: the actor's own, to an administrator all."""
    found = runs.imported_before(session, run.what, run.sha256)
    return [one for one in found if one.id != run.id and (actor.is_admin or one.person_id == actor.person_id)]


def _address(session: Session, person_id: int | None) -> str:
    person = people.person_with_id(session, person_id) if person_id else None
    return person.email if person else ""


def _shape(message: str) -> str:
    """Give what a message says, without the values of its row."""
    return _VALUE.sub("…", message)
