from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bau_tracker.domain.errors import BauTrackerError, Conflict, Forbidden, InvalidInput, NotFound
from bau_tracker.domain.permissions import Actor, Role
from bau_tracker.services.accounts import (
    Details,
    account,
    add_account,
    change_account,
    everybody,
    new_link,
    revoke_survey_links,
    sign_out_everywhere,
)
from bau_tracker.services.invitations import invite, open_invitation
from bau_tracker.services.people import check_link, make_link, sign_in_by_link
from bau_tracker.storage.people import person_with_email
from bau_tracker.storage.tables import Person
from tests.conftest import SECRET
from tests.factories import MONDAY, OPEN_WEEK, make_member, make_person, make_team


@pytest.fixture
def admin(session: Session) -> Actor:
    person = make_person(session, "admin@example.org", name="Ingrid", admin=True)
    return Actor(person.id, "Ingrid", is_admin=True)


@pytest.fixture
def ana(session: Session) -> Person:
    return make_person(session, "ana@example.org", name="Ana")


def test_everybody_is_listed_with_teams_and_the_last_link_used(session: Session, admin: Actor, ana: Person) -> None:
    team = make_team(session)
    make_member(session, team, ana.email, role=Role.LEAD)
    sign_in_by_link(session, make_link(session, ana, secret=SECRET, now=MONDAY), secret=SECRET, now=MONDAY)
    make_link(session, ana, secret=SECRET, now=MONDAY + timedelta(days=1))
    found = everybody(session, actor=admin, now=MONDAY)
    assert [one.person.name for one in found] == ["Ana", "Ingrid"]
    assert [(place.name, role) for place, role in found[0].places] == [("Payments", Role.LEAD)]
    assert [one.link_used_at for one in found] == [MONDAY, None]
    assert account(session, ana.id, actor=admin, now=MONDAY) == found[0]


def test_when_a_link_was_used_is_known_on_every_database(any_session: Session) -> None:
    person = make_person(any_session, admin=True)
    link = make_link(any_session, person, secret=SECRET, now=MONDAY)
    sign_in_by_link(any_session, link, secret=SECRET, now=MONDAY)
    (one,) = everybody(any_session, actor=Actor(person.id, is_admin=True), now=MONDAY)
    assert one.link_used_at == MONDAY


def test_a_person_is_added_once(session: Session, admin: Actor, ana: Person) -> None:
    person = add_account(session, Details(" Bo  Lind ", "Bo@example.org"), actor=admin, now=MONDAY)
    assert (person.name, person.email, person.is_admin) == ("Bo Lind", "bo@example.org", False)
    with pytest.raises(InvalidInput, match=r"Ana has the address ana@example\.org already"):
        add_account(session, Details("", ana.email), actor=admin, now=MONDAY)


def test_a_name_and_an_address_are_changed_and_old_links_are_worthless(
    session: Session, admin: Actor, ana: Person
) -> None:
    token = make_link(session, ana, secret=SECRET, now=MONDAY)
    change_account(session, ana.id, Details("Ana Ruiz", ana.email), actor=admin, now=MONDAY)
    assert check_link(session, token, secret=SECRET, now=MONDAY).used_at is None
    change_account(session, ana.id, Details("Ana Ruiz", "Ana.Ruiz@example.org"), actor=admin, now=MONDAY)
    assert person_with_email(session, "ana.ruiz@example.org") == ana
    session.expire_all()
    with pytest.raises(InvalidInput, match="used already"):
        check_link(session, token, secret=SECRET, now=MONDAY)


