"""What somebody can do with their imports: look back, download what was rejected, undo, give up.

Beginning and taking over is in `importing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, Forbidden, NotFound
from bau_tracker.domain.importing import Problem, RunState
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.weeks import Week
from bau_tracker.services.intake import Intake
from bau_tracker.services.permissions import teams_allowing
from bau_tracker.storage import rejects, rollups, runs, surveys, undoing
from bau_tracker.storage.item_history import hand_items_on, items_replaced_later, take_back_items, teams_of_run
from bau_tracker.storage.tables import ImportRun, Team

SHOWN: Final = 50
"""How many runs are listed."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import came to: rows that are gone, rows of before that stand again, and those that stay.

    `later` counts the rows that others had replaced by then, by the run that did; None is the form. They stay as they
    are, and the undone import is no longer among what they replaced. `stay` counts the rows that another import said
    too, by the run whose they are from now on.
    """

    gone: int
    back: int
    later: Mapping[int | None, int]
    stay: Mapping[int, int]


def run_of(session: Session, run_id: int, *, actor: Actor, now: datetime) -> ImportRun:
    """Give a run to whoever made it and may still import for its team, or to an administrator.

    Raises NotFound to others, Forbidden to who no longer leads the team.
    """
    run = runs.run_with_id(session, run_id)
    if run is None or not (actor.is_admin or run.person_id == actor.person_id):
        raise NotFound("There is no such import, or it was somebody else's.")
    if not actor.is_admin and not _leads(session, run, actor, now):
        raise Forbidden("This import is of a team that you no longer lead. Ask a lead of it, or an administrator.")
    return run


def _leads(session: Session, run: ImportRun, actor: Actor, now: datetime) -> bool:
    teams = {team.id for team in teams_allowing(session, Action.IMPORT, actor=actor, now=now)}
    return run.team_id in teams if run.team_id else bool(teams)


def rejects_of(session: Session, run_id: int, *, actor: Actor, now: datetime) -> Iterator[Problem]:
    """Go through the rows that a run rejected; raises like `run_of`."""
    return rejects.rejects_of(session, run_of(session, run_id, actor=actor, now=now).id)


def runs_shown(session: Session, *, actor: Actor) -> list[tuple[ImportRun, str | None]]:
    """Give the newest runs, each with the address of who made it: the own ones, to an administrator all."""
    return runs.runs_by(session, None if actor.is_admin else actor.person_id, limit=SHOWN)


def discard(session: Session, run_id: int, *, actor: Actor, now: datetime) -> None:
    """Give an import up that nothing was taken over from; raises like `run_of`, and Conflict when it was."""
    run = run_of(session, run_id, actor=actor, now=now)
    runs.renew(session, run_id, holder=None, leased_until=None)
    session.refresh(run)  # another may just have taken it over
    if run.state not in (*runs.UNFINISHED, RunState.FAILED):
        raise Conflict("This import was taken over. Undo it instead.")
    runs.drop(session, run)


def undo(session: Session, run_id: int, *, actor: Actor, now: datetime) -> Undone:
    """Make what an import changed as it was before, whatever was imported since.

    Raises like `run_of`, Conflict when there is nothing to undo, or when a lead would take answers out of a week that
    has others' answers by now: how many stay would tell who has answered; Forbidden to who no longer leads the team.
    """
    run = run_of(session, run_id, actor=actor, now=now)
    runs.renew(session, run_id, holder=None, leased_until=None)
    session.refresh(run)
    if run.state != RunState.IMPORTED:
        raise Conflict("Only an import that was taken over can be undone, and only once.")
    undone = _undo_answers(session, run, actor, now) if run.what == "answers" else _undo_items(session, run, actor, now)
    run.state, run.undone_at, run.undone_by_id = RunState.UNDONE, now, actor.person_id
    later = {str(by or ""): count for by, count in undone.later.items()}
    stay = {str(by): count for by, count in undone.stay.items()}
    run.summary = run.summary | {"gone": undone.gone, "back": undone.back, "later": later, "stay": stay}
    session.add(run)
    session.flush()
    return undone


def _undo_answers(session: Session, run: ImportRun, actor: Actor, now: datetime) -> Undone:
    intake = Intake(session, None, {}, actor=actor, now=now)
    weeks = undoing.weeks_of_run(session, run.id)
    touched = [_allowed(intake, team_id) for team_id in weeks]
    for team in touched:
        surveys.lock_team(session, team.id)
        for monday in weeks[team.id]:
            objection = intake.objection_to_week(team, Week(monday))
            if objection:
                raise Conflict(f"{objection} Ask an administrator to undo this import.")
    later = undoing.replaced_later(session, run.id)
    stay = undoing.hand_answers_on(session, run.id, now)
    gone, back = undoing.take_back(session, run.id, now)
    rollups.refresh_after_loss(session, touched, weeks, now)
    return Undone(gone, back, later, stay)


def _undo_items(session: Session, run: ImportRun, actor: Actor, now: datetime) -> Undone:
    intake = Intake(session, None, {}, actor=actor, now=now)
    for team_id in teams_of_run(session, run.id):
        surveys.lock_team(session, _allowed(intake, team_id).id)
    later = items_replaced_later(session, run.id)
    stay = hand_items_on(session, run.id, now)
    gone, back = take_back_items(session, run.id, now)
    return Undone(gone, back, later, stay)


def _allowed(intake: Intake, team_id: int) -> Team:
    team = intake.teams.get(team_id)
    if team is None:
        raise Forbidden("You may no longer import for all teams of this import, so an administrator has to undo it.")
    return team
