"""What a link in a mail is worth: the form of one week of one team for one person, until the week freezes.

A link signs nobody in. Its token is a signature over team, week, person and serial, so that nothing secret is kept and
the same link can be sent again; the serial makes earlier links worthless.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session

from bau_tracker.domain.errors import Expired, InvalidInput
from bau_tracker.domain.weeks import Phase, Week
from bau_tracker.storage import availability, invitations, people, surveys, teams
from bau_tracker.storage.tables import Person, Team

_INCOMPLETE: Final = "This link isn't complete. Copy the whole link from the message, or sign in and go to My week."
_REVOKED: Final = "This link no longer counts. Use the newest message you got, or sign in and go to My week."


@dataclass(frozen=True, slots=True)
class Invited:
    """Who answers what by a link."""

    team: Team
    week: Week
    person_id: int


def invite(session: Session, team: Team, week: Week, person_id: int, *, secret: str) -> str:
    """Give the token of a person's link for one week of a team: the same each time, another one once it was revoked."""
    serial = invitations.make_invitation(session, team.id, week, person_id)
    return _signer(secret).dumps([team.id, week.monday.toordinal(), person_id, serial])


def open_invitation(session: Session, token: str, *, secret: str, now: datetime) -> Invited:
    """Give what a link is for.

    Raises InvalidInput for a token that is false or of a week that hasn't opened, and its kind Expired for one that was
    revoked, of a frozen week, or of somebody no longer asked who has not answered either.
    """
    team_id, ordinal, person_id, serial = _read(token, secret)
    week = Week(date.fromordinal(ordinal))
    team = session.get(Team, team_id)
    if team is None or people.person_with_id(session, person_id) is None:
        raise InvalidInput(_INCOMPLETE)
    if invitations.serial_in_force(session, team_id, week, person_id) != serial:
        raise Expired(_REVOKED)
    _check_open(teams.phase_of(session, team, week, now), team, week)
    if not availability.hours_of(session, team, week, person_id) and not _may_change(session, team, week, person_id):
        raise Expired(
            f"{team.name} doesn't ask you for {week.label}: you are away all week, or no longer in the team. "
            "Nothing is left to do; sign in if that isn't so."
        )
    return Invited(team, week, person_id)


def invited_person(session: Session, invited: Invited) -> Person:
    """Give the person of a link."""
    return session.get_one(Person, invited.person_id)


def revoke_invitation(session: Session, invited: Invited, *, now: datetime) -> None:
    """Make one link worthless."""
    invitations.revoke(session, invited.person_id, now, team_id=invited.team.id, week=invited.week)


def revoke_invitations(session: Session, person_id: int, *, now: datetime) -> int:
    """Make all links of a person worthless; count them."""
    return invitations.revoke(session, person_id, now)


def _read(token: str, secret: str) -> tuple[int, int, int, int]:
    """Give team, day of the week's Monday, person and serial; raises InvalidInput for a token that isn't ours."""
    try:
        team_id, ordinal, person_id, serial = _signer(secret).loads(token)
    except (BadData, ValueError) as error:
        raise InvalidInput(_INCOMPLETE) from error
    return team_id, ordinal, person_id, serial


def _check_open(phase: Phase, team: Team, week: Week) -> None:
    if phase is Phase.FROZEN:
        raise Expired(
            f"{week.label} is frozen for {team.name}, so this link no longer takes an answer. "
            "The week's figures are published; sign in to see them."
        )
    if phase is Phase.UPCOMING:
        raise InvalidInput(f"{week.label} has not opened yet for {team.name}. Use this link once it has.")


def _may_change(session: Session, team: Team, week: Week, person_id: int) -> bool:
    """Say whether a member answered before the days away were entered, or became fewer hours."""
    answered = surveys.answer_in_week(session, team.id, week, surveys.respondent_key(person_id))
    membership = teams.membership_in_week(session, team.id, person_id, week)
    return answered is not None and membership is not None and membership.hours_per_week != 0


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="invitation", signer_kwargs={"digest_method": hashlib.sha256})