@pytest.mark.parametrize(("email", "message"), [("admin@example.org", "Ingrid has"), ("nobody", "not an e-mail")])
def test_an_address_that_is_taken_or_none_changes_nothing(
    session: Session, admin: Actor, ana: Person, email: str, message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        change_account(session, ana.id, Details("Else", email), actor=admin, now=MONDAY)
    assert (ana.name, ana.email) == ("Ana", "ana@example.org")


def test_the_last_administrator_stays_one(session: Session, admin: Actor) -> None:
    details = Details("Ingrid", "admin@example.org", is_admin=False, sure=True)
    with pytest.raises(Conflict, match="only administrator"):
        change_account(session, admin.person_id or 0, details, actor=admin, now=MONDAY)


def test_an_administrator_gives_the_own_rights_up_knowingly(session: Session, admin: Actor, ana: Person) -> None:
    change_account(session, ana.id, Details("Ana", ana.email, is_admin=True), actor=admin, now=MONDAY)
    with pytest.raises(InvalidInput, match="no longer administer"):
        change_account(session, admin.person_id or 0, Details("Ingrid", "admin@example.org"), actor=admin, now=MONDAY)
    details = Details("Ingrid", "admin@example.org", sure=True)
    assert not change_account(session, admin.person_id or 0, details, actor=admin, now=MONDAY).is_admin


def test_an_administrator_takes_anothers_rights_without_more_ado(session: Session, admin: Actor) -> None:
    other = make_person(session, "other@example.org", admin=True)
    assert not change_account(session, other.id, Details("", other.email), actor=admin, now=MONDAY).is_admin


def test_signing_out_everywhere_changes_the_key_of_all_sessions(session: Session, admin: Actor, ana: Person) -> None:
    before = ana.session_key
    assert sign_out_everywhere(session, ana.id, actor=admin).session_key != before


def test_survey_links_are_revoked_on_request_and_with_the_address_that_got_them(
    session: Session, admin: Actor, ana: Person
) -> None:
    team = make_team(session)
    make_member(session, team, ana.email)
    first = invite(session, team, OPEN_WEEK, ana.id, secret=SECRET)
    assert open_invitation(session, first, secret=SECRET, now=MONDAY).person_id == ana.id
    assert revoke_survey_links(session, ana.id, actor=admin, now=MONDAY) == (ana, 1)
    second = invite(session, team, OPEN_WEEK, ana.id, secret=SECRET)
    change_account(session, ana.id, Details("Ana", "new@example.org"), actor=admin, now=MONDAY)
    for token in (first, second):
        with pytest.raises(InvalidInput):
            open_invitation(session, token, secret=SECRET, now=MONDAY)


def test_a_new_link_signs_in_and_replaces_the_one_before(session: Session, admin: Actor, ana: Person) -> None:
    _, first = new_link(session, ana.id, secret=SECRET, actor=admin, now=MONDAY)
    _, second = new_link(session, ana.id, secret=SECRET, actor=admin, now=MONDAY)
    session.expire_all()
    with pytest.raises(InvalidInput):
        sign_in_by_link(session, first, secret=SECRET, now=MONDAY)
    assert sign_in_by_link(session, second, secret=SECRET, now=MONDAY) == ana


def test_a_lead_sees_nobody_and_makes_no_link(session: Session, ana: Person) -> None:
    lead = make_member(session, make_team(session), "lead@example.org", role=Role.LEAD)
    tries: list[Any] = [
        lambda: everybody(session, actor=lead, now=MONDAY),
        lambda: account(session, ana.id, actor=lead, now=MONDAY),
        lambda: add_account(session, Details("", "x@example.org"), actor=lead, now=MONDAY),
        lambda: change_account(session, ana.id, Details("", ana.email), actor=lead, now=MONDAY),
        lambda: sign_out_everywhere(session, ana.id, actor=lead),
        lambda: revoke_survey_links(session, ana.id, actor=lead, now=MONDAY),
        lambda: new_link(session, ana.id, secret=SECRET, actor=lead, now=MONDAY),
    ]
    for attempt in tries:
        with pytest.raises(Forbidden):
            attempt()


def test_nobody_of_that_number_is_not_found(session: Session, admin: Actor) -> None:
    error: type[BauTrackerError] = NotFound
    with pytest.raises(error):
        account(session, 999, actor=admin, now=MONDAY)
    with pytest.raises(error):
        new_link(session, 999, secret=SECRET, actor=admin, now=MONDAY)
