"""What leads and administrators can do about a published week: open it again for some days, and say why.

What is shown of such a week is decided in `storage.publishing` and `storage.trends`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput
from bau_tracker.domain.permissions import Action, Actor
from bau_tracker.domain.weeks import Phase, Week
from bau_tracker.services.history import record
from bau_tracker.services.permissions import managed_team, team_for
from bau_tracker.storage import availability, invitations, publishing, surveys, teams
from bau_tracker.storage.tables import Reopening, Team, TeamWeek

OFFERED: Final = 8
USUAL_DAYS: Final = 2
MOST_DAYS: Final = 7
LONGEST_REASON: Final = 280


@dataclass(frozen=True, slots=True)
class Reopenable:
    """A team's weeks that can be opened again, newest first, and what was opened before."""

    team: Team
    weeks: Sequence[Week]
    before: Sequence[Reopening]


def reopenable(session: Session, slug: str, *, actor: Actor, now: datetime) -> Reopenable:
    """Give the newest frozen weeks in which anybody was asked and that they may open, to who may manage the team."""
    team = team_for(session, slug, Action.MANAGE_TEAM, actor=actor, now=now)
    weeks = _newest_frozen(team, now)
    asked, closed = availability.members_in_weeks(session, [team], weeks), _closed_weeks(session, team, actor)
    offered = [week for week in weeks if asked.get((team.id, week)) and _is_frozen(session, team, week, now)]
    offered = [week for week in offered if week not in closed]
    return Reopenable(team, offered, [reopening for reopening, _ in publishing.reopenings_of(session, team.id)])


def reopen_week(
    session: Session, slug: str, week: Week, reason: str, *, days: int = USUAL_DAYS, actor: Actor, now: datetime
) -> Reopening:
    """Open a published week again for so many days; its figures as published are kept.

    Raises InvalidInput without a reason or for impossible days, Conflict when the week isn't frozen, is open again
    already, has imported answers and the actor is no administrator, or is older than the newest OFFERED.
    """
    team = managed_team(session, slug, actor=actor, now=now)
    why = _sound_reason(reason)
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"A week can be opened again for 1 to {MOST_DAYS} days.", "days")
    if not _is_frozen(session, team, week, now):
        raise Conflict(f"{week.label} isn't published, or is open again already. Load this page again.")
    if week not in _newest_frozen(team, now):
        raise Conflict(f"{week.label} is too old: only the newest {OFFERED} published weeks can be opened again.")
    if week in _closed_weeks(session, team, actor):
        raise Conflict(f"{week.label} has imported answers. Ask an administrator to open it again.")
    publishing.keep_published(session, team, week, now)
    invitations.revoke_week(session, team.id, week, now)
    reopening = Reopening(
        team_id=team.id,
        week=week.monday,
        reopened_at=now,
        freezes_at=now + timedelta(days=days),
        reason=why,
        person_id=actor.person_id,
    )
    session.add(reopening)
    _move_freeze(session, team, week, reopening.freezes_at)
    length = "1 day" if days == 1 else f"{days} days"
    record(session, team, f"opened {week.label} again for {length}: {why}", actor=actor, now=now)
    return reopening


def _newest_frozen(team: Team, now: datetime) -> list[Week]:
    schedule = teams.schedule_of(team)
    newest = schedule.newest_started(now)
    last = newest if schedule.phase(newest, now) is Phase.FROZEN else newest.shift(-1)
    return [last.shift(-step) for step in range(OFFERED)]


def _closed_weeks(session: Session, team: Team, actor: Actor) -> set[Week]:
    """Give the weeks with imported answers, which no lead opens again.

    Who has imported knows whom it was for: how many have answered would then tell when one of the others does.
    """
    return set() if actor.is_admin else surveys.weeks_imported(session, team.id)


def _is_frozen(session: Session, team: Team, week: Week, now: datetime) -> bool:
    return teams.phase_of(session, team, week, now) is Phase.FROZEN


def _move_freeze(session: Session, team: Team, week: Week, freezes_at: datetime) -> None:
    row = session.get(TeamWeek, (team.id, week.monday))
    if row is not None:
        row.freezes_at = freezes_at
        session.add(row)
    session.flush()


def _sound_reason(reason: str) -> str:
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in reason).split())
    if not words:
        raise InvalidInput("Say why: it is kept in the team's history.", "reason")
    if len(words) > LONGEST_REASON:
        raise InvalidInput(f"This has {len(words)} characters; shorten it to {LONGEST_REASON}.", "reason")
    return words
