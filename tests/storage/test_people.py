from __future__ import annotations

from sqlmodel import Session

from bau_tracker.services.people import make_link, sign_in_by_link
from bau_tracker.storage.people import administrators, all_people, links_used_at
from tests.conftest import SECRET
from tests.factories import MONDAY, make_person


def test_people_go_by_name_or_by_address_where_none_is_known(any_session: Session) -> None:
    for email, name in (("c@example.org", "Abel"), ("b@example.org", ""), ("a@example.org", "zoe")):
        make_person(any_session, email, name=name)
    assert [person.email[0] for person in all_people(any_session)] == ["c", "b", "a"]


def test_administrators_are_those_and_no_others(any_session: Session) -> None:
    make_person(any_session, "ana@example.org")
    admin = make_person(any_session, "admin@example.org", admin=True)
    assert administrators(any_session) == [admin]


def test_a_link_counts_once_it_was_used(any_session: Session) -> None:
    person, other = make_person(any_session), make_person(any_session, "bo@example.org")
    link = make_link(any_session, person, secret=SECRET, now=MONDAY)
    sign_in_by_link(any_session, link, secret=SECRET, now=MONDAY)
    make_link(any_session, other, secret=SECRET, now=MONDAY)
    assert links_used_at(any_session) == {person.id: MONDAY}
