"""What administrators can do about people: add one, change name, address and administration, sign out, make a link.

Who is in which team is left to `memberships`. A sign-in link lets its holder act as that person, so that only an
administrator may make one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bau_tracker.domain.errors import Conflict, InvalidInput, NotFound
from bau_tracker.domain.people import normal_email
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.services.invitations import revoke_invitations
from bau_tracker.services.people import add_person, make_link
from bau_tracker.services.permissions import check_administers
from bau_tracker.storage import memberships, people
from bau_tracker.storage.tables import Person, Team


@dataclass(frozen=True, slots=True)
class Account:
    """A person with the teams they are in, or will be; `link_used_at` is when they last signed in by a link."""

    person: Person
    places: Sequence[tuple[Team, Role]]
    link_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Details:
    """What an administrator says of a person; `sure` says that an administrator means to give up the own rights."""

    name: str
    email: str
    is_admin: bool = False
    sure: bool = False


def everybody(session: Session, *, actor: Actor, now: datetime) -> list[Account]:
    """Give all people, by name; raises Forbidden for all but administrators."""
    check_administers(actor)
    found, used = people.all_people(session), people.links_used_at(session)
    places = memberships.places_of(session, [person.id for person in found], now.date())
    return [Account(person, places.get(person.id, ()), used.get(person.id)) for person in found]


def account(session: Session, person_id: int, *, actor: Actor, now: datetime) -> Account:
    """Give one person; raises Forbidden like `everybody`, NotFound for none of that number."""
    person = _person(session, person_id, actor)
    places = memberships.places_of(session, [person.id], now.date())
    return Account(person, places.get(person.id, ()), people.links_used_at(session).get(person.id))


def add_account(session: Session, given: Details, *, actor: Actor, now: datetime) -> Person:
    """Add a person; raises Forbidden like `everybody`, InvalidInput for an unsound address or one that is taken."""
    check_administers(actor)
    address = normal_email(given.email)
    _check_free(session, address)
    return add_person(session, address, name=_clean(given.name), admin=given.is_admin, now=now)


def change_account(session: Session, person_id: int, given: Details, *, actor: Actor, now: datetime) -> Person:
    """Change what a person is called, their address, and whether they administer the installation.

    A new address makes all links worthless that the old one got: those to sign in and those to answer. Raises
    InvalidInput for an address that is unsound or taken, Conflict for the last administrator, and InvalidInput for
    giving up the own rights without being sure.
    """
    check_administers(actor)
    administrators = people.administrators(session)
    person, address = _person(session, person_id, actor), normal_email(given.email)
    if address != person.email:
        _check_free(session, address)
        people.use_up_links(session, person.id, now)
        revoke_invitations(session, person.id, now=now)
    if person.is_admin and not given.is_admin:
        _check_may_go(person, administrators, actor, sure=given.sure)
    person.name, person.email, person.is_admin = _clean(given.name), address, given.is_admin
    session.add(person)
    session.flush()
    return person


def sign_out_everywhere(session: Session, person_id: int, *, actor: Actor) -> Person:
    """End all sessions of a person; raises like `account`."""
    person = _person(session, person_id, actor)
    person.session_key = secrets.token_hex(16)
    session.add(person)
    session.flush()
    return person


def revoke_survey_links(session: Session, person_id: int, *, actor: Actor, now: datetime) -> tuple[Person, int]:
    """Make all survey links of a person worthless, and count those that still counted; raises like `account`."""
    person = _person(session, person_id, actor)
    return person, revoke_invitations(session, person.id, now=now)


def new_link(session: Session, person_id: int, *, secret: str, actor: Actor, now: datetime) -> tuple[Person, str]:
    """Make the token of a link that signs a person in once, in place of those made before; raises like `account`."""
    person = _person(session, person_id, actor)
    return person, make_link(session, person, secret=secret, now=now)


def _person(session: Session, person_id: int, actor: Actor) -> Person:
    check_administers(actor)
    person = people.person_with_id(session, person_id)
    if person is None:
        raise NotFound("There is nobody of that number. Go to the list of people and choose from there.")
    return person


def _check_free(session: Session, address: str) -> None:
    other = people.person_with_email(session, address)
    if other is not None:
        raise InvalidInput(f"{other.name or 'Somebody else'} has the address {address} already.", "email")


def _check_may_go(person: Person, administrators: Sequence[Person], actor: Actor, *, sure: bool) -> None:
    if [one.id for one in administrators] == [person.id]:
        raise Conflict("This is the only administrator. Make somebody else one first.")
    if person.id == actor.person_id and not sure:
        raise InvalidInput("You would no longer administer this installation. Tick the box if you mean it.", "sure")


def _clean(name: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())[:120]
